import type { SampledBlocker, SampleMinute } from '../rows/session-samples.ts';
import type { Range } from './range.ts';

/** A session that held others up, its minutes together. */
export type Blocker = SampledBlocker;

/** Roots of trees of waiters over the range: one entry for a session with what it ran and what it held. */
export function blockersOf(minutes: readonly SampleMinute[]): readonly Blocker[] {
  const found = new Map<string, Blocker>();
  for (const one of minutes.flatMap(({ blockers }) => blockers)) {
    const key = JSON.stringify([one.pid, one.user, one.queryId, one.lockType, one.mode, one.relation, one.database]);
    const known = found.get(key);
    found.set(key, known === undefined ? one : joined(known, one));
  }
  return [...found.values()].sort((a, b) => b.blockedSeconds - a.blockedSeconds);
}

const joined = (a: Blocker, b: Blocker): Blocker => ({
  ...b,
  transactionSeconds: Math.max(a.transactionSeconds, b.transactionSeconds),
  waiterQueryIds: [...new Set([...a.waiterQueryIds, ...b.waiterQueryIds])],
  blockedSeconds: a.blockedSeconds + b.blockedSeconds,
  longestWaitSeconds: Math.max(a.longestWaitSeconds, b.longestWaitSeconds),
});

/** Name of the relation that was waited for, from the tables and indexes of its database; null for other kinds of locks. */
export function relationName(
  range: Range,
  { relation, database }: Pick<Blocker, 'relation' | 'database'>,
): string | null {
  if (relation === null) return null;
  for (const [view, id, name] of [
    ['tables', 'relid', 'relname'],
    ['indexes', 'indexrelid', 'indexrelname'],
  ] as const) {
    const table = range.table(view);
    const row = table.rows.find((one) => one.scope === database && String(table.last(one, id)) === relation);
    if (row === undefined) continue;
    const schema = String(table.last(row, 'schemaname'));
    return schema === 'public' ? String(table.last(row, name)) : `${schema}.${String(table.last(row, name))}`;
  }
  return relation;
}
