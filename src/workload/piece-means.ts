import type { Snapshot } from '../rows/snapshot.ts';
import { namesOf } from './facts.ts';
import { type Range, rangeOf } from './range.ts';

/** A statement of one user in one database, as both ranges of a comparison know it. */
export interface StatementName {
  readonly database: string;
  readonly user: string;
  readonly queryId: string;
}

export const nameOfStatement = ({ database, user, queryId }: StatementName): string =>
  JSON.stringify([database, user, queryId]);

/**
 * Seconds per call of some statements in each piece of a range, of those pieces in which they were called; by
 * `nameOfStatement`. Only these statements are subtracted.
 */
export function pieceMeans(range: Range, wanted: readonly StatementName[]): ReadonlyMap<string, readonly number[]> {
  const means = new Map<string, number[]>();
  if (wanted.length === 0) return means;
  const ids = new Set(wanted.map(({ queryId }) => queryId));
  const names = new Set(wanted.map(nameOfStatement));
  const [database, user] = [namesOf(range, 'database'), namesOf(range, 'role')];
  for (const { from, to, kind } of range.steps) {
    if (kind === 'failover') continue;
    const table = rangeOf([withStatements(from, ids), withStatements(to, ids)]).table('statements');
    for (const row of table.rows) {
      if (table.last(row, 'toplevel') === false) continue;
      const name = nameOfStatement({
        database: database(table.last(row, 'dbid')),
        user: user(table.last(row, 'userid')),
        queryId: String(table.last(row, 'queryid')),
      });
      const calls = table.delta(row, 'calls') ?? 0;
      if (calls <= 0 || !names.has(name)) continue;
      const ms = (table.delta(row, 'total_exec_time') ?? 0) + (table.delta(row, 'total_plan_time') ?? 0);
      const own = means.get(name) ?? [];
      means.set(name, own);
      own.push(ms / 1000 / calls);
    }
  }
  return means;
}

/** A snapshot with the rows of a few statements, and with all that tells resets and evictions of them. */
function withStatements(snapshot: Snapshot, ids: ReadonlySet<string>): Snapshot {
  const parts = snapshot.parts.map((part) => {
    if (part.view !== 'statements') return part;
    const at = part.columns.findIndex(({ name }) => name === 'queryid');
    return { ...part, rows: part.rows.filter((row) => ids.has(String(row[at]))) };
  });
  return { ...snapshot, parts };
}
