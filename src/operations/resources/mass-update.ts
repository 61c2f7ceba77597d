import { type Ctx, withTransaction } from '../context.ts';

/**
 * Give many objects the same new field values: all of them or none (cruddy.md §1.10, style A). Links are not changed.
 * The rights and checks are those of the noun's own update, which is called for each.
 */
export async function massUpdate<Input extends { id: string }>({
  ctx,
  input,
  update,
}: {
  ctx: Ctx;
  input: { ids: readonly string[]; fields: Omit<Input, 'id'> };
  update: (args: { ctx: Ctx; input: Input }) => Promise<unknown>;
}): Promise<void> {
  const at = await ctx.clock.now();
  const ids = [...new Set(input.ids.map((id) => id.toLowerCase()))].sort();
  await withTransaction(ctx, async (inner) => {
    const still: Ctx = { ...inner, clock: { now: async () => at } };
    for (const id of ids) await update({ ctx: still, input: { ...input.fields, id } as Input });
  });
}
