import { desc } from 'drizzle-orm';
import type { Locale } from '../../definition/definition.ts';
import { notFound } from '../../errors.ts';
import { clusters } from '../../store/schema/fleet.ts';
import type { WorkloadFacts } from '../../workload/facts.ts';
import type { Ctx } from '../context.ts';
import { loadFacts } from './load-facts.ts';
import { snapshotsOf } from './read-workload.ts';

export interface LastInput {
  /** Name or id. */
  readonly cluster: string;
  readonly lastMs: number;
  readonly locale: Locale;
  readonly timeZone: string;
}

/**
 * The facts of a cluster's last hours, up to its newest snapshot.
 * @throws BroadsheetError `not_found`; `unprocessable` when there are no two snapshots.
 */
export async function factsOfLast({ ctx, input }: { ctx: Ctx; input: LastInput }): Promise<WorkloadFacts> {
  const all = await ctx.db.select().from(clusters).orderBy(desc(clusters.id));
  const cluster = all.find(({ name }) => name === input.cluster) ?? all.find(({ id }) => String(id) === input.cluster);
  if (cluster === undefined) throw notFound(`there is no cluster ${JSON.stringify(input.cluster.slice(0, 64))}`);
  const to = await ctx.clock.now();
  const ends = await snapshotsOf(ctx, cluster, { from: new Date(to.getTime() - input.lastMs), to });
  return loadFacts(ctx, { cluster, ...ends, locale: input.locale, timeZone: input.timeZone });
}
