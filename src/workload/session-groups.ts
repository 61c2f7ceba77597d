import { partRows, snapshotsOf } from './part-rows.ts';
import type { Range } from './range.ts';

/** Client sessions of one user, database and state, as the snapshots of a range saw them. */
export interface SessionGroup {
  readonly user: string;
  readonly database: string;
  readonly state: string;
  /** Sessions, mean and most over the snapshots. */
  readonly mean: number;
  readonly max: number;
  /** The longest that any of them showed, seconds. */
  readonly transactionSeconds: number;
  readonly stateSeconds: number;
  /** Age in transactions of the oldest snapshot that one of them held. */
  readonly xminAge: number;
}

const CLIENT = 'client backend';

export function sessionGroups(range: Range): readonly SessionGroup[] {
  const snapshots = snapshotsOf(range).map((snapshot) =>
    partRows(snapshot, 'activity_counts').filter((row) => row.text('backend_type') === CLIENT),
  );
  const keyOf = (row: (typeof snapshots)[number][number]): string =>
    JSON.stringify([row.text('usename') ?? '', row.text('datname') ?? '', row.text('state') ?? '']);
  const keys = new Set(snapshots.flatMap((rows) => rows.map(keyOf)));
  return [...keys].map((key) => {
    const seen = snapshots.map((rows) => rows.filter((row) => keyOf(row) === key));
    const counts = seen.map((rows) => rows.reduce((sum, row) => sum + (row.number('n') ?? 0), 0));
    const most = (column: string): number => Math.max(0, ...seen.flat().map((row) => row.number(column) ?? 0));
    const [user = '', database = '', state = ''] = JSON.parse(key) as string[];
    return {
      ...{ user, database, state },
      mean: counts.reduce((sum, count) => sum + count, 0) / counts.length,
      max: Math.max(...counts),
      transactionSeconds: most('max_xact_s'),
      stateSeconds: most('max_state_s'),
      xminAge: most('max_xmin_age'),
    };
  });
}
