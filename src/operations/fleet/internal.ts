import { eq, type SQL, sql } from 'drizzle-orm';
import { engineOfUrl } from '../../engines/engines.ts';
import type { ClusterWatch } from '../../engines/watch.ts';
import { BroadsheetError, badRequest, forbidden, notFound } from '../../errors.ts';
import { parseInterval } from '../../period/cron.ts';
import type { Secrets } from '../../secrets.ts';
import { type ClusterAccess, type ClusterKind, clusterGrants, clusters } from '../../store/schema/fleet.ts';
import { isAdmin } from '../access/rights.ts';
import type { Ctx } from '../context.ts';

export type ClusterRow = typeof clusters.$inferSelect;

/** The kinds of clusters that an engine of ours can watch. */
const KIND_OF_ENGINE: Readonly<Record<string, ClusterKind>> = { postgres: 'POSTGRESQL' };

/** What a sealed URL is bound to. The name is unique and a rename seals again: an id is not known before the insert. */
const sealContext = (name: string): string => `cluster:${name}`;

/**
 * The stored columns of a cluster's URL.
 * @throws BroadsheetError `bad_request` for a URL that no engine can watch, or one of another kind.
 */
export function sealClusterUrl(
  secrets: Secrets,
  { name, kind, url }: { name: string; kind: ClusterKind; url: string },
) {
  const engine = engineOfUrl(url);
  if (engine.watch === null || KIND_OF_ENGINE[engine.kind] !== kind) {
    throw badRequest(`url: clusters of the kind ${kind} cannot be watched by a URL of this scheme`);
  }
  void engine.watch(url);
  return { urlSealed: secrets.seal(url, sealContext(name)), urlMasked: engine.maskUrl(url) };
}

export const clusterUrl = (secrets: Secrets, { name, urlSealed }: Pick<ClusterRow, 'name' | 'urlSealed'>): string =>
  secrets.open(Buffer.from(urlSealed), sealContext(name));

/** @throws BroadsheetError `unavailable` when the sealed URL cannot be opened, `bad_request` when no engine can watch it. */
export function watchOf(secrets: Secrets, cluster: Pick<ClusterRow, 'name' | 'urlSealed'>): ClusterWatch {
  const url = clusterUrl(secrets, cluster);
  const watch = engineOfUrl(url).watch;
  if (watch === null) throw badRequest('clusters of this kind cannot be watched');
  return watch(url);
}

export const engineOfCluster = (secrets: Secrets, cluster: Pick<ClusterRow, 'name' | 'urlSealed'>): string =>
  engineOfUrl(clusterUrl(secrets, cluster)).kind;

/** @throws BroadsheetError `bad_request` */
export function checkCaptureInterval(interval: string): void {
  try {
    parseInterval(interval);
  } catch {
    throw badRequest('captureInterval: not a cron interval of five fields');
  }
}

/**
 * The cluster, if the actor may `read` (or `read_write`) it. Admins may everything; others what they were granted.
 * @throws BroadsheetError `not_found`, or `forbidden` for one that exists.
 */
export async function loadCluster(ctx: Ctx, id: number, access: ClusterAccess): Promise<ClusterRow> {
  const query = ctx.db.select().from(clusters).where(eq(clusters.id, id));
  if (isAdmin(ctx.actor)) {
    const [cluster] = await query;
    if (cluster === undefined) throw clusterNotFound(id);
    return cluster;
  }
  const [[cluster], [grant]] = await Promise.all([
    query,
    ctx.db.select({ access: clusterGrants.access }).from(clusterGrants).where(grantOf(ctx, id)),
  ]);
  if (cluster === undefined) throw clusterNotFound(id);
  checkGrant(ctx, grant?.access ?? null, access);
  return cluster;
}

/** The actor's grant on a cluster. */
export const grantOf = ({ actor }: Ctx, clusterId: number): SQL =>
  actor.userId === null
    ? sql`false`
    : sql`${clusterGrants.clusterId} = ${clusterId} and ${clusterGrants.userId} = ${actor.userId}`;

/** @throws BroadsheetError `forbidden` for who is no admin and was not granted that much. */
export function checkGrant({ actor }: Ctx, granted: ClusterAccess | null, access: ClusterAccess): void {
  if (isAdmin(actor) || granted === 'read_write' || (granted !== null && granted === access)) return;
  throw forbidden();
}

export const clusterNotFound = (id: number): BroadsheetError =>
  notFound(`cluster ${id} not found`, { rule: 'cluster_not_found', id });

export const clusterNameTaken = (): BroadsheetError =>
  new BroadsheetError('conflict', 'cluster name is already taken', { rule: 'name_taken' });
