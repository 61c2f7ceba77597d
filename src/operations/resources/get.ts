import { and, eq } from 'drizzle-orm';
import { forbidden, notFound } from '../../errors.ts';
import type { Ctx } from '../context.ts';
import { refuseHeavyModels } from './answer-size.ts';
import { boundedRead } from './bounded-read.ts';
import { byId, columnsOf, loadModels, shown } from './load.ts';
import type { Model, Resource, Wanted } from './resource.ts';
import { knownRelations } from './search.ts';

/**
 * One object of a resource. `relations`: absent = all, an empty list = none, else those named.
 * @throws BroadsheetError `not_found` "<noun> not found", `forbidden` when it exists and the actor can't see it,
 * `bad_request` for an unknown relation, `too_large`.
 */
export function getResource({ ctx, resource, input }: { ctx: Ctx; resource: Resource; input: Get }): Promise<Model> {
  return boundedRead(ctx, (inner) => get(inner, resource, input));
}

interface Get {
  readonly id: string;
  readonly relations?: readonly string[] | undefined;
}

async function get(ctx: Ctx, resource: Resource, input: Get): Promise<Model> {
  const names = input.relations && knownRelations(resource, input.relations);
  const [row] = await ctx.db.select(columnsOf(resource)).from(resource.table).where(byId(resource, input.id));
  if (!row) throw notFound(`${resource.noun} not found`);
  const seen = resource.visible(ctx.actor);
  if (seen) {
    const found = ctx.db
      .select({ id: resource.id })
      .from(resource.table)
      .where(and(eq(resource.id, input.id), seen));
    if ((await found).length === 0) throw forbidden();
  }
  return modelOf(ctx, resource, row, names);
}

/** A row as its model; for answers of create and update, whose rights are checked already. */
async function modelOf(
  ctx: Ctx,
  resource: Resource,
  row: Model,
  names: readonly string[] = Object.keys(resource.relations),
): Promise<Model> {
  const wanted: Wanted = Object.fromEntries(
    Object.entries(resource.relations).flatMap(([name, relation]) =>
      names.includes(name) ? [[name, relation.shape]] : [],
    ),
  );
  const [model] = await loadModels(ctx, resource, [row as Model & { id: string }], wanted);
  refuseHeavyModels(ctx, model ? [model] : []);
  return shown(resource, model ?? {});
}

/** The object by its id, whose rights are checked already. `_relations` in a write makes its answer's relations null. */
export async function reread(
  ctx: Ctx,
  resource: Resource,
  id: string,
  options: { bare?: boolean } = {},
): Promise<Model> {
  const [row] = await ctx.db.select(columnsOf(resource)).from(resource.table).where(byId(resource, id));
  if (!row) throw notFound(`${resource.noun} not found`);
  return modelOf(ctx, resource, row, options.bare ? [] : undefined);
}
