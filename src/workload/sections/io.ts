import { type Block, chartBlock, plain, textBlock } from '../block.ts';
import type { DeltaRow } from '../delta-table.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import {
  bytesColumn,
  countColumn,
  figureColumn,
  type ListColumn,
  listBlock,
  ratioColumn,
  textColumn,
  total,
} from '../list.ts';
import type { Section } from '../section.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  summary: [
    'What each kind of process read and wrote, as it asked the operating system for it: the system’s cache may have answered.',
    'Что читали и записывали процессы каждого вида; запросы могли быть обслужены кэшем операционной системы.',
    '各类进程向操作系统请求的读写；可能由操作系统缓存应答。',
  ],
  untimed: [
    ' Times are not measured: track_io_timing is off.',
    ' Время не измеряется: track_io_timing выключен.',
    ' 未测量时间：track_io_timing 已关闭。',
  ],
  absent: [
    'This version does not count I/O by kind of process (PostgreSQL 16 and later do).',
    'Эта версия не считает ввод-вывод по видам процессов (PostgreSQL 16 и новее — считают).',
    '此版本不按进程类型统计 I/O（PostgreSQL 16 及以上支持）。',
  ],
  nothing: ['Nothing was read or written.', 'Чтения и записи не было.', '没有读写。'],
  reading: ['Reading by kind of process', 'Чтение по видам процессов', '按进程类型的读取'],
  writing: ['Writing by kind of process', 'Запись по видам процессов', '按进程类型的写入'],
  matrixTime: [
    'I/O time by process and purpose, s',
    'Время ввода-вывода по процессам и назначению, с',
    '按进程与用途的 I/O 时间（秒）',
  ],
  matrixVolume: [
    'I/O by process and purpose, MB',
    'Объём ввода-вывода по процессам и назначению, МБ',
    '按进程与用途的 I/O 量（MB）',
  ],
  process: ['Process', 'Процесс', '进程'],
  object: ['Of', 'Чего', '对象'],
  context: ['Purpose', 'Назначение', '用途'],
  reads: ['Reads', 'Чтений', '读次数'],
  read: ['Read', 'Прочитано', '读取'],
  readTime: ['Read time, s', 'Время, с', '读耗时（秒）'],
  perRead: ['ms per read', 'мс на чтение', '毫秒/读'],
  hits: ['Hits', 'Найдено', '命中'],
  hit: ['Hit', 'Из буферов', '命中率'],
  evictions: ['Evictions', 'Вытеснено', '驱逐'],
  reuses: ['Reuses', 'Повторно', '复用'],
  writes: ['Writes', 'Записей', '写次数'],
  written: ['Written', 'Записано', '写入'],
  writeTime: ['Time, s', 'Время, с', '耗时（秒）'],
  perWrite: ['ms per write', 'мс на запись', '毫秒/写'],
  extends: ['Extended', 'Добавлено', '扩展'],
  perExtend: ['ms per extend', 'мс на добавление', '毫秒/扩展'],
  syncs: ['Syncs', 'Синхр.', '同步'],
  perSync: ['ms per sync', 'мс на синхр.', '毫秒/同步'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** I/O of one kind of process on one kind of object, its contexts together; a counter by its name. */
interface ProcessIo {
  readonly process: string;
  readonly object: string;
  of(column: string): number | null;
}

/** I/O by kind of process (PostgreSQL 16+). */
export const io: Section = {
  id: 'io',
  chapter: 'system',
  title: { en: 'I/O by kind of process', ru: 'Ввод-вывод по видам процессов', zh: '按进程类型的 I/O' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const heading = io.title[facts.locale];
    const table = facts.range.table('io');
    if (table.rows.length === 0) return [textBlock({ id: io.id, heading }, plain(words.absent))];
    const isTimed = settingOf(facts.range, 'track_io_timing') === 'on';
    const groups = Map.groupBy(table.rows, (row) => JSON.stringify([processOf(row), objectOf(row)]));
    const items = [...groups.values()].flatMap((rows): ProcessIo[] => {
      const [first] = rows;
      if (first === undefined) return [];
      const of = (column: string): number | null => total(rows, (row) => table.delta(row, column));
      return [{ process: processOf(first), object: objectOf(first), of }];
    });
    return [
      textBlock({ id: io.id, heading }, plain(words.summary + (isTimed ? '' : words.untimed))),
      readingList(facts, words, items, isTimed),
      writingList(facts, words, items, isTimed),
      ...matrix(facts, words, isTimed),
    ];

    function processOf(row: DeltaRow): string {
      return String(table.last(row, 'backend_type'));
    }
    function objectOf(row: DeltaRow): string {
      return String(table.last(row, 'object'));
    }
  },
};

const nameColumns = (words: Words): ListColumn<ProcessIo>[] => [
  textColumn('process', words.process, ({ process }) => process),
  textColumn('object', words.object, ({ object }) => object),
];

/** Seconds of a counter of milliseconds; null where nobody measures: 0 beside work that was done says so too. */
const secondsOf =
  (isTimed: boolean, column: string, count: string) =>
  (item: ProcessIo): number | null => {
    const ms = item.of(column);
    return !isTimed || ms === null || (ms === 0 && (item.of(count) ?? 0) > 0) ? null : ms / 1000;
  };

function perOperation(
  items: readonly ProcessIo[],
  isTimed: boolean,
  [key, label, time, count]: readonly [string, string, string, string],
): ListColumn<ProcessIo> {
  const mean = (ms: number | null, operations: number | null): number | null =>
    !isTimed || ms === null || !operations || (ms === 0 && operations > 0) ? null : ms / operations;
  const column = figureColumn<ProcessIo>(key, label, (item) => mean(item.of(time), item.of(count)), items, {
    decimals: 3,
  });
  const rest: ListColumn<ProcessIo>['rest'] = (all) =>
    mean(
      total(all, (item) => item.of(time)),
      total(all, (item) => item.of(count)),
    );
  return { ...column, rest };
}

function readingList(facts: WorkloadFacts, words: Words, items: readonly ProcessIo[], isTimed: boolean): Block {
  const [reads, hits] = ['reads', 'hits'].map((column) => (item: ProcessIo) => item.of(column));
  const both = (item: ProcessIo): number => (reads?.(item) ?? 0) + (hits?.(item) ?? 0);
  return listBlock<ProcessIo>({
    id: 'io-reading',
    heading: words.reading,
    locale: facts.locale,
    items,
    rank: (item) => (item.of('read_bytes') ?? 0) + both(item) / 1e9,
    none: words.nothing,
    columns: [
      ...nameColumns(words),
      countColumn('reads', words.reads, (item) => item.of('reads')),
      bytesColumn('read', words.read, (item) => item.of('read_bytes')),
      figureColumn('read_time', words.readTime, secondsOf(isTimed, 'read_time', 'reads'), items, { decimals: 2 }),
      perOperation(items, isTimed, ['per_read', words.perRead, 'read_time', 'reads']),
      countColumn('hits', words.hits, (item) => item.of('hits')),
      ratioColumn('hit', words.hit, (item) => item.of('hits'), both),
      countColumn('evictions', words.evictions, (item) => item.of('evictions')),
      countColumn('reuses', words.reuses, (item) => item.of('reuses')),
    ],
  });
}

const writingList = (facts: WorkloadFacts, words: Words, items: readonly ProcessIo[], isTimed: boolean): Block =>
  listBlock<ProcessIo>({
    id: 'io-writing',
    heading: words.writing,
    locale: facts.locale,
    items,
    rank: (item) => (item.of('write_bytes') ?? 0) + (item.of('extend_bytes') ?? 0) + (item.of('fsyncs') ?? 0),
    none: words.nothing,
    columns: [
      ...nameColumns(words),
      countColumn('writes', words.writes, (item) => item.of('writes')),
      bytesColumn('written', words.written, (item) => item.of('write_bytes')),
      figureColumn('write_time', words.writeTime, secondsOf(isTimed, 'write_time', 'writes'), items, { decimals: 2 }),
      perOperation(items, isTimed, ['per_write', words.perWrite, 'write_time', 'writes']),
      bytesColumn('extended', words.extends, (item) => item.of('extend_bytes')),
      perOperation(items, isTimed, ['per_extend', words.perExtend, 'extend_time', 'extends']),
      countColumn('syncs', words.syncs, (item) => item.of('fsyncs')),
      perOperation(items, isTimed, ['per_sync', words.perSync, 'fsync_time', 'fsyncs']),
    ],
  });

/** Less is nothing beside the others. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const MB = 1_000_000;
const LEAST_CELLS = 3;

/** Kind of process by what it did it for (normal, vacuum, bulk reads and writes): time, or where nobody measures it bytes. */
function matrix({ range }: WorkloadFacts, words: Words, isTimed: boolean): Block[] {
  const table = range.table('io');
  const [columns, divisor] = isTimed
    ? [['read_time', 'write_time', 'extend_time', 'fsync_time'], 1000]
    : [['read_bytes', 'write_bytes', 'extend_bytes'], MB];
  const cells = table.rows.flatMap((row) => {
    const value = rounded((total(columns, (column) => table.delta(row, column)) ?? 0) / divisor);
    const purpose = table.last(row, 'object') === 'wal' ? 'wal' : String(table.last(row, 'context'));
    return value > 0 ? [[purpose, String(table.last(row, 'backend_type')), value]] : [];
  });
  if (cells.length < LEAST_CELLS) return [];
  const heading = isTimed ? words.matrixTime : words.matrixVolume;
  const shape = [
    { key: 'context', type: 'text' as const },
    { key: 'process', type: 'text' as const },
    { key: 'value', type: 'number' as const },
  ];
  const mappings = { xAxis: { field: 'context' }, yAxis: { field: 'value', groupingField: 'process' } };
  return [chartBlock({ id: 'io-matrix', heading, kind: 'heatmap' }, shape, cells, { mappings })];
}
