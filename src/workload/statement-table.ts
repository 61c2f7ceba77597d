import type { Locale } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import { type Block, type BlockColumn, tableBlock, textBlock } from './block.ts';
import { blockSize, shortId, statementText, type WorkloadFacts } from './facts.ts';
import { figure } from './figures.ts';
import { type Ranking, rankedBy, TOP } from './rankings.ts';
import type { ColumnContext, StatementColumn, StatementColumnKey } from './statement-columns.ts';
import { STATEMENT_COLUMNS } from './statement-columns.ts';
import { type Statement, statementsOf, sumOfWork } from './statements.ts';

const WORDS = {
  en: {
    columns: { id: 'SQL id', who: 'Database · user', text: 'Statement' },
    all: (who: string) => `All in ${who}.`,
    others: (count: string) => `others (${count})`,
    nothing: 'Nothing was counted here.',
    noText: '(its text was not read)',
    labels: { new: 'new', gone: 'gone', reset: 'since reset', 'at least': '≥' },
  },
  ru: {
    columns: { id: 'SQL id', who: 'База · роль', text: 'Оператор' },
    all: (who: string) => `Все в ${who}.`,
    others: (count: string) => `остальные (${count})`,
    nothing: 'Здесь ничего не насчитано.',
    noText: '(текст не прочитан)',
    labels: { new: 'новый', gone: 'исчез', reset: 'со сброса', 'at least': '≥' },
  },
  zh: {
    columns: { id: 'SQL id', who: '数据库 · 用户', text: '语句' },
    all: (who: string) => `均属 ${who}。`,
    others: (count: string) => `其他（${count}）`,
    nothing: '此处没有计数。',
    noText: '（未读取文本）',
    labels: { new: '新', gone: '消失', reset: '自重置', 'at least': '≥' },
  },
} as const satisfies Record<Locale, unknown>;

/** Characters of a statement in a list; its whole text stands in the appendix. */
const EXCERPT = 80;
/** Points: a text of so many letters on three lines, beside eight columns of figures. */
const TEXT_WIDTH = 140;
const WIDE_TEXT = 160;
const WHO_WIDTH = 68;
const ID_WIDTH = 58;

/** A statement's first words, on one line. */
export function excerpt(facts: WorkloadFacts, queryId: string, length = EXCERPT): string {
  const text = statementText(facts, queryId) ?? WORDS[facts.locale].noText;
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

/** What is particular about a statement's figures, before its text: `new · `, `≥ · `; empty for most. */
function labelsOf({ labels }: Pick<Statement, 'labels'>, locale: Locale): string {
  const words: Readonly<Record<string, string>> = WORDS[locale].labels;
  return [...labels].flatMap((label) => (words[label] ? `${words[label]} · ` : [])).join('');
}

interface ListSpec extends Pick<Ranking, 'id' | 'figure' | 'leavesOut' | 'adds' | 'columns'> {
  readonly heading: string | null;
  readonly description?: string | null;
}

/** The first ten by a figure, the rest as one row, and sums below; one line of text where there is nothing. */
export function statementList(
  facts: WorkloadFacts,
  spec: ListSpec,
  statements: readonly Statement[] = statementsOf(facts).outer,
): Block {
  const words = WORDS[facts.locale];
  const { id, heading, description = null } = spec;
  const ranked = rankedBy(spec, statements);
  if (ranked.length === 0) return textBlock({ id, heading }, words.nothing);
  const shown = ranked.slice(0, TOP);
  const context = { databaseSeconds: statementsOf(facts).databaseSeconds, blockBytes: blockSize(facts.range) };
  const taken = new Set(shown);
  const rest = spec.adds ? statements.filter((one) => !taken.has(one)) : [];
  const used = spec.columns.filter((key) => shown.some((one) => cellOf(key, one, context) !== null));
  const rows = shown.map((one): readonly Value[] => [
    shortId(one.queryId),
    whoOf(one),
    ...used.map((key) => cellOf(key, one, context)),
    labelsOf(one, facts.locale) + excerpt(facts, one.queryId),
  ]);
  if (rest.length > 0) {
    const others = words.others(figure(rest.length, facts.locale));
    const work = sumOfWork(rest);
    rows.push(['', '', ...used.map((key) => columnOf(key).of(work, context)), others]);
  }
  const isAlike = new Set(shown.map(whoOf)).size === 1;
  const notes = [description ?? [], isAlike && shown[0] ? words.all(whoOf(shown[0])) : []].flat();
  const sums = used.filter((key) => columnOf(key).adds);
  return tableBlock(
    { id, heading, description: notes.length > 0 ? notes.join(' ') : null },
    tableColumns(used, rows, facts.locale, isAlike),
    rows,
    {
      // Smaller type rather than a second table: a row is read as a whole.
      wide: 'shrink',
      ...(spec.adds && rows.length > 1 ? { totals: Object.fromEntries(sums.map((key) => [key, 'sum'])) } : {}),
    },
  );
}

const whoOf = ({ database, user }: Statement): string => `${database} · ${user}`;

const columnOf = (key: StatementColumnKey): StatementColumn => STATEMENT_COLUMNS[key];

const cellOf = (key: StatementColumnKey, statement: Statement, context: ColumnContext): number | null => {
  const { of, ofOne } = columnOf(key);
  return ofOne ? ofOne(statement) : of(statement, context);
};

const LEADING = 2;

function tableColumns(
  keys: readonly StatementColumnKey[],
  rows: readonly (readonly Value[])[],
  locale: Locale,
  isAlike: boolean,
): readonly BlockColumn[] {
  const { columns } = WORDS[locale];
  return [
    { key: 'id', label: columns.id, type: 'text', link: '#sql-{id}', width: ID_WIDTH },
    { key: 'who', label: columns.who, type: 'text', ...(isAlike ? { hide: true } : { width: WHO_WIDTH }) },
    ...keys.map((key, index): BlockColumn => {
      const { label, unit, decimals } = columnOf(key);
      const most = rows.reduce((sum, row) => sum + Math.abs(Number(row[LEADING + index] ?? 0)), 0);
      return {
        key,
        label: label[locale],
        type: 'number',
        ...(unit === undefined ? {} : { unit }),
        ...(unit === 'decbytes' ? {} : { decimals: decimals ?? (isWhole(rows, LEADING + index) ? 0 : fitting(most)) }),
      };
    }),
    { key: 'text', label: columns.text, type: 'text', width: isAlike ? WIDE_TEXT : TEXT_WIDTH },
  ];
}

const isWhole = (rows: readonly (readonly Value[])[], column: number): boolean =>
  rows.every((row) => row[column] === null || Number.isInteger(row[column]));

const DIGITS = 4;

/** So many decimals that the largest figure has four digits, three decimals at most. */
const fitting = (most: number): number =>
  most > 0 ? Math.min(DIGITS - 1, Math.max(0, DIGITS - 1 - Math.floor(Math.log10(most)))) : 0;

/** A ranking as a list. */
export const rankingBlock = (facts: WorkloadFacts, ranking: Ranking): Block =>
  statementList(facts, { ...ranking, heading: ranking.heading[facts.locale] });
