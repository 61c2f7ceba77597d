import { badRequest } from '../errors.ts';
import { parseCalendarPeriod } from './calendar-period.ts';
import { parseInstant, quoted } from './instant.ts';

/** A span of time, `from` included, `to` excluded. `from` is always before `to`. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** A period as definitions hold it: `[from, to]`, `[from]` (until now) or one named period such as `["last month"]`. */
export type PeriodExpression = readonly string[];

/** What a report without any period of its own covers. */
export const DEFAULT_PERIOD: PeriodExpression = ['now-24h', 'now'];

const LONGEST_TEXT = 100;

/**
 * Make instants of a period expression; the grammar stands at `parseInstant` and `parseCalendarPeriod`.
 *
 * A start is the first instant of what it names. So is an end, except where that would cut what was meant: a bare
 * date, month or year as the end is included whole (`["2024-01-01", "2024-01-31"]` has 31 days), and two equal rounded
 * texts mean that whole unit (`["now-1d/d", "now-1d/d"]` is yesterday, as is `["now-1d/d", "now/d"]`).
 *
 * @param now what `now` means: the run's scheduled time, not the wall clock of a late run.
 * @param zone IANA zone in which days begin and dates without offset are read.
 * @throws BroadsheetError `bad_request` for anything else, and for an end that is not after its start.
 */
export function resolvePeriod(expression: PeriodExpression, now: Date, zone: string): Period {
  const [first, second, ...rest] = expression;
  if (first === undefined || rest.length > 0) throw badRequest('invalid period: one or two elements expected');
  for (const text of expression) {
    if (typeof text !== 'string' || text.length > LONGEST_TEXT)
      throw badRequest('invalid period: short texts expected');
  }
  const named = second === undefined ? parseCalendarPeriod(first, now, zone) : null;
  const period = named ?? { from: parseInstant(first, now, zone).instant, to: endOf(first, second, now, zone) };
  if (!(period.from.getTime() < period.to.getTime())) {
    throw badRequest(`invalid period: ${quoted(expression.join(' … '))} does not end after it begins`);
  }
  return period;
}

function endOf(first: string, second: string | undefined, now: Date, zone: string): Date {
  if (second === undefined) return now;
  const { instant, unitEnd } = parseInstant(second, now, zone);
  const isRelative = second.trim().startsWith('now');
  return unitEnd !== null && (!isRelative || first.trim() === second.trim()) ? unitEnd : instant;
}

/** The places a period may be set, as their expressions; null, undefined and `[]` mean not set there. */
export interface PeriodLevels {
  readonly run?: PeriodExpression | null | undefined;
  readonly series?: PeriodExpression | null | undefined;
  readonly widget?: PeriodExpression | null | undefined;
  readonly report?: PeriodExpression | null | undefined;
  readonly dashboard?: PeriodExpression | null | undefined;
}

const PRECEDENCE = ['run', 'series', 'widget', 'report', 'dashboard'] as const;

/**
 * Which period holds for a series. The run's explicit period beats all, because whoever asks for "the same report for
 * March" means every chart in it. Then the more specific wins: series → widget → report (`settings.general.period`) →
 * dashboard (`config.period`) → the last 24 hours. (The cruddy v2 documents state no order; a report stands before its
 * dashboard because the dashboard is shared by several reports.)
 */
export function effectivePeriod(levels: PeriodLevels): PeriodExpression {
  for (const level of PRECEDENCE) {
    const expression = levels[level];
    if (expression !== undefined && expression !== null && expression.length > 0) return expression;
  }
  return DEFAULT_PERIOD;
}
