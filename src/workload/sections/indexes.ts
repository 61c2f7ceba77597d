import { type Block, chartBlock, plain, textBlock } from '../block.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import { figure, volume } from '../figures.ts';
import { type IndexFigures, indexesOf } from '../indexes.ts';
import {
  bytesColumn,
  changeColumn,
  countColumn,
  type ListColumn,
  listBlock,
  ratioColumn,
  textColumn,
  total,
} from '../list.ts';
import { rowNote } from '../row-notes.ts';
import type { Section } from '../section.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';
import { type IndexSuspects, suspectBlocks, suspectsOf } from './index-suspects.ts';

const WORDS = {
  summary: [
    '{count} indexes, {size}. Not used in this range: {unused} ({unusedSize}). Covered by another: {duplicates}. Invalid: {invalid}.',
    'Индексов: {count}, {size}. Не использовались за период: {unused} ({unusedSize}). Заменимы другим: {duplicates}. Негодные: {invalid}.',
    '共 {count} 个索引，{size}。区间内未使用：{unused} 个（{unusedSize}）。被其他索引覆盖：{duplicates} 个。无效：{invalid} 个。',
  ],
  absent: ['No indexes were read.', 'Индексы не были прочитаны.', '未读取到任何索引。'],
  used: ['Indexes by blocks fetched', 'Индексы по запрошенным блокам', '按访问块数排序的索引'],
  noUsed: ['No index was used.', 'Индексы не использовались.', '没有使用任何索引。'],
  chart: ['Scans by index', 'Сканирования по индексам', '各索引扫描次数'],
  growth: ['Indexes by growth', 'Индексы по росту', '按增长排序的索引'],
  noGrowth: ['No index has grown.', 'Ни один индекс не вырос.', '没有索引增长。'],
  index: ['Index', 'Индекс', '索引'],
  table: ['Table', 'Таблица', '表'],
  scans: ['Scans', 'Сканирований', '扫描'],
  rowsRead: ['Entries read', 'Прочитано записей', '读取条目'],
  rowsFetched: ['Rows fetched', 'Выбрано строк', '获取行'],
  blocks: ['Blocks fetched', 'Запрошено блоков', '访问块'],
  read: ['Read', 'Прочитано', '读取'],
  hit: ['Hit', 'Из буферов', '命中率'],
  size: ['Size', 'Размер', '大小'],
  before: ['Size before', 'Размер до', '起始大小'],
  after: ['Size after', 'Размер после', '结束大小'],
  change: ['Change', 'Изменение', '变化'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** Indexes: which are used and what they cost; which do nothing. */
export const indexes: Section = {
  id: 'indexes',
  chapter: 'objects',
  title: { en: 'Indexes', ru: 'Индексы', zh: '索引' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const heading = indexes.title[facts.locale];
    const all = indexesOf(facts);
    if (all.length === 0) return [textBlock({ id: indexes.id, heading }, plain(words.absent))];
    const isOneDatabase = new Set(all.map(({ database }) => database)).size < 2;
    const name = nameOf(isOneDatabase);
    const suspects = suspectsOf(facts, all);
    return [
      textBlock({ id: indexes.id, heading }, plain(summary(facts, words, all, suspects))),
      usedList(facts, words, all, name),
      ...scansChart(words, all, name),
      growthList(facts, words, all, name),
      ...suspectBlocks(facts, suspects, name),
    ];
  },
};

type NameOf = (index: IndexFigures) => string;

/** With its database where there are several, and its schema where that is not the usual one. */
const nameOf =
  (isOneDatabase: boolean) =>
  ({ database, schema, name }: IndexFigures): string =>
    [isOneDatabase ? '' : database, schema === 'public' ? '' : schema, name].filter((word) => word !== '').join('.');

const sizeOf = ({ size }: IndexFigures): number | null => size.end ?? size.start;

function summary(
  { locale }: WorkloadFacts,
  words: Words,
  all: readonly IndexFigures[],
  suspects: IndexSuspects,
): string {
  return filled(words.summary, {
    count: figure(all.filter(({ row }) => row.isAtEnd).length, locale),
    size: volume(
      total(all, ({ size }) => size.end),
      locale,
    ),
    unused: figure(suspects.unused.length, locale),
    unusedSize: volume(total(suspects.unused, sizeOf) ?? 0, locale),
    duplicates: figure(suspects.duplicates.length, locale),
    invalid: figure(suspects.invalid.length, locale),
  });
}

const nameColumns = (words: Words, name: NameOf): ListColumn<IndexFigures>[] => [
  textColumn('index', words.index, name),
  textColumn('table', words.table, ({ table }) => table),
];

function usedList(facts: WorkloadFacts, words: Words, all: readonly IndexFigures[], name: NameOf): Block {
  const fetched = (index: IndexFigures) => index.blocksFetched;
  const bytes = blockSize(facts.range);
  return listBlock<IndexFigures>({
    id: 'indexes-used',
    heading: words.used,
    locale: facts.locale,
    items: all,
    rank: fetched,
    none: words.noUsed,
    note: ({ row }) => rowNote(row, facts.locale),
    columns: [
      ...nameColumns(words, name),
      countColumn('scans', words.scans, ({ scans }) => scans),
      countColumn('rows_read', words.rowsRead, ({ rowsRead }) => rowsRead),
      countColumn('rows_fetched', words.rowsFetched, ({ rowsFetched }) => rowsFetched),
      countColumn('blocks', words.blocks, fetched),
      bytesColumn('read', words.read, ({ blocksRead }) => (blocksRead === null ? null : blocksRead * bytes)),
      ratioColumn('hit', words.hit, (index) => (index.blocksFetched ?? 0) - (index.blocksRead ?? 0), fetched),
      bytesColumn('size', words.size, sizeOf),
    ],
  });
}

function scansChart(words: Words, all: readonly IndexFigures[], name: NameOf): Block[] {
  const bars = all.flatMap((index) => ((index.scans ?? 0) > 0 ? [[name(index), index.scans]] : []));
  if (bars.length < 3) return [];
  const chart = chartBlock(
    { id: 'indexes-scans', heading: words.chart, kind: 'toplist' },
    [
      { key: 'index', type: 'text' },
      { key: 'scans', type: 'number' },
    ],
    bars,
    { settings: { limit: 8, other: true } },
  );
  return [chart];
}

const growthList = (facts: WorkloadFacts, words: Words, all: readonly IndexFigures[], name: NameOf): Block =>
  listBlock<IndexFigures>({
    id: 'indexes-growth',
    heading: words.growth,
    locale: facts.locale,
    items: all,
    rank: ({ size }) => (size.end === null ? null : size.end - (size.start ?? 0)),
    none: words.noGrowth,
    note: ({ row }) => rowNote(row, facts.locale),
    columns: [
      ...nameColumns(words, name),
      bytesColumn('before', words.before, ({ size }) => size.start),
      bytesColumn('after', words.after, ({ size }) => size.end),
      changeColumn('change', words.change, ({ size }) => size),
    ],
  });
