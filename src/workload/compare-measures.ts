import type { Locale } from '../definition/definition.ts';
import { databaseTimeOf } from './database-time.ts';
import { blockSize, type WorkloadFacts } from './facts.ts';
import type { Range } from './range.ts';
import { statementsOf } from './statements.ts';
import { sumOf } from './sums.ts';

/** A measure of both ranges, each by its own seconds and transactions; null where a side does not count it. */
export interface ComparedMeasure {
  readonly label: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly change: number | null;
  /** Null where either side has less than 30 events: a ratio of accidents says nothing. */
  readonly ratio: number | null;
  readonly beforeTransaction: number | null;
  readonly afterTransaction: number | null;
}

const LEAST_EVENTS = 30;
const MB = 1_000_000;

export const MEASURE_LABELS = {
  time: { en: 'Database time, s', ru: 'Время БД, с', zh: '数据库时间（秒）' },
  transactions: { en: 'Transactions', ru: 'Транзакции', zh: '事务' },
  rollbacks: { en: 'Rollbacks', ru: 'Откаты', zh: '回滚' },
  calls: { en: 'Statements', ru: 'Операторы', zh: '语句执行' },
  statementSeconds: { en: 'Time of statements, s', ru: 'Время операторов, с', zh: '语句耗时（秒）' },
  rows: { en: 'Rows of statements', ru: 'Строки операторов', zh: '语句行数' },
  written: { en: 'Rows inserted, updated, deleted', ru: 'Вставлено, изменено, удалено строк', zh: '增改删行数' },
  hit: { en: 'Found in shared buffers, MB', ru: 'Из общих буферов, МБ', zh: '缓冲命中（MB）' },
  read: { en: 'Read, MB', ru: 'Прочитано, МБ', zh: '读取（MB）' },
  wal: { en: 'WAL, MB', ru: 'WAL, МБ', zh: 'WAL（MB）' },
  temp: { en: 'Temporary files, MB', ru: 'Временные файлы, МБ', zh: '临时文件（MB）' },
  sessions: { en: 'Sessions opened', ru: 'Открыто сеансов', zh: '新建会话' },
} as const satisfies Readonly<Record<string, Readonly<Record<Locale, string>>>>;

export type Measure = keyof typeof MEASURE_LABELS;

/** What the servers' load was before and is now, in a fixed order; measures that neither side has are left out. */
export function comparedMeasures({ baseline, range, locale }: WorkloadFacts): readonly ComparedMeasure[] {
  if (baseline === null) return [];
  const [a, b] = [measuresOf(baseline), measuresOf(range)];
  return (Object.keys(MEASURE_LABELS) as Measure[]).flatMap((measure) => {
    const [was, is] = [a[measure], b[measure]];
    if (!was && !is) return [];
    const [before, after] = [rate(was, baseline.seconds), rate(is, range.seconds)];
    const isEnough = (was ?? 0) >= floorOf(measure) && (is ?? 0) >= floorOf(measure);
    const ofTransactions = (value: number | null, all: number | null): number | null =>
      measure === 'transactions' ? null : rate(value, all ?? 0);
    return [
      {
        label: MEASURE_LABELS[measure][locale],
        before,
        after,
        change: before !== null && after !== null ? after - before : null,
        ratio: isEnough && before !== null && after !== null && before > 0 ? after / before : null,
        beforeTransaction: ofTransactions(was, a.transactions),
        afterTransaction: ofTransactions(is, b.transactions),
      },
    ];
  });
}

/** Seconds and megabytes are no events: one of them is enough. */
const floorOf = (measure: Measure): number =>
  ['time', 'statementSeconds', 'hit', 'read', 'wal', 'temp'].includes(measure) ? 1 : LEAST_EVENTS;

const rate = (value: number | null, of: number): number | null => (value === null || of <= 0 ? null : value / of);

/** What a range counted of each measure, in all; null where it does not. */
export function measuresOf(range: Range): Record<Measure, number | null> {
  const database = range.table('database');
  const { whole, all } = statementsOf({ range, minutes: [] });
  const of = (column: string): number | null => sumOf(database, column);
  const added = (...columns: readonly string[]): number | null => {
    const told = columns.flatMap((column) => of(column) ?? []);
    return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0);
  };
  const megabytes = (value: number | null, unit = 1): number | null => (value === null ? null : (value * unit) / MB);
  const block = blockSize(range);
  return {
    time: databaseTimeOf(range, [])?.seconds ?? null,
    transactions: added('xact_commit', 'xact_rollback'),
    rollbacks: of('xact_rollback'),
    calls: all.length === 0 ? null : whole.calls,
    statementSeconds: all.length === 0 ? null : whole.seconds,
    rows: all.length === 0 ? null : whole.rows,
    written: added('tup_inserted', 'tup_updated', 'tup_deleted'),
    hit: megabytes(of('blks_hit'), block),
    read: megabytes(of('blks_read'), block),
    wal: megabytes(sumOf(range.table('wal'), 'wal_bytes') ?? whole.walBytes),
    temp: megabytes(of('temp_bytes')),
    sessions: of('sessions'),
  };
}
