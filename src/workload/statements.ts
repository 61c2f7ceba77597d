import { databaseTimeOf } from './database-time.ts';
import type { RowLabel } from './delta-row.ts';
import type { DeltaRow, DeltaTable } from './delta-table.ts';
import { blockSize, namesOf, type WorkloadFacts } from './facts.ts';
import type { Range } from './range.ts';

/** What one statement, or several together, did in a range. Null where the server does not count it. */
export interface Work {
  readonly calls: number;
  /** Planning and execution. */
  readonly seconds: number;
  readonly planSeconds: number | null;
  readonly rows: number;
  /** Bytes of shared blocks found in the buffers, read, dirtied, written. */
  readonly hit: number;
  readonly read: number;
  readonly dirtied: number;
  readonly written: number;
  /** Seconds of reading and writing blocks of tables; null while `track_io_timing` is off. */
  readonly ioSeconds: number | null;
  readonly readSeconds: number | null;
  readonly tempRead: number;
  readonly tempWritten: number;
  readonly tempSeconds: number | null;
  readonly walBytes: number | null;
  readonly walRecords: number | null;
  readonly walImages: number | null;
  readonly walBuffersFull: number | null;
  readonly jitFunctions: number | null;
  readonly jitSeconds: number | null;
  readonly workersPlanned: number | null;
  readonly workersLaunched: number | null;
}

/** One statement of one user in one database over a range. */
export interface Statement extends Work {
  readonly row: DeltaRow;
  readonly queryId: string;
  readonly database: string;
  readonly user: string;
  /** It ran inside another statement (a function), whose time holds its own. */
  readonly isNested: boolean;
  readonly labels: ReadonlySet<RowLabel>;
  /** Standard deviation of the execution times within the range; null where it cannot be told. */
  readonly stddevMs: number | null;
  /** The longest execution since `maxSince` (epoch milliseconds; null = since the entry was made). */
  readonly maxMs: number | null;
  readonly maxSince: number | null;
}

/** All statements of a range, those that did something. */
export interface Statements {
  readonly all: readonly Statement[];
  /** Those that clients sent, whose sums are the whole. */
  readonly outer: readonly Statement[];
  readonly nested: readonly Statement[];
  readonly whole: Work;
  /** Database time of the range, which shares are of; null where there is none. */
  readonly databaseSeconds: number | null;
  /** False for servers that cannot tell nested statements from others while both are counted. */
  readonly isNestingKnown: boolean;
  readonly evictions: number;
}

const known = new WeakMap<Range, Statements>();

/** The statements of the facts' range; computed once. */
export function statementsOf({ range, minutes }: Pick<WorkloadFacts, 'range' | 'minutes'>): Statements {
  const found = known.get(range) ?? readStatements(range, databaseTimeOf(range, minutes)?.seconds ?? null);
  known.set(range, found);
  return found;
}

function readStatements(range: Range, databaseSeconds: number | null): Statements {
  const table = range.table('statements');
  const [database, role] = [namesOf(range, 'database'), namesOf(range, 'role')];
  const bytes = blockSize(range);
  const isOnePiece = range.pieces.every(({ kind }) => kind !== 'failover');
  const all = table.rows.flatMap((row): Statement[] => {
    const work = workOf(table, row, bytes);
    if (work.calls === 0 && work.seconds === 0) return [];
    return [
      {
        ...work,
        row,
        queryId: String(table.last(row, 'queryid')),
        database: database(table.last(row, 'dbid')),
        user: role(table.last(row, 'userid')),
        isNested: table.last(row, 'toplevel') === false,
        labels: row.labels,
        stddevMs: isOnePiece ? rangeStddev(table, row) : null,
        maxMs: numberOf(table.last(row, 'max_exec_time')),
        maxSince: numberOf(table.last(row, 'minmax_stats_since')),
      },
    ];
  });
  const outer = all.filter(({ isNested }) => !isNested);
  return {
    all,
    outer,
    nested: all.filter(({ isNested }) => isNested),
    whole: sumOfWork(outer),
    databaseSeconds,
    isNestingKnown: table.has('toplevel'),
    evictions: range.events
      .filter(({ kind }) => kind === 'evictions')
      .reduce((sum, { detail }) => sum + Number(detail ?? 0), 0),
  };
}

const numberOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
/** Deforming is a part of generation. */
const JIT_TIMES = ['generation', 'inlining', 'optimization', 'emission'] as const;

function workOf(table: DeltaTable, row: DeltaRow, block: number): Work {
  const delta = (column: string): number | null => table.delta(row, column);
  const count = (column: string): number => delta(column) ?? 0;
  const seconds = (...columns: readonly string[]): number | null => {
    const told = columns.flatMap((column) => delta(column) ?? []);
    return told.length === 0 ? null : told.reduce((sum, ms) => sum + ms, 0) / 1000;
  };
  return {
    calls: count('calls'),
    seconds: seconds('total_exec_time', 'total_plan_time') ?? 0,
    planSeconds: seconds('total_plan_time'),
    rows: count('rows'),
    hit: count('shared_blks_hit') * block,
    read: count('shared_blks_read') * block,
    dirtied: count('shared_blks_dirtied') * block,
    written: count('shared_blks_written') * block,
    ioSeconds: seconds('shared_blk_read_time', 'shared_blk_write_time'),
    readSeconds: seconds('shared_blk_read_time'),
    tempRead: count('temp_blks_read') * block,
    tempWritten: count('temp_blks_written') * block,
    tempSeconds: seconds('temp_blk_read_time', 'temp_blk_write_time'),
    walBytes: delta('wal_bytes'),
    walRecords: delta('wal_records'),
    walImages: delta('wal_fpi'),
    walBuffersFull: delta('wal_buffers_full'),
    jitFunctions: delta('jit_functions'),
    jitSeconds: seconds(...JIT_TIMES.map((name) => `jit_${name}_time`)),
    workersPlanned: delta('parallel_workers_to_launch'),
    workersLaunched: delta('parallel_workers_launched'),
  };
}

const NO_WORK: Work = {
  ...{ calls: 0, seconds: 0, planSeconds: null, rows: 0, hit: 0, read: 0, dirtied: 0, written: 0 },
  ...{ ioSeconds: null, readSeconds: null, tempRead: 0, tempWritten: 0, tempSeconds: null },
  ...{ walBytes: null, walRecords: null, walImages: null, walBuffersFull: null },
  ...{ jitFunctions: null, jitSeconds: null, workersPlanned: null, workersLaunched: null },
};
const MEASURES = Object.keys(NO_WORK) as (keyof Work)[];

/** The work of several statements together; null where none of them counts it. */
export function sumOfWork(statements: readonly Work[]): Work {
  const sum: { -readonly [K in keyof Work]: number | null } = { ...NO_WORK };
  for (const one of statements) {
    for (const measure of MEASURES) {
      const value = one[measure];
      if (value !== null) sum[measure] = (sum[measure] ?? 0) + value;
    }
  }
  return sum as Work;
}

/** Milliseconds per call. */
export const meanMs = ({ calls, seconds }: Pick<Work, 'calls' | 'seconds'>): number | null =>
  calls > 0 ? (seconds * 1000) / calls : null;

/** Part of the shared blocks that was found in the buffers, 0 to 1. */
export const hitShare = ({ hit, read }: Pick<Work, 'hit' | 'read'>): number | null =>
  hit + read > 0 ? hit / (hit + read) : null;

export const perCall = (work: Pick<Work, 'calls'>, value: number | null): number | null =>
  value !== null && work.calls > 0 ? value / work.calls : null;

/** Below so few calls a deviation says nothing. */
const LEAST_CALLS = 10;
/** A smaller variance than this part of the squared mean is rounding. */
const CANCELLATION = 1e-9;

/**
 * Deviation within the range, from what the server tells of an entry's whole life: with Q = calls·(stddev² + mean²) the
 * variance is ΔQ/Δcalls − (Δtotal/Δcalls)². Null where the entry began anew, has too few calls, or digits cancel out.
 */
function rangeStddev(table: DeltaTable, row: DeltaRow): number | null {
  if (row.labels.has('reset') || row.labels.has('at least')) return null;
  const [calls, total] = [table.delta(row, 'calls'), table.delta(row, 'total_exec_time')];
  if (calls === null || total === null || calls < LEAST_CALLS) return null;
  const squares = squaresOf(
    table.last(row, 'calls'),
    table.last(row, 'total_exec_time'),
    table.last(row, 'stddev_exec_time'),
  );
  const before = row.isAtStart
    ? squaresOf(table.first(row, 'calls'), table.first(row, 'total_exec_time'), table.first(row, 'stddev_exec_time'))
    : 0;
  if (squares === null || before === null) return null;
  const mean = total / calls;
  const variance = Math.max(0, (squares - before) / calls - mean * mean);
  return variance > CANCELLATION * mean * mean ? Math.sqrt(variance) : null;
}

function squaresOf(calls: unknown, total: unknown, stddev: unknown): number | null {
  const [n, sum, deviation] = [calls, total, stddev].map(numberOf);
  if (n === null || n === undefined || sum === null || sum === undefined) return null;
  if (deviation === null || deviation === undefined || n <= 0) return n === 0 ? 0 : null;
  return n * (deviation * deviation + (sum / n) ** 2);
}
