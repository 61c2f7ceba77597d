import { and, asc, count, desc, type SQL } from 'drizzle-orm';
import { badRequest } from '../../errors.ts';
import type { Ctx } from '../context.ts';
import { refuseHeavyModels, refuseHeavyRows, weightOf } from './answer-size.ts';
import { boundedRead } from './bounded-read.ts';
import { fieldOf, filterCondition, virtualCondition } from './conditions.ts';
import { columnsOf, loadModels, shown } from './load.ts';
import { isJson, type Model, type Resource, type Shape, type Wanted } from './resource.ts';
import type { SearchInput } from './schemas.ts';

export interface SearchResult {
  readonly objects: readonly Model[];
  /** How many match the filters and are seen by the actor, whatever `limit` and `offset`. */
  readonly total: number;
}

/**
 * Find objects of a resource that the actor sees. Of their relations those to one object are loaded without being
 * asked for, lists only when `relations` names them (cruddy.md §1.8). Newest first, unless `ordering` says otherwise.
 * @throws BroadsheetError `bad_request`, `too_large`.
 */
export function searchResource({
  ctx,
  resource,
  input,
}: {
  ctx: Ctx;
  resource: Resource;
  input: SearchInput;
}): Promise<SearchResult> {
  return boundedRead(ctx, (inner) => search(inner, resource, input));
}

async function search(ctx: Ctx, resource: Resource, input: SearchInput): Promise<SearchResult> {
  const asked = knownRelations(resource, input.relations ?? []);
  const askedIds = knownRelations(resource, input._relations ?? []);
  const where = and(
    resource.visible(ctx.actor),
    ...(input.filters ?? []).map((filter) => filterCondition(resource, filter)),
    input.virtual_search?.value
      ? virtualCondition(resource, input.virtual_search.value, input.virtual_search.strict === true)
      : undefined,
  );
  const keep = projection(resource, input);
  const order = [...orderingOf(resource, input), asc(resource.id)];
  const rows = await rowsOf(ctx, resource, keep, { where, order, limit: input.limit, offset: input.offset });
  const [counted] = await ctx.db.select({ total: count() }).from(resource.table).where(where);
  const wanted = wantedOf(resource, asked, askedIds, keep);
  const models = await loadModels(ctx, resource, rows, wanted);
  const linked = new Set([...askedIds, ...asked].filter((name) => resource.relations[name]?.kind !== 'one'));
  const idsAlone = new Set(askedIds.filter((name) => linked.has(name) && !asked.includes(name)));
  const objects = models.map((model) => ({
    ...Object.fromEntries(
      Object.entries(shown(resource, model))
        .filter(([name]) => keep(name, asked))
        .map(([name, value]) => [name, idsAlone.has(name) ? null : value]),
    ),
    _relations: Object.fromEntries([...linked].map((name) => [name, idsIn(model[name])])),
  }));
  refuseHeavyModels(ctx, objects);
  return { objects, total: counted?.total ?? 0 };
}

/** All columns but stored JSON that the answer will not hold. */
function columnsFor(resource: Resource, keep: Keep) {
  return Object.fromEntries(
    Object.entries(columnsOf(resource)).filter(([name]) => !isJson(resource.fields[name]) || keep(name, [])),
  );
}

interface Page {
  readonly where: SQL | undefined;
  readonly order: readonly SQL[];
  readonly limit: number;
  readonly offset: number;
}

/** The rows of a page, weighed before they are fetched. */
async function rowsOf(ctx: Ctx, resource: Resource, keep: Keep, page: Page): Promise<(Model & { id: string })[]> {
  const columns = columnsFor(resource, keep);
  const { where, order, limit, offset } = page;
  const heavy = Object.entries(columns).flatMap(([name, column]) => (isJson(resource.fields[name]) ? [column] : []));
  if (heavy.length > 0) {
    const weights = ctx.db
      .select({ bytes: weightOf(heavy) })
      .from(resource.table)
      .where(where);
    refuseHeavyRows(
      ctx,
      await weights
        .orderBy(...order)
        .limit(limit)
        .offset(offset),
    );
  }
  const rows = ctx.db.select(columns).from(resource.table).where(where);
  return (await rows
    .orderBy(...order)
    .limit(limit)
    .offset(offset)) as (Model & { id: string })[];
}

function orderingOf(resource: Resource, input: SearchInput): SQL[] {
  const ordering = input.ordering ?? [];
  if (ordering.length === 0) return resource.fields.created_at ? [desc(resource.fields.created_at.column)] : [];
  return ordering.map(({ field: name, direction }) => {
    const field = fieldOf(resource, name, 'ordering');
    if (isJson(field)) throw badRequest(`Bad Request: ordering: ${name} can't be sorted by`);
    return direction === 'desc' ? desc(field.column) : asc(field.column);
  });
}

/** Relations by their names. @throws BroadsheetError `bad_request` for a name that the resource has not. */
export function knownRelations(resource: Resource, names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (!Object.hasOwn(resource.relations, name)) {
      throw badRequest(`Bad Request: relations: unknown relation ${JSON.stringify(name.slice(0, 64))}`);
    }
  }
  return names;
}

type Keep = (name: string, asked: readonly string[]) => boolean;

function projection(resource: Resource, input: SearchInput): Keep {
  const include = new Set(input.include_fields ?? []);
  const exclude = new Set(input.exclude_fields ?? []);
  for (const name of [...include, ...exclude]) {
    if (name in (resource.derived ?? {}) || Object.hasOwn(resource.relations, name)) continue;
    if (Object.values(resource.relations).some((relation) => relation.kind === 'link' && relation.idsField === name))
      continue;
    fieldOf(resource, name, 'fields');
  }
  return (name, asked) => !exclude.has(name) && (include.size === 0 || include.has(name) || asked.includes(name));
}

function wantedOf(resource: Resource, asked: readonly string[], askedIds: readonly string[], keep: Keep): Wanted {
  const wanted: Record<string, Shape> = {};
  for (const [name, relation] of Object.entries(resource.relations)) {
    if (asked.includes(name)) wanted[name] = relation.shape;
    else if (relation.kind === 'one' ? keep(name, asked) : askedIds.includes(name)) wanted[name] = lean(relation.shape);
  }
  return wanted;
}

/** A shape without what a list should not drag along. */
const lean = (shape: Shape): Shape => ({ fields: shape.fields, relations: {} });

const idsIn = (related: unknown): unknown[] =>
  Array.isArray(related) ? related.map((object: { id?: unknown }) => object.id) : [];
