import type { SampleGroup, SampleMinute } from '../rows/session-samples.ts';

/** A stretch of time that samples are added up over: one minute, or several where the range is long. */
export interface LoadBucket {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Seconds that samples cover, and how many samples they are. */
  readonly covered: number;
  readonly samples: number;
  readonly groups: readonly SampleGroup[];
}

export const IDLE_CLASS = 'Idle in transaction';

const MINUTE_MS = 60_000;
/** More steps than this cannot be told apart on a page. */
const MOST_BUCKETS = 120;
const STEPS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440];

/** Sessions of clients that were at work: what database time is made of. Idle transactions and background work are not. */
export const isWork = ({ backend, waitClass }: SampleGroup): boolean =>
  backend === 'client backend' && waitClass !== IDLE_CLASS;

/** Minutes added up to at most 120 stretches of equal length; those without samples are left out. */
export function loadBuckets(minutes: readonly SampleMinute[]): readonly LoadBucket[] {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (first === undefined || last === undefined) return [];
  const length = lengthOf(minutes);
  const span = (last.minute - first.minute) / length + 1;
  const step = (STEPS.find((one) => span / one <= MOST_BUCKETS) ?? Math.ceil(span / MOST_BUCKETS)) * length;
  const buckets = Map.groupBy(minutes, ({ minute }) => Math.floor(minute / step) * step);
  return [...buckets].map(([from, members]) => ({
    from,
    to: from + step,
    covered: members.reduce((sum, { covered }) => sum + covered, 0),
    samples: members.reduce((sum, { samples }) => sum + samples, 0),
    groups: members.flatMap(({ groups }) => groups),
  }));
}

/** Milliseconds of a minute; of a server that was watched for a short time they are shorter. */
function lengthOf(minutes: readonly SampleMinute[]): number {
  const distances = minutes.slice(1).map(({ minute }, at) => minute - (minutes[at]?.minute ?? minute));
  return Math.min(MINUTE_MS, ...distances.filter((distance) => distance > 0));
}

/** Seconds by a word of the groups, the most first. */
export function secondsBy(
  groups: readonly SampleGroup[],
  word: (group: SampleGroup) => string,
): readonly (readonly [word: string, seconds: number])[] {
  const sums = new Map<string, number>();
  for (const group of groups) sums.set(word(group), (sums.get(word(group)) ?? 0) + group.seconds);
  return [...sums].sort((a, b) => b[1] - a[1]);
}

/** Sessions at work on average from an instant on, by a word. */
export type LoadRow = readonly [at: number, word: string, sessions: number];

/** Sessions at work on average, by a word: a row for every word in every stretch. */
export function sessionsOverTime(
  buckets: readonly LoadBucket[],
  words: readonly string[],
  word: (group: SampleGroup) => string,
): readonly LoadRow[] {
  return buckets
    .filter(({ covered }) => covered > 0)
    .flatMap(({ from, covered, groups }) => {
      const sums = new Map(secondsBy(groups.filter(isWork), word));
      return words.map((one) => [from, one, (sums.get(one) ?? 0) / covered] as const);
    });
}

/**
 * Rows as a chart draws steps: none before the period, and the last step has an end.
 * @param step milliseconds of each step; null = up to the period's end.
 */
export function stepRows(
  rows: readonly LoadRow[],
  step: number | null,
  { from, to }: { readonly from: number; readonly to: number },
): readonly LoadRow[] {
  const last = Math.max(...rows.map(([at]) => at));
  const end = step === null ? to : Math.min(to, last + step);
  const closing = rows.filter(([at]) => at === last).map(([, word, value]): LoadRow => [end, word, value]);
  return [...rows, ...closing].map(([at, word, value]): LoadRow => [Math.max(from, at), word, value]);
}

/** Rows with each word's share of its own largest value: a rare event shows when it was there as well as a common one. */
export function sharesOfMost(rows: readonly LoadRow[]): readonly LoadRow[] {
  const most = new Map<string, number>();
  for (const [, word, sessions] of rows) most.set(word, Math.max(most.get(word) ?? 0, sessions));
  return rows.flatMap(([at, word, sessions]): LoadRow[] =>
    sessions > 0 ? [[at, word, sessions / (most.get(word) ?? sessions)]] : [],
  );
}
