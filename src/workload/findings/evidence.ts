import type { Locale } from '../../definition/definition.ts';
import type { Value } from '../../rows/rows.ts';
import { databaseTimeOf, sampledSeconds, statementSeconds } from '../database-time.ts';
import type { DeltaRow, DeltaTable } from '../delta-table.ts';
import { shortId, textExcerpt, type WorkloadFacts } from '../facts.ts';
import { duration, figure, instantText, percent, volume } from '../figures.ts';
import type { Finding } from '../section.ts';
import { filled } from '../wording.ts';

/** A rule's sentence and advice in every language; `{name}` stands for a figure. */
export type Told = Readonly<Record<Locale, readonly [sentence: string, advice: string]>>;

/** What a rule found; its sentence is made of `told` and `values`. */
export interface Found extends Omit<Finding, 'sentence' | 'advice' | 'impact'> {
  readonly impact?: number;
  readonly told: Told;
  readonly values: Readonly<Record<string, string>>;
}

/** A finding in the report's language. */
export function tell({ locale }: WorkloadFacts, { told, values, impact = 0, ...rest }: Found): Finding {
  const [sentence, advice] = told[locale];
  return {
    ...rest,
    impact: Number.isFinite(impact) ? Math.max(0, impact) : 0,
    sentence: filled(sentence, values),
    advice,
  };
}

/** Figures in the report's language. */
export const figuresOf = ({ locale, timeZone }: WorkloadFacts) => ({
  number: (value: number | null): string => figure(value, locale),
  share: (value: number | null): string => percent(value, locale),
  time: (seconds: number | null): string => duration(seconds, locale),
  bytes: (value: number | null): string => volume(value, locale),
  instant: (at: number): string => instantText(at, locale, timeZone),
});

/**
 * Amounts of a range shorter than this are not taken for a rate: a second of work in a range of ten seconds says little
 * of the hour, so that short ranges are judged as if they had lasted this long.
 */
const SHORTEST_FOR_RATES_S = 60;
/** Shares of less database time than this are shares of next to nothing. */
const LEAST_DATABASE_TIME_S = 10;

export interface Load {
  /** Seconds that the counters cover. */
  readonly seconds: number;
  /** Per second, of at least a minute: see `SHORTEST_FOR_RATES_S`. */
  rate(amount: number): number;
  /** Seconds of work; the larger of counted and sampled ones, since work under way at the end is only sampled. */
  readonly worked: number | null;
  /** The share of database time; null where there is too little of it, or counters began anew by a crash. */
  share(seconds: number | null): number | null;
  /** How much of database time the statements explain; null where one of them is not known. */
  readonly coverage: number | null;
}

/** How much the server worked: what every share and rate of a finding is measured by. */
export function loadOf({ range, minutes }: WorkloadFacts): Load {
  const counted = databaseTimeOf(range, minutes)?.seconds ?? null;
  const sampled = sampledSeconds(minutes);
  const worked = counted === null ? sampled : Math.max(counted, sampled ?? 0);
  const isSteady = range.events.every(({ kind }) => kind !== 'crash');
  const hasShares = isSteady && worked !== null && worked >= LEAST_DATABASE_TIME_S;
  const explained = statementSeconds(range);
  return {
    seconds: range.seconds,
    rate: (amount) => amount / Math.max(range.seconds, SHORTEST_FOR_RATES_S),
    worked,
    share: (seconds) => (seconds === null || !hasShares || worked === null ? null : Math.min(1, seconds / worked)),
    coverage: explained === null || worked === null || worked <= 0 ? null : explained / worked,
  };
}

/** A number of a view; null for none, and for what is no number. */
export function numberIn(value: Value): number | null {
  if (value === null || typeof value === 'boolean') return null;
  const found = Number(value);
  return Number.isFinite(found) ? found : null;
}

/** A row's gauge at the end of the range. */
export const levelOf = (table: DeltaTable, row: DeltaRow, column: string): number | null =>
  numberIn(table.last(row, column));

export const textIn = (table: DeltaTable, row: DeltaRow, column: string): string =>
  String(table.last(row, column) ?? '');

/** Rows that the end of the range has. */
export const atEnd = (table: DeltaTable): readonly DeltaRow[] => table.rows.filter(({ isAtEnd }) => isAtEnd);

/** `schema.table`; the database before it where several were read. */
export function tableName(table: DeltaTable, row: DeltaRow): string {
  const relation = textIn(table, row, 'relname') || textIn(table, row, 'indexrelname');
  const name = `${textIn(table, row, 'schemaname')}.${relation}`;
  const scopes = new Set(table.rows.filter((one) => !isInternal(table, one)).map(({ scope }) => scope));
  return scopes.size > 1 ? `${row.scope}.${name}` : name;
}

/** Ordinary tables of users: neither catalogues nor what PostgreSQL keeps beside tables. */
export const userTables = (table: DeltaTable): readonly DeltaRow[] =>
  atEnd(table).filter((row) => textIn(table, row, 'relkind') !== 't' && !isInternal(table, row));

const isInternal = (table: DeltaTable, row: DeltaRow): boolean =>
  ['pg_catalog', 'pg_toast', 'information_schema'].includes(textIn(table, row, 'schemaname'));

/** Rows that are there: the planner's number where the table was ever analysed, else the statistics'. */
export const liveRows = (table: DeltaTable, row: DeltaRow): number => {
  const planned = levelOf(table, row, 'reltuples') ?? 0;
  return planned > 0 ? planned : (levelOf(table, row, 'n_live_tup') ?? 0);
};

/** The beginning of a statement's text; its id where the text was never read. */
export const excerpt = (facts: WorkloadFacts, queryId: string): string =>
  textExcerpt(facts, queryId) ?? shortId(queryId);

/** Statements that are no queries of applications: what they take and spill is meant. */
export const isMaintenance = (text: string | null): boolean =>
  /^\s*(?:create\s+(?:unique\s+)?index|reindex|vacuum|analyze|cluster|copy|refresh|alter|create\s+(?:unlogged\s+)?table|pg_dump)\b/i.test(
    text ?? '',
  );
