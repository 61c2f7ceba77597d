import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Ctx } from '../context.ts';
import { refuseHeavyRows, weightOf } from './answer-size.ts';
import { anyOf } from './any-of.ts';
import { resourceOf } from './registry.ts';
import { isJson, type Model, type Relation, type Resource, type Shape, type Wanted } from './resource.ts';

type Row = Record<string, unknown> & { id: string };

/** Columns of a resource by field name, for a select. */
export const columnsOf = (resource: Resource): Record<string, PgColumn> =>
  Object.fromEntries(Object.entries(resource.fields).map(([name, field]) => [name, field.column]));

/**
 * Turn rows into models: worked-out fields, then the relations of `wanted`, level by level, a fixed number of queries
 * for any number of rows. Relations that are not wanted are null (the family's word for "not loaded").
 */
export async function loadModels(ctx: Ctx, resource: Resource, rows: readonly Row[], wanted: Wanted): Promise<Model[]> {
  const derived = Object.entries(resource.derived ?? {});
  const models = rows.map(
    (row): Model => ({ ...row, ...Object.fromEntries(derived.map(([name, field]) => [name, field.of(row)])) }),
  );
  for (const [name, relation] of Object.entries(resource.relations)) {
    const shape = wanted[name];
    const found = shape && rows.length > 0 ? await loadRelation(ctx, relation, rows, shape) : null;
    models.forEach((model, index) => {
      const row = rows[index];
      if (!row) return;
      const related = found?.(row);
      model[name] = related?.objects ?? null;
      if (relation.kind === 'link' && relation.idsField) model[relation.idsField] = related?.ids ?? null;
    });
  }
  return models;
}

/** What a row is related to: the object or objects, and for links the ids. */
type Related = (row: Row) => { objects: Model | Model[] | null; ids?: string[] };

function loadRelation(ctx: Ctx, relation: Relation, rows: readonly Row[], shape: Shape | 'ids'): Promise<Related> {
  if (relation.kind === 'link') return loadLinks(ctx, relation, rows, shape);
  if (shape === 'ids') throw new TypeError('only links have ids');
  if (relation.kind === 'one') return loadOne(ctx, relation, rows, shape);
  return loadMany(ctx, relation, rows, shape);
}

async function loadOne(
  ctx: Ctx,
  relation: Relation & { kind: 'one' },
  rows: readonly Row[],
  shape: Shape,
): Promise<Related> {
  const keyOf = (row: Row): string => (row[relation.key] as string | null) ?? '';
  const ids = [...new Set(rows.map(keyOf).filter(Boolean))];
  const target = resourceOf(relation.target);
  const scope = relation.scoped ? target.visible(ctx.actor) : undefined;
  const found = indexed(await select(ctx, target, and(anyOf(target.id, ids), scope), shape));
  return (row) => ({ objects: found.get(keyOf(row)) ?? null });
}

async function loadMany(
  ctx: Ctx,
  relation: Relation & { kind: 'many' },
  rows: readonly Row[],
  shape: Shape,
): Promise<Related> {
  const target = resourceOf(relation.target);
  const ids = rows.map((row) => row.id);
  const scope = relation.scoped ? target.visible(ctx.actor) : undefined;
  const found = await select(ctx, target, and(anyOf(relation.key, ids), scope), shape, relation.key);
  const byHolder = Map.groupBy(found, (entry) => entry.key);
  return (row) => ({ objects: (byHolder.get(row.id) ?? []).map((entry) => entry.model) });
}

async function loadLinks(
  ctx: Ctx,
  relation: Relation & { kind: 'link' },
  rows: readonly Row[],
  shape: Shape | 'ids',
): Promise<Related> {
  const links = await ctx.db
    .select({ object: relation.objectId, member: relation.memberId })
    .from(relation.table)
    .where(
      anyOf(
        relation.objectId,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(relation.memberId));
  const byObject = Map.groupBy(links, (link) => link.object as string);
  const idsOf = (row: Row): string[] => (byObject.get(row.id) ?? []).map((link) => link.member as string);
  if (shape === 'ids') return (row) => ({ objects: null, ids: idsOf(row) });
  const target = resourceOf(relation.target);
  const memberIds = [...new Set(links.map((link) => link.member as string))];
  const found = indexed(await select(ctx, target, anyOf(target.id, memberIds), shape));
  return (row) => {
    const ids = idsOf(row);
    return { ids, objects: ids.flatMap((id): Model[] => (found.has(id) ? [found.get(id) ?? {}] : [])) };
  };
}

interface Entry {
  readonly id: string;
  /** The value of the relation's key, for has-many. */
  readonly key: string | null;
  readonly model: Model;
}

const indexed = (entries: readonly Entry[]): Map<string, Model> =>
  new Map(entries.map((entry) => [entry.id, entry.model]));

/** Select objects of a resource in a shape, oldest first. */
async function select(
  ctx: Ctx,
  resource: Resource,
  where: SQL | undefined,
  shape: Shape,
  key: PgColumn = resource.id,
): Promise<Entry[]> {
  const created = resource.fields.created_at?.column ?? resource.id;
  const columns = columnsIn(resource, shape);
  const heavy = Object.entries(columns).flatMap(([name, column]) => (isJson(resource.fields[name]) ? [column] : []));
  if (heavy.length > 0) {
    const bytes = sql<number | null>`sum(${weightOf(heavy)})`;
    refuseHeavyRows(ctx, await ctx.db.select({ bytes }).from(resource.table).where(where));
  }
  const found = await ctx.db
    .select({ id: resource.id, key, row: columns })
    .from(resource.table)
    .where(where)
    .orderBy(asc(created), asc(resource.id));
  const rows = found.map((entry) => entry.row as Row);
  const models = await loadModels(ctx, resource, rows, shape.relations);
  return models.map((model, index) => ({
    id: found[index]?.id as string,
    key: (found[index]?.key ?? null) as string | null,
    model: trimmed(resource, model, shape),
  }));
}

/** All columns but stored JSON that the shape does not show. */
const columnsIn = (resource: Resource, { fields }: Shape): Record<string, PgColumn> =>
  Object.fromEntries(
    Object.entries(columnsOf(resource)).filter(
      ([name]) => !isJson(resource.fields[name]) || fields === 'all' || fields.includes(name),
    ),
  );

/** Inside another object only what its shape names is there: no null relations that would ask to be loaded. */
function trimmed(resource: Resource, model: Model, shape: Shape): Model {
  const names = shape.fields === 'all' ? null : new Set(shape.fields);
  const related = new Set(
    Object.entries(shape.relations).flatMap(([name, inner]) => namesOf(resource, name, inner === 'ids')),
  );
  return Object.fromEntries(
    Object.entries(shown(resource, model)).filter(([name]) =>
      isRelated(resource, name) ? related.has(name) : (names?.has(name) ?? true),
    ),
  );
}

/** The names under which a relation stands in a model. */
function namesOf(resource: Resource, name: string, idsOnly = false): string[] {
  const relation = resource.relations[name];
  const idsField = relation?.kind === 'link' && relation.idsField ? [relation.idsField] : [];
  return idsOnly ? idsField : [name, ...idsField];
}

const isRelated = (resource: Resource, name: string): boolean =>
  Object.keys(resource.relations).some((relation) => namesOf(resource, relation).includes(name));

/** A model without its hidden fields. */
export const shown = (resource: Resource, model: Model): Model =>
  Object.fromEntries(Object.entries(model).filter(([name]) => resource.fields[name]?.hidden !== true));

/** One row by its id. */
export const byId = (resource: Resource, id: string): SQL => eq(resource.id, id);
