import type { DeltaRow } from '../delta-table.ts';
import { countColumn, listBlock, ratioColumn, textColumn } from '../list.ts';
import { rowNote } from '../row-notes.ts';
import type { Section } from '../section.ts';
import { plus } from '../tables.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  note: [
    'Small caches of transaction states, multixacts, subtransactions and notifications; they bypass the shared buffers.',
    'Небольшие кэши состояний транзакций, мультитранзакций, подтранзакций и уведомлений — помимо общих буферов.',
    '事务状态、多事务、子事务与通知的小型缓存；不经过共享缓冲区。',
  ],
  none: ['No such cache was used.', 'Эти кэши не использовались.', '未使用此类缓存。'],
  name: ['Cache', 'Кэш', '缓存'],
  hit: ['Hit', 'Попаданий', '命中率'],
  hits: ['Hits', 'Найдено', '命中'],
  reads: ['Pages read', 'Прочитано страниц', '读取页'],
  writes: ['Pages written', 'Записано страниц', '写入页'],
  zeroed: ['Pages added', 'Добавлено страниц', '新增页'],
  flushes: ['Flushes', 'Сбросов', '刷新'],
  truncates: ['Truncations', 'Усечений', '截断'],
} as const satisfies Record<string, Wording>;

/** Simple LRU caches. Their names changed with PostgreSQL 17. */
export const slru: Section = {
  id: 'slru',
  chapter: 'system',
  title: { en: 'SLRU caches', ru: 'Кэши SLRU', zh: 'SLRU 缓存' },
  blocks: ({ range, locale }) => {
    const words = wordsIn(WORDS, locale);
    const table = range.table('slru');
    const of =
      (column: string) =>
      (row: DeltaRow): number | null =>
        table.delta(row, column);
    const [hits, reads] = [of('blks_hit'), of('blks_read')];
    const asked = (row: DeltaRow): number | null => plus(hits(row), reads(row));
    return [
      listBlock<DeltaRow>({
        id: slru.id,
        heading: slru.title[locale],
        description: words.note,
        locale,
        items: table.rows,
        rank: (row) => (reads(row) ?? 0) * 1e6 + (hits(row) ?? 0) + (of('blks_zeroed')(row) ?? 0),
        none: words.none,
        note: (row) => rowNote(row, locale),
        columns: [
          textColumn('name', words.name, (row) => String(table.last(row, 'name'))),
          ratioColumn('hit', words.hit, hits, asked),
          countColumn('hits', words.hits, hits),
          countColumn('reads', words.reads, reads),
          countColumn('writes', words.writes, of('blks_written')),
          countColumn('zeroed', words.zeroed, of('blks_zeroed')),
          countColumn('flushes', words.flushes, of('flushes')),
          countColumn('truncates', words.truncates, of('truncates')),
        ],
      }),
    ];
  },
};
