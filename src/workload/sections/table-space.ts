import { type Block, chartBlock } from '../block.ts';
import type { WorkloadFacts } from '../facts.ts';
import { indexesOf } from '../indexes.ts';
import type { TableFigures } from '../tables.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  heading: ['Space by table, at the end', 'Место по таблицам, в конце', '各表占用空间（范围末）'],
  table: ['table', 'таблица', '表'],
  indexes: ['its indexes', 'её индексы', '其索引'],
} as const satisfies Record<string, Wording>;

const SYSTEM = 'pg_catalog';
const MOST_TABLES = 12;
/** Tables smaller than this part of the largest are no bars that could be seen. */
const LEAST_PART = 0.005;
const LEAST_TABLES = 2;

/** The largest tables, the server's own left out, with their indexes: what takes the disk, and where indexes take more than the rows. */
export function spaceChart(facts: WorkloadFacts, tables: readonly TableFigures[]): readonly Block[] {
  const words = wordsIn(WORDS, facts.locale);
  const indexed = new Map<string, number>();
  for (const { database, tableId, size } of indexesOf(facts)) {
    const key = JSON.stringify([database, tableId]);
    indexed.set(key, (indexed.get(key) ?? 0) + (size.end ?? 0));
  }
  const sizes = tables
    .filter(({ schema }) => schema !== SYSTEM)
    .map((one) => {
      const ofIndexes = indexed.get(JSON.stringify([one.database, one.id])) ?? 0;
      const own = one.size.end ?? 0;
      return { one, own, ofIndexes, all: own + ofIndexes };
    })
    .sort((a, b) => b.all - a.all);
  const most = sizes[0]?.all ?? 0;
  const shown = sizes.slice(0, MOST_TABLES).filter(({ all }) => all > 0 && all >= most * LEAST_PART);
  if (shown.length < LEAST_TABLES) return [];
  const names = Map.groupBy(shown, ({ one }) => one.name);
  const nameOf = ({ database, schema, name }: TableFigures): string =>
    (names.get(name)?.length ?? 0) > 1 ? `${database}.${schema}.${name}` : name;
  return [
    chartBlock(
      { id: 'tables-space', heading: words.heading, kind: 'histogram' },
      [
        { key: 'table', type: 'text' },
        { key: 'part', type: 'text' },
        { key: 'bytes', type: 'number' },
      ],
      shown.flatMap(({ one, own, ofIndexes }) => [
        [nameOf(one), words.table, own],
        [nameOf(one), words.indexes, ofIndexes],
      ]),
      {
        settings: { orientation: 'horizontal', stack: true, unit: 'decbytes' },
        mappings: { xAxis: { field: 'table' }, yAxis: { field: 'bytes', groupingField: 'part' } },
      },
    ),
  ];
}
