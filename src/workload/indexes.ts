import { indexTextKey } from '../rows/snapshot.ts';
import type { DeltaRow, DeltaTable } from './delta-table.ts';
import { textKey, type WorkloadFacts } from './facts.ts';
import { type Level, relationSizes, tablesOf } from './tables.ts';

/** An index over a range. Counts are increases; null = not counted. */
export interface IndexFigures {
  readonly row: DeltaRow;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  /** The server's number of the table. */
  readonly tableId: string;
  readonly scans: number | null;
  readonly rowsRead: number | null;
  readonly rowsFetched: number | null;
  readonly blocksFetched: number | null;
  readonly blocksRead: number | null;
  readonly size: Level;
  /** Epoch milliseconds (16+); null = never, or not counted. */
  readonly lastScan: number | null;
  /** Rows inserted, updated and deleted in its table: what the index costs. */
  readonly tableWrites: number;
  readonly isUnique: boolean;
  /** Belongs to a constraint or to replication: dropping it changes more than speed. */
  readonly isNeeded: boolean;
  readonly isValid: boolean;
  readonly definition: string | null;
}

export function indexesOf({ range, texts }: Pick<WorkloadFacts, 'range' | 'texts'>): readonly IndexFigures[] {
  const table = range.table('indexes');
  const tables = new Map(tablesOf(range).map((one) => [`${one.database} ${one.id}`, one]));
  const sizes = relationSizes(range);
  return table.rows.map((row) => {
    const of = (column: string): number | null => table.delta(row, column);
    const text = (column: string): string => String(table.last(row, column) ?? '');
    const owner = tables.get(`${row.scope} ${text('relid')}`);
    const [fetched, hit] = [of('blks_fetched'), of('blks_hit')];
    const lastScan = table.last(row, 'last_idx_scan');
    return {
      row,
      database: row.scope,
      schema: text('schemaname'),
      name: text('indexrelname'),
      table: owner?.name ?? text('relid'),
      tableId: text('relid'),
      scans: of('idx_scan'),
      rowsRead: of('idx_tup_read'),
      rowsFetched: of('idx_tup_fetch'),
      blocksFetched: fetched,
      blocksRead: fetched === null || hit === null ? null : Math.max(0, fetched - hit),
      size: sizes(table, row, 'indexrelid'),
      lastScan: lastScan === null ? null : Number(lastScan),
      tableWrites: (owner?.inserted ?? 0) + (owner?.updated ?? 0) + (owner?.deleted ?? 0),
      isUnique: table.last(row, 'indisunique') === true,
      isNeeded: isNeeded(table, row),
      isValid: table.last(row, 'indisvalid') !== false && table.last(row, 'indisready') !== false,
      definition:
        texts.get(textKey('index', row.scope, indexTextKey(text('indexrelid'), text('indexrelname'))))?.text ?? null,
    };
  });
}

const isNeeded = (table: DeltaTable, row: DeltaRow): boolean =>
  table.last(row, 'contype') !== null ||
  ['indisprimary', 'indisexclusion', 'indisreplident'].some((column) => table.last(row, column) === true);

/** Indexes that no query of the range has used, and that may be dropped; the largest first. */
export const unusedIndexes = (indexes: readonly IndexFigures[]): readonly IndexFigures[] =>
  indexes
    .filter(({ row, scans, isUnique, isNeeded: needed, isValid }) => {
      const isThere = row.isAtStart && row.isAtEnd;
      return isThere && scans === 0 && !isUnique && !needed && isValid;
    })
    .sort((a, b) => (b.size.end ?? 0) - (a.size.end ?? 0));

/** Left over by a build that failed: invalid at both ends of the range, so that it is not one under way. */
export function invalidIndexes(
  facts: Pick<WorkloadFacts, 'range'>,
  indexes: readonly IndexFigures[],
): readonly IndexFigures[] {
  const table = facts.range.table('indexes');
  return indexes.filter(({ row, isValid }) => {
    const wasInvalid = table.first(row, 'indisvalid') === false || table.first(row, 'indisready') === false;
    return !isValid && wasInvalid && row.isAtStart && row.isAtEnd;
  });
}

/** Two indexes of a table of which one does nothing that the other does not. */
export interface DuplicateIndex {
  /** The one that can go. */
  readonly extra: IndexFigures;
  readonly kept: IndexFigures;
  /** `same` in all, or the columns of `extra` are the first ones of `kept`. */
  readonly how: 'same' | 'prefix';
}

/**
 * Pairs of valid indexes, the largest that can go first; each index can go once, of two alike the younger. Unique and
 * constraints' ones are kept.
 */
export function duplicateIndexes(
  facts: Pick<WorkloadFacts, 'range'>,
  indexes: readonly IndexFigures[],
): readonly DuplicateIndex[] {
  const table = facts.range.table('indexes');
  const shapes = indexes.flatMap((index) => (index.isValid && index.row.isAtEnd ? [shapeOf(table, index)] : []));
  const byTable = Map.groupBy(shapes, ({ index }) => `${index.database} ${index.tableId}`);
  const found = new Map<IndexFigures, DuplicateIndex>();
  for (const group of byTable.values()) {
    for (const extra of group.toSorted((a, b) => b.id - a.id)) {
      for (const kept of group) {
        const how = extra === kept || found.has(kept.index) ? null : duplication(extra, kept);
        if (how !== null && !found.has(extra.index))
          found.set(extra.index, { extra: extra.index, kept: kept.index, how });
      }
    }
  }
  return [...found.values()].sort((a, b) => (b.extra.size.end ?? 0) - (a.extra.size.end ?? 0));
}

interface Shape {
  readonly index: IndexFigures;
  /** The server's number: the higher, the younger, as far as it has not begun anew. */
  readonly id: number;
  readonly method: string;
  /** What each key column is: column, operator class, order, collation. */
  readonly keys: readonly string[];
  readonly included: string;
  /** Predicate and expressions, as text; empty for plain columns, null where they are not known. */
  readonly rest: string | null;
}

const words = (value: unknown): string[] =>
  String(value ?? '')
    .split(' ')
    .filter((word) => word !== '');

function shapeOf(table: DeltaTable, index: IndexFigures): Shape {
  const { row } = index;
  const columns = words(table.last(row, 'indkey'));
  const count = Number(table.last(row, 'indnkeyatts') ?? columns.length);
  const [classes, options, collations] = ['indclass', 'indoption', 'indcollation'].map((name) =>
    words(table.last(row, name)),
  );
  const isPlain = table.last(row, 'is_partial') !== true && table.last(row, 'is_expression') !== true;
  return {
    index,
    id: Number(table.last(row, 'indexrelid')),
    method: String(table.last(row, 'amname')),
    keys: columns
      .slice(0, count)
      .map((column, at) => [column, classes?.[at], options?.[at], collations?.[at]].join(' ')),
    included: columns.slice(count).join(' '),
    rest: isPlain ? '' : bodyOf(index.definition),
  };
}

/** A definition without the index's own name and uniqueness. */
const bodyOf = (definition: string | null): string | null => /\sUSING\s.*$/s.exec(definition ?? '')?.[0] ?? null;

function duplication(extra: Shape, kept: Shape): DuplicateIndex['how'] | null {
  const { isUnique, isNeeded: needed } = extra.index;
  if (needed || extra.rest === null || extra.rest !== kept.rest || extra.method !== kept.method) return null;
  const isPrefix = extra.keys.every((key, at) => key === kept.keys[at]);
  if (!isPrefix) return null;
  if (extra.keys.length === kept.keys.length && extra.included === kept.included) {
    return !isUnique || kept.index.isUnique ? 'same' : null;
  }
  const isShorter = extra.keys.length <= kept.keys.length && extra.included === '';
  return isShorter && !isUnique && extra.method === 'btree' && extra.rest === '' ? 'prefix' : null;
}
