import type { DeltaRow, DeltaTable } from '../delta-table.ts';
import type { WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { atEnd, figuresOf, type Told, tableName, tell, textIn } from './evidence.ts';
import { is, ownerOf, sizeOf } from './indexes.ts';

/** Below this a shorter twin costs next to nothing. */
const LEAST_BYTES = 1_000_000;
const MOST_INDEXES = 5;

const DUPLICATE: Told = {
  en: [
    'Index {index} ({size}) on {table} has the same columns as {other}',
    'Keep one of the two: each change of the table writes both.',
  ],
  ru: [
    'Индекс {index} ({size}) таблицы {table} имеет те же столбцы, что и {other}',
    'Оставьте один из двух: каждое изменение таблицы пишет в оба.',
  ],
  zh: ['表 {table} 的索引 {index}（{size}）与 {other} 的列相同', '请保留其中一个：表的每次更改都会写入两者。'],
};

const PREFIX: Told = {
  en: [
    'Index {index} ({size}) on {table} has the leading columns of {other}, which serves the same searches',
    'Drop the shorter one unless its size matters for what reads it.',
  ],
  ru: [
    'Индекс {index} ({size}) таблицы {table} повторяет первые столбцы {other}, который служит тем же поискам',
    'Удалите более короткий, если его размер не важен для чтений.',
  ],
  zh: [
    '表 {table} 的索引 {index}（{size}）是 {other} 的前导列，后者可服务相同查询',
    '若其大小对读取不重要，请删除较短者。',
  ],
};

const SHAPE = ['relid', 'amname', 'indkey', 'indclass', 'indoption', 'indcollation'] as const;

/** Condition and expressions of an index, from its definition; null where it was not read. */
function tailOf({ texts }: WorkloadFacts, table: DeltaTable, row: DeltaRow): string | null {
  if (!is(table, row, 'is_partial') && !is(table, row, 'is_expression')) return '';
  const text = [...texts.values()].find(
    (one) =>
      one.kind === 'index' &&
      one.scope === row.scope &&
      one.key.split(' ')[0] === String(table.last(row, 'indexrelid')),
  );
  return text === undefined ? null : (/ USING .*$/s.exec(text.text)?.[0] ?? null);
}

const keepsRules = (table: DeltaTable, row: DeltaRow): boolean =>
  is(table, row, 'indisunique') || is(table, row, 'indisreplident') || textIn(table, row, 'contype') !== '';

/** Whether a's columns, with their orders and operator classes, are the first of b's. */
function isPrefix(table: DeltaTable, a: DeltaRow, b: DeltaRow): boolean {
  const words = (row: DeltaRow, column: string): string[] => textIn(table, row, column).split(' ');
  return ['indkey', 'indclass', 'indoption', 'indcollation'].every((column) => {
    const [short, long] = [words(a, column), words(b, column)];
    return short.length <= long.length && short.every((word, at) => word === long[at]);
  });
}

const duplicate: FindingRule = {
  id: 'IDX-DUPLICATE',
  condition:
    'Two valid indexes of a table have the same method, columns, orders, operator classes, collations, condition and expressions, or a plain B-tree has the leading columns of another. The one that guards nothing is named; a prefix only from 1 MB on.',
  find: (facts) => {
    const [indexes, tables] = [facts.range.table('indexes'), facts.range.table('tables')];
    const valid = atEnd(indexes).filter((row) => is(indexes, row, 'indisvalid'));
    const byTable = Map.groupBy(valid, (row) => `${row.scope} ${textIn(indexes, row, 'relid')}`);
    const { bytes } = figuresOf(facts);
    const found = [...byTable.values()].flatMap((group) =>
      group.flatMap((row) => {
        if (keepsRules(indexes, row)) return [];
        const other = group.find((one) => one !== row && makesNeedless(facts, indexes, row, one));
        return other === undefined ? [] : [{ row, other, size: sizeOf(facts, indexes, row) }];
      }),
    );
    return found
      .sort((a, b) => b.size - a.size)
      .slice(0, MOST_INDEXES)
      .map(({ row, other, size }) => {
        const owner = ownerOf(tables, indexes, row);
        const index = tableName(indexes, row);
        return tell(facts, {
          id: 'IDX-DUPLICATE',
          severity: 3,
          place: 'indexes-duplicate',
          subject: index,
          told: isSame(indexes, row, other) ? DUPLICATE : PREFIX,
          values: {
            index,
            size: bytes(size),
            table: owner === null ? textIn(indexes, row, 'relid') : tableName(tables, owner),
            other: tableName(indexes, other),
          },
        });
      });
  },
};

const isSame = (table: DeltaTable, a: DeltaRow, b: DeltaRow): boolean =>
  SHAPE.every((column) => textIn(table, a, column) === textIn(table, b, column));

/** Of two alike the younger is needless, unless the other guards something. */
function makesNeedless(facts: WorkloadFacts, table: DeltaTable, row: DeltaRow, other: DeltaRow): boolean {
  const [tail, otherTail] = [tailOf(facts, table, row), tailOf(facts, table, other)];
  if (tail === null || otherTail === null) return false;
  if (isSame(table, row, other)) {
    const isYounger = Number(table.last(row, 'indexrelid')) > Number(table.last(other, 'indexrelid'));
    return tail === otherTail && (keepsRules(table, other) || isYounger);
  }
  const isPlain = tail === '' && otherTail === '';
  const isTree = textIn(table, row, 'amname') === 'btree' && textIn(table, other, 'amname') === 'btree';
  return isPlain && isTree && sizeOf(facts, table, row) >= LEAST_BYTES && isPrefix(table, row, other);
}

export const duplicateRules: readonly FindingRule[] = [duplicate];
