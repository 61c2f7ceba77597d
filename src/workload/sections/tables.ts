import { type Block, chartBlock, plain, textBlock } from '../block.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import { figure, signed, volume } from '../figures.ts';
import {
  bytesColumn,
  changeColumn,
  countColumn,
  type List,
  type ListColumn,
  listBlock,
  ratioColumn,
  textColumn,
  total,
} from '../list.ts';
import { rowNote } from '../row-notes.ts';
import type { Section } from '../section.ts';
import { changeOf, foldSystemTables, type TableFigures, tablesOf } from '../tables.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';
import { livesOfTables } from './table-lives.ts';
import { spaceChart } from './table-space.ts';

const WORDS = {
  summary: [
    '{count} tables in {databases} databases take {size} without their indexes ({change} in the range). Blocks are those of a table and its TOAST table. The server’s own tables of a database are one row. Sizes below 1 MB are those of the last vacuum or analyze.',
    'Таблиц: {count}, баз данных: {databases}; без индексов они занимают {size} ({change} за период). Блоки — самой таблицы и её TOAST-таблицы. Системные таблицы базы данных показаны одной строкой. Размеры меньше 1 МБ — на момент последней очистки или анализа.',
    '{databases} 个数据库中共 {count} 个表，不含索引占用 {size}（区间内变化 {change}）。块数包含表及其 TOAST 表。每个数据库的系统表合并为一行。小于 1 MB 的大小取自最近一次 vacuum 或 analyze。',
  ],
  absent: ['No tables were read.', 'Таблицы не были прочитаны.', '未读取到任何表。'],
  sequential: ['Tables by sequential reading', 'Таблицы по последовательному чтению', '按顺序扫描量排序的表'],
  sequentialNote: [
    'Volume is estimated as rows read ÷ rows × mean size: a parallel scan counts once more for each worker, and a scan may end early.',
    'Объём оценён как прочитанные строки ÷ все строки × средний размер: параллельное сканирование считается по разу на процесс, а прерванное читает меньше.',
    '扫描量按读取行数 ÷ 总行数 × 平均大小估算：并行扫描会按每个进程各计一次，且扫描可能提前结束。',
  ],
  noSequential: ['No table was read sequentially.', 'Последовательного чтения таблиц не было.', '没有表被顺序扫描。'],
  fetched: ['Tables by blocks fetched', 'Таблицы по затребованным блокам', '按访问块数排序的表'],
  noFetched: ['No block of a table was fetched.', 'Блоки таблиц не запрашивались.', '没有访问任何表块。'],
  read: ['Tables by blocks read', 'Таблицы по прочитанным блокам', '按读取块数排序的表'],
  noRead: [
    'Every block was found in shared buffers: nothing was read.',
    'Все блоки нашлись в общих буферах: чтения не было.',
    '所有块均命中共享缓冲区：没有读取。',
  ],
  changed: ['Tables by rows changed', 'Таблицы по изменённым строкам', '按变更行数排序的表'],
  noChanged: [
    'No row was inserted, updated or deleted.',
    'Строки не добавлялись, не менялись и не удалялись.',
    '没有插入、更新或删除任何行。',
  ],
  growth: ['Tables by growth', 'Таблицы по росту', '按增长排序的表'],
  largest: ['Largest tables', 'Самые большие таблицы', '最大的表'],
  growthChart: ['Growth by table', 'Рост по таблицам', '各表增长量'],
  noGrowth: ['No table has grown.', 'Ни одна таблица не выросла.', '没有表增长。'],
  table: ['Table', 'Таблица', '表'],
  database: ['Database', 'База данных', '数据库'],
  seqScans: ['Scans', 'Сканирований', '扫描次数'],
  seqRows: ['Rows read', 'Строк прочитано', '读取行'],
  perScan: ['Rows per scan', 'Строк на сканирование', '每次扫描行数'],
  volume: ['Volume', 'Объём', '扫描量'],
  share: ['Share', 'Доля', '占比'],
  indexScans: ['Index scans', 'Сканирований индексов', '索引扫描'],
  size: ['Size', 'Размер', '大小'],
  blocks: ['Blocks fetched', 'Запрошено блоков', '访问块'],
  blocksRead: ['Blocks read', 'Прочитано блоков', '读取块'],
  readVolume: ['Read', 'Прочитано', '读取量'],
  hit: ['Hit', 'Из буферов', '命中率'],
  inserted: ['Inserted', 'Вставлено', '插入'],
  updated: ['Updated', 'Изменено', '更新'],
  deleted: ['Deleted', 'Удалено', '删除'],
  hot: ['HOT', 'HOT', 'HOT'],
  newPage: ['To new page', 'На новую страницу', '移至新页'],
  live: ['Live rows', 'Живых строк', '存活行'],
  before: ['Size before', 'Размер до', '起始大小'],
  after: ['Size after', 'Размер после', '结束大小'],
  change: ['Change', 'Изменение', '变化'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;
type Of = (table: TableFigures) => number | null;

/** Tables: which are read whole, which are read and changed most, and which grow. */
export const tables: Section = {
  id: 'tables',
  chapter: 'objects',
  title: { en: 'Tables', ru: 'Таблицы', zh: '表' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const heading = tables.title[facts.locale];
    const all = tablesOf(facts.range);
    if (all.length === 0) return [textBlock({ id: tables.id, heading }, plain(words.absent))];
    const items = foldSystemTables(all);
    const databases = new Set(all.map(({ database }) => database));
    const list: ListMaker = (id, columns, rest) =>
      listBlock<TableFigures>({
        id: `tables-${id}`,
        locale: facts.locale,
        items,
        note: ({ row }) => rowNote(row, facts.locale),
        ...rest,
        columns: [
          textColumn('table', words.table, nameOf),
          ...(databases.size > 1
            ? [textColumn<TableFigures>('database', words.database, ({ database }) => database)]
            : []),
          ...columns,
        ],
      });
    return [
      textBlock(
        { id: tables.id, heading },
        plain(`${summary(facts, words, all, databases.size)} ${livesOfTables(facts, all)}`.trim()),
      ),
      ...spaceChart(facts, items),
      sequentialList(facts, words, items, list),
      ...blockLists(facts, words, items, list),
      changedList(words, items, list),
      ...growthBlocks(words, items, list),
    ];
  },
};

type ListMaker = (
  id: string,
  columns: readonly ListColumn<TableFigures>[],
  rest: Pick<List<TableFigures>, 'heading' | 'none'> & Partial<List<TableFigures>>,
) => Block;

const nameOf = ({ schema, name }: TableFigures): string =>
  schema === 'public' || schema === name ? name : `${schema}.${name}`;
const sizeOf: Of = ({ size }) => size.end ?? size.start;

function summary({ locale }: WorkloadFacts, words: Words, all: readonly TableFigures[], databases: number): string {
  const bytes = (value: number | null): string => volume(value, locale);
  return filled(words.summary, {
    count: figure(all.filter(({ row, schema }) => row.isAtEnd && schema !== 'pg_catalog').length, locale),
    databases: figure(databases, locale),
    size: bytes(total(all, ({ size }) => size.end)),
    change: signed(
      total(all, ({ size }) => changeOf(size)),
      bytes,
    ),
  });
}

function sequentialList(facts: WorkloadFacts, words: Words, items: readonly TableFigures[], list: ListMaker): Block {
  const bytes = blockSize(facts.range);
  const whole = total(items, ({ seqPages }) => seqPages);
  const columns = [
    countColumn<TableFigures>('scans', words.seqScans, ({ seqScans }) => seqScans),
    countColumn<TableFigures>('rows', words.seqRows, ({ seqRows }) => seqRows),
    bytesColumn<TableFigures>('volume', words.volume, ({ seqPages }) => (seqPages === null ? null : seqPages * bytes)),
    ratioColumn<TableFigures>(
      'share',
      words.share,
      ({ seqPages }) => seqPages,
      () => whole,
    ),
    countColumn<TableFigures>('index_scans', words.indexScans, ({ indexScans }) => indexScans),
    bytesColumn<TableFigures>('size', words.size, sizeOf),
  ];
  return list('sequential', columns, {
    heading: words.sequential,
    description: words.sequentialNote,
    rank: ({ seqPages }) => seqPages,
    none: words.noSequential,
  });
}

function blockLists(facts: WorkloadFacts, words: Words, items: readonly TableFigures[], list: ListMaker): Block[] {
  const [fetched, read]: [Of, Of] = [(table) => table.fetched, (table) => table.read];
  const hit: Of = (table) => (table.fetched === null ? null : table.fetched - (table.read ?? 0));
  const bytes = blockSize(facts.range);
  const columns = (of: Of) => {
    const whole = total(items, of);
    return [
      countColumn<TableFigures>('blocks', words.blocks, fetched),
      countColumn<TableFigures>('blocks_read', words.blocksRead, read),
      bytesColumn<TableFigures>('read', words.readVolume, (table) => (table.read === null ? null : table.read * bytes)),
      ratioColumn<TableFigures>('share', words.share, of, () => whole),
      ratioColumn<TableFigures>('hit', words.hit, hit, fetched),
      bytesColumn<TableFigures>('size', words.size, sizeOf),
    ];
  };
  return [
    list('fetched', columns(fetched), { heading: words.fetched, rank: fetched, none: words.noFetched }),
    list('read', columns(read), { heading: words.read, rank: read, none: words.noRead }),
  ];
}

function changedList(words: Words, items: readonly TableFigures[], list: ListMaker): Block {
  const updated: Of = (table) => table.updated;
  const hasNewPage = items.some(({ newPageUpdated }) => newPageUpdated !== null);
  const columns = [
    countColumn<TableFigures>('inserted', words.inserted, (table) => table.inserted),
    countColumn<TableFigures>('updated', words.updated, updated),
    countColumn<TableFigures>('deleted', words.deleted, (table) => table.deleted),
    ratioColumn<TableFigures>('hot', words.hot, (table) => table.hotUpdated, updated),
    ...(hasNewPage
      ? [ratioColumn<TableFigures>('new_page', words.newPage, (table) => table.newPageUpdated, updated)]
      : []),
    countColumn<TableFigures>('live', words.live, ({ liveRows }) => liveRows.end),
  ];
  return list('changed', columns, {
    heading: words.changed,
    rank: (table) => (table.inserted ?? 0) + (table.updated ?? 0) + (table.deleted ?? 0),
    none: words.noChanged,
  });
}

/** A file that was written anew says nothing of growth: such tables are listed by size alone. */
function growthBlocks(words: Words, items: readonly TableFigures[], list: ListMaker): Block[] {
  const growth: Of = ({ row, size }) => (row.labels.has('rewritten') ? null : changeOf(size));
  const columns = [
    bytesColumn<TableFigures>('before', words.before, ({ size }) => size.start),
    bytesColumn<TableFigures>('after', words.after, ({ size }) => size.end),
    changeColumn<TableFigures>('change', words.change, ({ size }) => size),
    countColumn<TableFigures>('live', words.live, ({ liveRows }) => liveRows.end),
  ];
  const bars = items.flatMap((table) => ((growth(table) ?? 0) > 0 ? [[nameOf(table), growth(table)]] : []));
  const chart = chartBlock(
    { id: 'tables-growth-chart', heading: words.growthChart, kind: 'toplist' },
    [
      { key: 'table', type: 'text' },
      { key: 'growth', type: 'number' },
    ],
    bars,
    { settings: { unit: 'decbytes', limit: 8, other: true } },
  );
  return [
    list('growth', columns, { heading: words.growth, rank: growth, none: words.noGrowth }),
    ...(bars.length > 2 ? [chart] : []),
    list('largest', columns, { heading: words.largest, rank: sizeOf, none: words.absent }),
  ];
}
