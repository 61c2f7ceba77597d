import { tableBlock, textBlock } from '../block.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import { figure, volume } from '../figures.ts';
import type { Section } from '../section.ts';
import { sumOf } from '../sums.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  measure: ['Ratio', 'Показатель', '比率'],
  value: ['Value', 'Значение', '值'],
  of: ['Of', 'От', '基数'],
  note: [
    'Hits are of shared buffers only: what the operating system had is not seen. Full page images are an upper bound.',
    'Попадания только в общие буферы: кэш операционной системы не виден. Полные образы страниц — верхняя оценка.',
    '命中仅指共享缓冲，操作系统缓存不可见；整页镜像为上限估计。',
  ],
  hit: ['Blocks found in shared buffers', 'Блоки из общих буферов', '共享缓冲命中'],
  index: [
    'Scans by index, tables over 1,000 pages',
    'Чтения по индексу, таблицы от 1000 страниц',
    '索引扫描（超过 1000 页的表）',
  ],
  hot: ['Updates without index changes (HOT)', 'Изменения без правки индексов (HOT)', 'HOT 更新'],
  commit: ['Transactions committed', 'Завершённые транзакции', '已提交事务'],
  images: ['Full page images in WAL', 'Полные образы в WAL', 'WAL 中的整页镜像'],
  dead: ['Dead rows in tables, at the end', 'Мёртвые строки в таблицах, в конце', '表中死元组（范围末）'],
  none: ['Nothing was counted.', 'Ничего не посчитано.', '无计数。'],
} as const satisfies Record<string, Wording>;

const MIDDLE_PAGES = 1000;

/** Shares that say how well the server works; a share of nothing is left out. */
export const efficiency: Section = {
  id: 'efficiency',
  chapter: 'overview',
  title: { en: 'Efficiency', ru: 'Эффективность', zh: '效率' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const block = { id: efficiency.id, heading: efficiency.title[facts.locale], width: 6 };
    const rows = ratiosOf(facts).flatMap(({ word, part, whole, of }) =>
      whole > 0 ? [[words[word], Math.min(1, part / whole), of]] : [],
    );
    if (rows.length === 0) return [textBlock(block, words.none)];
    return [
      tableBlock(
        { ...block, description: words.note },
        [
          { key: 'measure', label: words.measure, type: 'text' },
          { key: 'value', label: words.value, type: 'number', unit: 'ratio', decimals: 1, mark: 'bar' },
          { key: 'of', label: words.of, type: 'text', align: 'right' },
        ],
        rows,
        { sortable: false },
      ),
    ];
  },
};

interface Ratio {
  readonly word: 'hit' | 'index' | 'hot' | 'commit' | 'images' | 'dead';
  readonly part: number;
  readonly whole: number;
  /** The whole, for people. */
  readonly of: string;
}

function ratiosOf({ range, locale }: WorkloadFacts): readonly Ratio[] {
  const [database, tables, wal] = [range.table('database'), range.table('tables'), range.table('wal')];
  const sum = (column: string): number => sumOf(database, column) ?? 0;
  const large = tables.rows.filter((row) => Number(tables.last(row, 'relpages') ?? 0) > MIDDLE_PAGES);
  const scans = (column: string): number => sumOf(tables, column, large) ?? 0;
  const updates = sumOf(tables, 'n_tup_upd') ?? 0;
  const level = (column: string): number =>
    tables.rows.reduce((total, row) => total + (row.isAtEnd ? Number(tables.last(row, column) ?? 0) : 0), 0);
  const bytes = sumOf(wal, 'wal_bytes') ?? 0;
  const ratio = (word: Ratio['word'], part: number, whole: number, of = figure(whole, locale)): Ratio => {
    return { word, part, whole, of };
  };
  return [
    ratio('hit', sum('blks_hit'), sum('blks_hit') + sum('blks_read')),
    ratio('index', scans('idx_scan'), scans('idx_scan') + scans('seq_scan')),
    ratio('hot', sumOf(tables, 'n_tup_hot_upd') ?? 0, updates),
    ratio('commit', sum('xact_commit'), sum('xact_commit') + sum('xact_rollback')),
    ratio('images', (sumOf(wal, 'wal_fpi') ?? 0) * blockSize(range), bytes, volume(bytes, locale)),
    ratio('dead', level('n_dead_tup'), level('n_dead_tup') + level('n_live_tup')),
  ];
}
