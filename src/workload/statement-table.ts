import type { Locale } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import { type Block, type BlockColumn, listTable, textBlock } from './block.ts';
import { blockSize, shortId, textExcerpt, type WorkloadFacts } from './facts.ts';
import { figure } from './figures.ts';
import { USUAL_BOUNDS, type WholeList } from './list-cut.ts';
import { type Ranking, rankedBy } from './rankings.ts';
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

/** Characters of a statement beside many figures. */
const BRIEF = 34;
/** Points. Of a sheet's width texts get what columns of figures, in type of full size, usually leave. */
const ID_WIDTH = 58;
const FIGURE_WIDTH = 50;
const ALL_WIDTH = 488;
const LEAST_TEXT = 110;

/** A statement's first words, on one line. */
export const excerpt = (facts: WorkloadFacts, queryId: string, length?: number): string =>
  textExcerpt(facts, queryId, length) ?? WORDS[facts.locale].noText;

/** What is particular about a statement's figures, before its text: `new`, `≥`; nothing for most. */
function labelsOf({ labels }: Pick<Statement, 'labels'>, locale: Locale): readonly string[] {
  const words: Readonly<Record<string, string>> = WORDS[locale].labels;
  return [...labels].flatMap((label) => words[label] ?? []);
}

interface ListSpec extends Pick<Ranking, 'id' | 'figure' | 'leavesOut' | 'adds' | 'columns'> {
  readonly heading: string | null;
  readonly description?: string | null;
  /** What the names of its rows begin with; absent = its id. */
  readonly place?: string;
  /** One line a row: the list stands below one that says more of the same statements. */
  readonly isBrief?: boolean;
}

/** The first by a figure, the rest as one row, and sums below; one line of text where there is nothing. */
export function statementList(
  facts: WorkloadFacts,
  spec: ListSpec,
  statements: readonly Statement[] = statementsOf(facts).outer,
): Block {
  const words = WORDS[facts.locale];
  const { id, heading, description = null } = spec;
  const ranked = rankedBy(spec, statements);
  if (ranked.length === 0) return textBlock({ id, heading }, words.nothing);
  // What is shown decides what the columns are like, whether or not a data file has more rows.
  const shown = ranked.slice(0, (facts.lists ?? USUAL_BOUNDS).web + 1);
  const context = { databaseSeconds: statementsOf(facts).databaseSeconds, blockBytes: blockSize(facts.range) };
  const isAlike = new Set(shown.map(whoOf)).size === 1;
  const used = spec.columns.filter((key) => shown.some((one) => cellOf(key, one, context) !== null));
  const rowOf = (one: Statement): readonly Value[] => [
    shortId(one.queryId),
    whoOf(one),
    ...used.map((key) => cellOf(key, one, context)),
    spec.isBrief === true
      ? excerpt(facts, one.queryId, BRIEF)
      : [...labelsOf(one, facts.locale), ...(isAlike ? [] : [whoOf(one)]), excerpt(facts, one.queryId)].join(' · '),
  ];
  const unranked = spec.adds ? othersOf(ranked, statements) : [];
  const list: WholeList = {
    count: ranked.length,
    row: (index) => (ranked[index] === undefined ? [] : rowOf(ranked[index])),
    rest: (from) => {
      const rest = spec.adds ? [...ranked.slice(from), ...unranked] : [];
      if (rest.length === 0) return null;
      const work = sumOfWork(rest);
      const others = words.others(figure(rest.length, facts.locale));
      return ['', '', ...used.map((key) => columnOf(key).of(work, context)), others];
    },
  };
  const isSaid = isAlike && spec.isBrief !== true;
  const notes = [description ?? [], isSaid && shown[0] ? words.all(whoOf(shown[0])) : []].flat();
  const sums = used.filter((key) => columnOf(key).adds);
  const hasTotals = spec.adds && statements.length > 1;
  return listTable(
    { id, heading, description: notes.length > 0 ? notes.join(' ') : null },
    tableColumns(used, shown.map(rowOf), facts.locale),
    list,
    {
      // Smaller type rather than a second table: a row is read as a whole.
      wide: 'shrink',
      rowAnchor: `${spec.place ?? id}-{id}`,
      ...(hasTotals ? { totals: Object.fromEntries(sums.map((key) => [key, 'sum'])) } : {}),
    },
  );
}

function othersOf(ranked: readonly Statement[], statements: readonly Statement[]): readonly Statement[] {
  const taken = new Set(ranked);
  return statements.filter((one) => !taken.has(one));
}

const whoOf = ({ database, user }: Statement): string => `${database} · ${user}`;

const columnOf = (key: StatementColumnKey): StatementColumn => STATEMENT_COLUMNS[key];

const cellOf = (key: StatementColumnKey, statement: Statement, context: ColumnContext): number | null => {
  const { of, ofOne } = columnOf(key);
  return ofOne ? ofOne(statement) : of(statement, context);
};

const LEADING = 2;

const textWidth = (figures: number): number => Math.max(LEAST_TEXT, ALL_WIDTH - ID_WIDTH - figures * FIGURE_WIDTH);

function tableColumns(
  keys: readonly StatementColumnKey[],
  rows: readonly (readonly Value[])[],
  locale: Locale,
): readonly BlockColumn[] {
  const { columns } = WORDS[locale];
  return [
    { key: 'id', label: columns.id, type: 'text', link: '#sql-{id}', width: ID_WIDTH },
    // For files of data; on the page it stands before the text, or above the table where it is the same for all.
    { key: 'who', label: columns.who, type: 'text', hide: true },
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
    { key: 'text', label: columns.text, type: 'text', width: textWidth(keys.length) },
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
