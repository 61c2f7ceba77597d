import { type FieldType, type FilterKind, filtersOf, type Resource } from './resource.ts';

export interface ResourceMeta {
  readonly fields: readonly { name: string; type: FieldType; filters: readonly FilterKind[] }[];
  readonly actions: readonly string[];
  readonly instance_actions: readonly { action: string; params: Record<string, unknown> }[];
  readonly relations: readonly string[];
}

/** What `_meta` says of a resource (cruddy.md §1.9): fields with their filters, relations, actions. */
export function describeResource(
  resource: Resource,
  actions: Pick<ResourceMeta, 'actions' | 'instance_actions'>,
): ResourceMeta {
  const stored = Object.entries(resource.fields).filter(([, field]) => field.hidden !== true);
  const fields = stored.map(([name, { type }]) => ({ name, type, filters: filtersOf(type) }));
  const derived = Object.entries(resource.derived ?? {}).map(([name, { type }]) => ({ name, type, filters: [] }));
  return { fields: [...fields, ...derived], ...actions, relations: Object.keys(resource.relations) };
}
