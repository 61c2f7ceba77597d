import type { DeltaRow, DeltaTable } from '../delta-table.ts';
import { blockSize, statementText, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import {
  excerpt,
  figuresOf,
  isWhole,
  levelOf,
  liveRows,
  loadOf,
  numberIn,
  statementLoads,
  type Told,
  tableName,
  tell,
  textIn,
  userTables,
} from './evidence.ts';

const SEQUENTIAL: Told = {
  en: [
    'Table {table} ({size}) was read from end to end {scans} times, {share} of all that was read so; statement {id}: {text}',
    'Check whether a selective condition lacks an index.',
  ],
  ru: [
    'Таблица {table} ({size}) прочитана целиком {scans} раз, {share} всех таких чтений; оператор {id}: {text}',
    'Проверьте, не нужен ли индекс для избирательного условия.',
  ],
  zh: [
    '表 {table}（{size}）被全表扫描 {scans} 次，占全部顺序读取的 {share}；语句 {id}：{text}',
    '请检查选择性条件是否缺少索引。',
  ],
};

const SEQUENTIAL_UNNAMED: Told = {
  en: [
    'Table {table} ({size}) was read from end to end {scans} times, {share} of all that was read so',
    SEQUENTIAL.en[1],
  ],
  ru: ['Таблица {table} ({size}) прочитана целиком {scans} раз, {share} всех таких чтений', SEQUENTIAL.ru[1]],
  zh: ['表 {table}（{size}）被全表扫描 {scans} 次，占全部顺序读取的 {share}', SEQUENTIAL.zh[1]],
};

const LARGE_PAGES = 10_000;
const MIDDLE_PAGES = 1000;
const MOST_TABLES = 5;

/** Pages that full scans went over, about: scans × pages. */
const sequentialPages = (table: DeltaTable, row: DeltaRow): number =>
  (table.delta(row, 'seq_scan') ?? 0) * pagesOf(table, row);

const pagesOf = (table: DeltaTable, row: DeltaRow): number => {
  const [was, is] = [numberIn(table.first(row, 'relpages')), levelOf(table, row, 'relpages')];
  return ((was ?? is ?? 0) + (is ?? 0)) / 2;
};

const sequential: FindingRule = {
  id: 'SEQ-BIG',
  condition:
    'Full scans of a table are 5 % or more of the pages of all full scans, at 10 scans or more that read half of its rows each; the table has 10 000 pages, or 1 000 pages and was scanned 100 times. At most two scans a day (dumps) are passed over.',
  find: (facts) => {
    const table = facts.range.table('tables');
    const rows = userTables(table).filter(isWhole);
    const all = table.rows.reduce((sum, row) => sum + sequentialPages(table, row), 0);
    if (all <= 0) return [];
    const found = rows
      .map((row) => ({ row, scans: table.delta(row, 'seq_scan') ?? 0, pages: sequentialPages(table, row) }))
      .filter(({ row, scans, pages }) => {
        const isLarge = pagesOf(table, row) >= LARGE_PAGES || (pagesOf(table, row) >= MIDDLE_PAGES && scans >= 100);
        const read = (table.delta(row, 'seq_tup_read') ?? 0) / Math.max(1, scans);
        const isWholeTable = liveRows(table, row) > 0 && read >= 0.5 * liveRows(table, row);
        const isDump = scans <= (2 * facts.range.seconds) / 86_400;
        return isLarge && scans >= 10 && pages / all >= 0.05 && isWholeTable && !isDump;
      })
      .sort((a, b) => b.pages - a.pages);
    return found.slice(0, MOST_TABLES).map(({ row, scans, pages }) => {
      const { number, share, bytes } = figuresOf(facts);
      const statement = readerOf(facts, textIn(table, row, 'relname'));
      const size = bytes(pagesOf(table, row) * blockSize(facts.range));
      return tell(facts, {
        id: 'SEQ-BIG',
        severity: 2,
        impact: statement === null ? 0 : (loadOf(facts).share(statement.seconds) ?? 0),
        place: 'tables',
        subject: tableName(table, row),
        told: statement === null ? SEQUENTIAL_UNNAMED : SEQUENTIAL,
        values: {
          table: tableName(table, row),
          size,
          scans: number(scans),
          share: share(pages / all),
          ...(statement === null ? {} : { id: statement.id, text: excerpt(facts, statement.queryId) }),
        },
      });
    });
  },
};

/** The longest statement of the range that names a relation, and is no INSERT into it. */
function readerOf(facts: WorkloadFacts, relation: string) {
  const word = new RegExp(`(?<![\\w$])${relation.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}(?![\\w$])`, 'i');
  const reads = (queryId: string): boolean => {
    const text = statementText(facts, queryId) ?? '';
    return /^\s*(?:select|with|update|delete|merge|declare|fetch|\(|execute|explain)/i.test(text) && word.test(text);
  };
  return statementLoads(facts).find(({ queryId }) => reads(queryId)) ?? null;
}

export const tableRules: readonly FindingRule[] = [sequential];
