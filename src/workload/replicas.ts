import { type PartRow, partRows, snapshotsOf } from './part-rows.ts';
import type { Range } from './range.ts';

/** A level seen at several snapshots. */
export interface Seen {
  readonly start: number | null;
  readonly max: number | null;
  readonly end: number | null;
}

/** A standby (or another receiver of WAL) of the server, over a range. */
export interface Replica {
  readonly name: string;
  readonly address: string;
  readonly state: string;
  readonly sync: string;
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
  /** Seconds until replayed; null while there is nothing to replay. */
  readonly lagSeconds: Seen;
  readonly behindBytes: Seen;
  /** Epoch milliseconds and bytes behind, by snapshot. */
  readonly points: readonly { readonly at: number; readonly bytes: number | null }[];
}

/** By name and address: its process on the server is another one after each reconnection. */
export function replicasOf(range: Range): readonly Replica[] {
  const snapshots = snapshotsOf(range);
  const seen = snapshots.map((snapshot) => Map.groupBy(partRows(snapshot, 'replication'), keyOf));
  const keys = new Set(seen.flatMap((rows) => [...rows.keys()]));
  return [...keys].map((key) => {
    const rows = seen.map((at) => at.get(key)?.at(-1) ?? null);
    const last = rows.findLast((row) => row !== null) ?? null;
    const level = (column: string): Seen => seenOf(rows.map((row) => row?.number(column) ?? null));
    return {
      name: last?.text('application_name') ?? '',
      address: last?.text('client_addr') ?? '',
      state: last?.text('state') ?? '',
      sync: last?.text('sync_state') ?? '',
      isAtStart: rows[0] !== null,
      isAtEnd: rows.at(-1) !== null,
      lagSeconds: level('replay_lag_s'),
      behindBytes: level('replay_behind_bytes'),
      points: snapshots.map(({ identity }, at) => ({
        at: identity.capturedAt,
        bytes: rows[at]?.number('replay_behind_bytes') ?? null,
      })),
    };
  });
}

const keyOf = (row: PartRow): string => JSON.stringify([row.text('application_name'), row.text('client_addr')]);

function seenOf(values: readonly (number | null)[]): Seen {
  const known = values.filter((value) => value !== null);
  return { start: values[0] ?? null, max: known.length === 0 ? null : Math.max(...known), end: values.at(-1) ?? null };
}
