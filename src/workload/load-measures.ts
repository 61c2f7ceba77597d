import { databaseTimeOf } from './database-time.ts';
import { blockSize, type WorkloadFacts } from './facts.ts';
import type { Range } from './range.ts';
import { isDatabaseCounted, stepsOf } from './steps.ts';
import { sumOf } from './sums.ts';

/** What a server did in a range, in total; null = it is not counted. Volumes in millions of bytes. */
export type LoadMeasures = Readonly<Record<LoadMeasure, number | null>>;

export type LoadMeasure =
  | 'time'
  | 'transactions'
  | 'rollbacks'
  | 'calls'
  | 'rows'
  | 'inserted'
  | 'updated'
  | 'deleted'
  | 'hit'
  | 'read'
  | 'readMb'
  | 'walMb'
  | 'walRecords'
  | 'fullPages'
  | 'tempMb'
  | 'sessions'
  | 'deadlocks';

const MB = 1_000_000;
const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

export function loadMeasuresOf({ range, minutes }: Pick<WorkloadFacts, 'range' | 'minutes'>): LoadMeasures {
  const statements = range.table('statements');
  const outer = statements.rows.filter((row) => statements.last(row, 'toplevel') !== false);
  const wal = range.table('wal');
  const walOf = (column: string): number | null => sumOf(wal, column) ?? sumOf(statements, column);
  return {
    ...databaseMeasures(range),
    time: databaseTimeOf(range, minutes)?.seconds ?? null,
    calls: sumOf(statements, 'calls', outer),
    rows: sumOf(statements, 'rows', outer),
    walMb: scaled(walOf('wal_bytes'), 1 / MB),
    walRecords: walOf('wal_records'),
    fullPages: walOf('wal_fpi'),
  };
}

type OfDatabases = Exclude<LoadMeasure, 'time' | 'calls' | 'rows' | 'walMb' | 'walRecords' | 'fullPages'>;

function databaseMeasures(range: Range): Readonly<Record<OfDatabases, number | null>> {
  const database = range.table('database');
  const of = (column: string): number | null => sumOf(database, column);
  const [commits, rollbacks] = [of('xact_commit'), of('xact_rollback')];
  return {
    transactions: commits === null ? null : commits + (rollbacks ?? 0),
    rollbacks,
    inserted: of('tup_inserted'),
    updated: of('tup_updated'),
    deleted: of('tup_deleted'),
    hit: of('blks_hit'),
    read: of('blks_read'),
    readMb: scaled(of('blks_read'), blockSize(range) / MB),
    tempMb: scaled(of('temp_bytes'), 1 / MB),
    sessions: of('sessions'),
    deadlocks: of('deadlocks'),
  };
}

/** Names of `metrics.ts` for what only statements count: they were added up when the snapshots were taken. */
const KEPT: Readonly<Partial<Record<LoadMeasure, string>>> = { calls: 'calls' };

/**
 * A measure per second in each step of the range, in order of time; null where a step tells nothing. Statements are not
 * subtracted step by step, which would cost more than the rest of the report. Undefined where no step tells it.
 */
export function loadOverSteps({ range, trend }: WorkloadFacts): (measure: LoadMeasure) => readonly (number | null)[] {
  const steps = stepsOf(range);
  const all = steps.map((step): Partial<LoadMeasures> => {
    const wal = step.range.table('wal');
    const ofDatabases = isDatabaseCounted(step)
      ? {
          ...databaseMeasures(step.range),
          time: scaled(sumOf(step.range.table('database'), 'active_time'), 1 / 1000),
        }
      : {};
    return {
      ...ofDatabases,
      walMb: scaled(sumOf(wal, 'wal_bytes'), 1 / MB),
      walRecords: sumOf(wal, 'wal_records'),
      fullPages: sumOf(wal, 'wal_fpi'),
    };
  });
  const kept = new Map(trend.map(({ at, metrics }) => [at, metrics]));
  return (measure) =>
    steps.map(({ seconds, to }, index) => {
      const word = KEPT[measure];
      if (word !== undefined) return kept.get(to)?.get(word) ?? null;
      const value = all[index]?.[measure] ?? null;
      return value === null || seconds <= 0 ? null : value / seconds;
    });
}
