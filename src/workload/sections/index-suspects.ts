import type { Block } from '../block.ts';
import type { WorkloadFacts } from '../facts.ts';
import { momentText } from '../figures.ts';
import { type DuplicateIndex, duplicateIndexes, type IndexFigures, invalidIndexes, unusedIndexes } from '../indexes.ts';
import { bytesColumn, countColumn, listBlock, textColumn } from '../list.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  unused: ['Unused indexes', 'Неиспользованные индексы', '未使用的索引'],
  unusedNote: [
    'No scan in this range; without unique ones and those of constraints and of replication. Standbys count their own scans.',
    'Ни одного сканирования за период; без уникальных, индексов ограничений и репликации. Реплики считают свои сканирования сами.',
    '区间内没有扫描；不含唯一索引、约束索引与复制标识索引。备库单独统计自己的扫描。',
  ],
  noUnused: [
    'Every index that could be dropped was used in this range.',
    'Все индексы, которые можно было бы удалить, использовались.',
    '所有可删除的索引在区间内都被使用过。',
  ],
  duplicate: ['Duplicate indexes', 'Дублирующие индексы', '重复索引'],
  noDuplicate: [
    'No index does the same as another, or begins another’s columns.',
    'Нет индексов, повторяющих другой или начало его столбцов.',
    '没有重复或被其他索引前缀覆盖的索引。',
  ],
  invalid: ['Invalid indexes', 'Негодные индексы', '无效索引'],
  invalidNote: [
    'Left over by a concurrent build that failed: kept up to date, and never used.',
    'Остались после неудачного CREATE INDEX CONCURRENTLY: обновляются, но не используются.',
    '并发创建失败后遗留：仍需维护，但不会被使用。',
  ],
  noInvalid: ['No index is invalid.', 'Негодных индексов нет.', '没有无效索引。'],
  index: ['Index', 'Индекс', '索引'],
  table: ['Table', 'Таблица', '表'],
  scans: ['Scans', 'Сканирований', '扫描'],
  size: ['Size', 'Размер', '大小'],
  writes: ['Rows written to table', 'Записано строк в таблицу', '表写入行'],
  last: ['Last scan', 'Последнее сканирование', '最近扫描'],
  never: ['never', 'никогда', '从未'],
  definition: ['Definition', 'Определение', '定义'],
  extra: ['Can go', 'Лишний', '可删除'],
  kept: ['Covered by', 'Достаточно', '可替代索引'],
  how: ['How', 'Как', '关系'],
  same: ['same', 'такой же', '相同'],
  prefix: ['first columns', 'первые столбцы', '前缀列'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;
type NameOf = (index: IndexFigures) => string;

/** Indexes that cost work and help nothing: unused in the range, covered by another one, left over by a failed build. */
export interface IndexSuspects {
  readonly unused: readonly IndexFigures[];
  readonly duplicates: readonly DuplicateIndex[];
  readonly invalid: readonly IndexFigures[];
}

export const suspectsOf = (facts: WorkloadFacts, all: readonly IndexFigures[]): IndexSuspects => ({
  unused: unusedIndexes(all),
  duplicates: duplicateIndexes(facts, all),
  invalid: invalidIndexes(facts, all),
});

/** Three lists below the section of indexes. */
export function suspectBlocks(facts: WorkloadFacts, suspects: IndexSuspects, nameOf: NameOf): Block[] {
  const words = wordsIn(WORDS, facts.locale);
  return [
    unusedList(facts, words, suspects.unused, nameOf),
    duplicateList(facts, words, suspects.duplicates, nameOf),
    invalidList(facts, words, suspects.invalid, nameOf),
  ];
}

const sizeOf = ({ size }: IndexFigures): number | null => size.end ?? size.start;

function unusedList(facts: WorkloadFacts, words: Words, unused: readonly IndexFigures[], nameOf: NameOf): Block {
  const { locale, timeZone } = facts;
  const counts = facts.range.table('indexes').has('last_idx_scan');
  const last = ({ lastScan }: IndexFigures): string =>
    lastScan === null ? words.never : momentText(lastScan, locale, timeZone);
  return listBlock<IndexFigures>({
    id: 'indexes-unused',
    heading: words.unused,
    description: words.unusedNote,
    locale,
    items: unused,
    none: words.noUnused,
    columns: [
      textColumn('index', words.index, nameOf),
      textColumn('table', words.table, ({ table }) => table),
      bytesColumn('size', words.size, sizeOf),
      countColumn('writes', words.writes, ({ tableWrites }) => tableWrites),
      ...(counts ? [textColumn<IndexFigures>('last', words.last, last)] : []),
      textColumn('definition', words.definition, shortDefinition),
    ],
  });
}

/** What it is on: the rest of a definition is its names, which stand beside it. */
const shortDefinition = ({ definition, isUnique }: IndexFigures): string | null => {
  const body = /\sUSING\s+(.*)$/s.exec(definition ?? '')?.[1];
  return body === undefined ? null : `${isUnique ? 'UNIQUE ' : ''}${body.slice(0, 120)}`;
};

const duplicateList = (
  facts: WorkloadFacts,
  words: Words,
  duplicates: readonly DuplicateIndex[],
  nameOf: NameOf,
): Block =>
  listBlock<DuplicateIndex>({
    id: 'indexes-duplicate',
    heading: words.duplicate,
    locale: facts.locale,
    items: duplicates,
    none: words.noDuplicate,
    columns: [
      textColumn('extra', words.extra, ({ extra }) => nameOf(extra)),
      textColumn('kept', words.kept, ({ kept }) => nameOf(kept)),
      textColumn('how', words.how, ({ how }) => words[how]),
      bytesColumn('size', words.size, ({ extra }) => sizeOf(extra)),
      countColumn('scans', words.scans, ({ extra }) => extra.scans),
      textColumn('definition', words.definition, ({ extra }) => shortDefinition(extra)),
    ],
  });

const invalidList = (facts: WorkloadFacts, words: Words, invalid: readonly IndexFigures[], nameOf: NameOf): Block =>
  listBlock<IndexFigures>({
    id: 'indexes-invalid',
    heading: words.invalid,
    description: words.invalidNote,
    locale: facts.locale,
    items: invalid,
    none: words.noInvalid,
    columns: [
      textColumn('index', words.index, nameOf),
      textColumn('table', words.table, ({ table }) => table),
      bytesColumn('size', words.size, sizeOf),
      textColumn('definition', words.definition, shortDefinition),
    ],
  });
