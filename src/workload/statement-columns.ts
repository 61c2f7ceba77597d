import type { Locale } from '../definition/definition.ts';
import { hitShare, meanMs, perCall, type Statement, type Work } from './statements.ts';

/** What the shares and blocks of a column are of. */
export interface ColumnContext {
  readonly databaseSeconds: number | null;
  readonly blockBytes: number;
}

/** A column of figures of statements. */
export interface StatementColumn {
  readonly label: Readonly<Record<Locale, string>>;
  /** Of one statement, or of several together. */
  readonly of: (work: Work, context: ColumnContext) => number | null;
  /** What only a single statement has, in place of `of`. */
  readonly ofOne?: (statement: Statement) => number | null;
  /** It may be added up below the table. */
  readonly adds?: boolean;
  /** `ratio`: percent of 0 to 1; `decbytes`: powers of 1000. */
  readonly unit?: 'ratio' | 'decbytes';
  /** Else so many that the largest figure has four digits. */
  readonly decimals?: number;
}

const KB = 1000;
const none = (): null => null;
const ratio = (part: number | null, whole: number | null): number | null =>
  part !== null && whole !== null && whole > 0 ? part / whole : null;

/** Every column that a table of statements may have, by its key. */
export const STATEMENT_COLUMNS = {
  calls: { label: { en: 'Calls', ru: 'Вызовы', zh: '执行次数' }, of: ({ calls }) => calls, adds: true },
  seconds: { label: { en: 'Time, s', ru: 'Время, с', zh: '耗时（秒）' }, of: ({ seconds }) => seconds, adds: true },
  share: {
    label: { en: 'DB time', ru: 'Время БД', zh: '占数据库时间' },
    of: ({ seconds }, { databaseSeconds }) => ratio(seconds, databaseSeconds),
    ...{ adds: true, unit: 'ratio', decimals: 1 },
  },
  mean: { label: { en: 'Mean, ms', ru: 'Среднее, мс', zh: '平均（毫秒）' }, of: meanMs, decimals: 2 },
  stddev: {
    label: { en: '± ms', ru: '± мс', zh: '± 毫秒' },
    ...{ of: none, ofOne: ({ stddevMs }: Statement) => stddevMs, decimals: 1 },
  },
  max: {
    label: { en: 'Max, ms', ru: 'Макс., мс', zh: '最大（毫秒）' },
    ...{ of: none, ofOne: ({ maxMs }: Statement) => maxMs, decimals: 0 },
  },
  rows: { label: { en: 'Rows', ru: 'Строки', zh: '行数' }, of: ({ rows }) => rows, adds: true },
  rowsPerCall: {
    label: { en: 'Rows/call', ru: 'Строк/вызов', zh: '行/次' },
    of: (work) => perCall(work, work.rows),
    decimals: 1,
  },
  hit: { label: { en: 'Hit', ru: 'Из буферов', zh: '命中率' }, of: hitShare, unit: 'ratio', decimals: 1 },
  gets: {
    label: { en: 'Touched', ru: 'Обращения', zh: '访问量' },
    of: ({ hit, read }) => hit + read,
    ...{ adds: true, unit: 'decbytes' },
  },
  getsPerCall: {
    label: { en: 'Touched/call, kB', ru: 'Обращ./вызов, кБ', zh: '访问量/次（kB）' },
    of: (work) => perCall(work, (work.hit + work.read) / KB),
    decimals: 0,
  },
  read: { label: { en: 'Read', ru: 'Прочитано', zh: '读取' }, of: ({ read }) => read, adds: true, unit: 'decbytes' },
  dirtied: {
    label: { en: 'Dirtied', ru: 'Изменено', zh: '弄脏' },
    of: ({ dirtied }) => dirtied,
    ...{ adds: true, unit: 'decbytes' },
  },
  written: {
    label: { en: 'Written', ru: 'Записано', zh: '写入' },
    of: ({ written }) => written,
    ...{ adds: true, unit: 'decbytes' },
  },
  ioSeconds: {
    label: { en: 'I/O time, s', ru: 'Время I/O, с', zh: 'I/O 耗时（秒）' },
    of: ({ ioSeconds }) => ioSeconds,
    adds: true,
  },
  ioShare: {
    label: { en: 'I/O of its time', ru: 'Доля I/O', zh: 'I/O 占比' },
    of: ({ ioSeconds, seconds }) => ratio(ioSeconds, seconds),
    ...{ unit: 'ratio', decimals: 1 },
  },
  msPerRead: {
    label: { en: 'ms/block', ru: 'мс/блок', zh: '毫秒/块' },
    of: ({ readSeconds, read }, { blockBytes }) =>
      readSeconds === null ? null : ratio(readSeconds * 1000, read / blockBytes),
    decimals: 3,
  },
  blocksPerRow: {
    label: { en: 'Blocks/row', ru: 'Блоков/строку', zh: '块/行' },
    of: ({ hit, read, rows }, { blockBytes }) => ratio((hit + read) / blockBytes, rows),
    decimals: 1,
  },
  tempWritten: {
    label: { en: 'Temp written', ru: 'Врем. запись', zh: '临时写入' },
    of: ({ tempWritten }) => tempWritten,
    ...{ adds: true, unit: 'decbytes' },
  },
  tempRead: {
    label: { en: 'Temp read', ru: 'Врем. чтение', zh: '临时读取' },
    of: ({ tempRead }) => tempRead,
    ...{ adds: true, unit: 'decbytes' },
  },
  tempSeconds: {
    label: { en: 'Temp I/O, s', ru: 'I/O врем., с', zh: '临时 I/O（秒）' },
    of: ({ tempSeconds }) => tempSeconds,
    adds: true,
  },
  tempPerCall: {
    label: { en: 'Temp/call, kB', ru: 'Врем./вызов, кБ', zh: '临时/次（kB）' },
    of: (work) => perCall(work, (work.tempRead + work.tempWritten) / KB),
    decimals: 2,
  },
  walBytes: {
    label: { en: 'WAL', ru: 'WAL', zh: 'WAL' },
    of: ({ walBytes }) => walBytes,
    ...{ adds: true, unit: 'decbytes' },
  },
  walRecords: {
    label: { en: 'Records', ru: 'Записи', zh: '记录数' },
    of: ({ walRecords }) => walRecords,
    adds: true,
  },
  walImages: {
    label: { en: 'Page images', ru: 'Образы страниц', zh: '整页镜像' },
    of: ({ walImages }) => walImages,
    adds: true,
  },
  walPerCall: {
    label: { en: 'WAL/call, kB', ru: 'WAL/вызов, кБ', zh: 'WAL/次（kB）' },
    of: (work) => perCall(work, work.walBytes === null ? null : work.walBytes / KB),
    decimals: 2,
  },
  walBuffersFull: {
    label: { en: 'Buffers full', ru: 'Буферы полны', zh: '缓冲已满' },
    of: ({ walBuffersFull }) => walBuffersFull,
    adds: true,
  },
  planSeconds: {
    label: { en: 'Planning, s', ru: 'План., с', zh: '规划（秒）' },
    of: ({ planSeconds }) => planSeconds,
    adds: true,
  },
  planShare: {
    label: { en: 'Planning of its time', ru: 'Доля план.', zh: '规划占比' },
    of: ({ planSeconds, seconds }) => ratio(planSeconds, seconds),
    ...{ unit: 'ratio', decimals: 1 },
  },
  jitFunctions: {
    label: { en: 'JIT functions', ru: 'Функции JIT', zh: 'JIT 函数' },
    of: ({ jitFunctions }) => jitFunctions,
    adds: true,
  },
  jitSeconds: {
    label: { en: 'JIT, s', ru: 'JIT, с', zh: 'JIT（秒）' },
    of: ({ jitSeconds }) => jitSeconds,
    adds: true,
  },
  jitShare: {
    label: { en: 'JIT of its time', ru: 'Доля JIT', zh: 'JIT 占比' },
    of: ({ jitSeconds, seconds }) => ratio(jitSeconds, seconds),
    ...{ unit: 'ratio', decimals: 1 },
  },
  workersPlanned: {
    label: { en: 'Workers planned', ru: 'Проц. намечено', zh: '计划进程' },
    of: ({ workersPlanned }) => workersPlanned,
    adds: true,
  },
  workersLaunched: {
    label: { en: 'Workers launched', ru: 'Проц. запущено', zh: '启动进程' },
    of: ({ workersLaunched }) => workersLaunched,
    adds: true,
  },
} as const satisfies Readonly<Record<string, StatementColumn>>;

export type StatementColumnKey = keyof typeof STATEMENT_COLUMNS;
