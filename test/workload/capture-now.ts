import { engineOfUrl } from '../../src/engines/engines.ts';
import type { ServerText, Snapshot } from '../../src/rows/snapshot.ts';
import { textKey } from '../../src/workload/facts.ts';
import type { WatchedServer } from '../harness/watched-server.ts';

/** A snapshot of the server as it is now, with all that its sessions have counted. */
export async function captureNow(
  { url }: Pick<WatchedServer, 'url'>,
  texts = new Map<string, ServerText>(),
): Promise<Snapshot> {
  const watch = engineOfUrl(url).watch?.(url);
  if (!watch) throw new Error('this server cannot be watched');
  const request = { knows: () => false, maxScopes: 50, statementTimeoutMs: 15_000 };
  const { identity, parts, missing, texts: found } = await watch.capture(request, AbortSignal.timeout(30_000));
  for (const text of found) texts.set(textKey(text.kind, text.scope, text.key), text);
  return { id: 0, engine: 'postgres', identity, parts, missing };
}

/** Have the session of `server.sql` hand in its counters. */
export async function handIn({ sql }: Pick<WatchedServer, 'sql'>): Promise<void> {
  await sql.unsafe('select pg_stat_force_next_flush()');
  await sql.unsafe('select 1');
}
