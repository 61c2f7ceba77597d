import { isWhole } from '../delta-row.ts';
import { blockSize, settingOf, statementText, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { type StatementLoad, statementLoads } from '../statement-loads.ts';
import { meanPages, passesOf, sequentialPages } from '../tables.ts';
import { excerpt, figuresOf, loadOf, numberIn, type Told, tableName, tell, textIn, userTables } from './evidence.ts';

const SEQUENTIAL: Told = {
  en: [
    'Table {table} ({size}) was read from end to end {scans} times, {share} of all sequential reading; statement {id}: {text}',
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
    'Table {table} ({size}) was read from end to end {scans} times, {share} of all sequential reading',
    SEQUENTIAL.en[1],
  ],
  ru: ['Таблица {table} ({size}) прочитана целиком {scans} раз, {share} всех таких чтений', SEQUENTIAL.ru[1]],
  zh: ['表 {table}（{size}）被全表扫描 {scans} 次，占全部顺序读取的 {share}', SEQUENTIAL.zh[1]],
};

const LARGE_PAGES = 10_000;
const MIDDLE_PAGES = 1000;
const MOST_TABLES = 5;

const sequential: FindingRule = {
  id: 'SEQ-BIG',
  condition:
    'Full scans read a table from end to end 10 times or more (rows read ÷ rows), 5 % or more of the pages of all full scans; the table has 10 000 pages, or 1 000 pages and was read 100 times. Scans that end early are passed over, where each worker of a parallel scan counts as one, and so are two a day (dumps).',
  find: (facts) => {
    const table = facts.range.table('tables');
    const rows = userTables(table).filter(isWhole);
    const all = table.rows.reduce((sum, row) => sum + (sequentialPages(table, row) ?? 0), 0);
    if (all <= 0) return [];
    const workers = numberIn(settingOf(facts.range, 'max_parallel_workers_per_gather')) ?? 2;
    const leastPart = 0.5 / (1 + workers);
    const found = rows
      .map((row) => ({ row, passes: passesOf(table, row) ?? 0, pages: sequentialPages(table, row) ?? 0 }))
      .filter(({ row, passes, pages }) => {
        const isLarge =
          meanPages(table, row) >= LARGE_PAGES || (meanPages(table, row) >= MIDDLE_PAGES && passes >= 100);
        const each = passes / Math.max(1, table.delta(row, 'seq_scan') ?? 0);
        const isDump = passes <= (2 * facts.range.seconds) / 86_400;
        return isLarge && passes >= 10 && pages / all >= 0.05 && each >= leastPart && !isDump;
      })
      .sort((a, b) => b.pages - a.pages);
    return found.slice(0, MOST_TABLES).map(({ row, passes, pages }) => {
      const { number, share, bytes } = figuresOf(facts);
      const statement = readerOf(facts, textIn(table, row, 'relname'), meanPages(table, row));
      const size = bytes(meanPages(table, row) * blockSize(facts.range));
      return tell(facts, {
        id: 'SEQ-BIG',
        severity: 2,
        impact: statement === null ? 0 : (loadOf(facts).share(statement.seconds) ?? 0),
        place: 'tables-sequential',
        subject: tableName(table, row),
        told: statement === null ? SEQUENTIAL_UNNAMED : SEQUENTIAL,
        values: {
          table: tableName(table, row),
          size,
          scans: number(Math.round(passes)),
          share: share(pages / all),
          ...(statement === null ? {} : { id: statement.id, text: excerpt(facts, statement.queryId) }),
        },
      });
    });
  },
};

/**
 * Who read a table from end to end: of the statements that name it, and are no INSERT into it, the one that touched the most
 * blocks where a call of it touches half of the table or more; else the longest, since searches by an index name it too.
 */
function readerOf(facts: WorkloadFacts, relation: string, pages: number): StatementLoad | null {
  const word = new RegExp(`(?<![\\w$])${relation.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}(?![\\w$])`, 'i');
  const reads = (queryId: string): boolean => {
    const text = statementText(facts, queryId) ?? '';
    return /^\s*(?:select|with|update|delete|merge|declare|fetch|\(|execute|explain)/i.test(text) && word.test(text);
  };
  const named = statementLoads(facts).filter(({ queryId }) => reads(queryId));
  const touched = ({ hit, read }: StatementLoad): number => (hit + read) / blockSize(facts.range);
  const [reader] = named
    .filter((one) => touched(one) >= (pages / 2) * one.calls)
    .toSorted((a, b) => touched(b) - touched(a));
  return reader ?? named[0] ?? null;
}

export const tableRules: readonly FindingRule[] = [sequential];
