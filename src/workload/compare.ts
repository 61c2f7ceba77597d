import { pairsOf } from './compare-pairs.ts';
import { databaseTimeOf } from './database-time.ts';
import type { WorkloadFacts } from './facts.ts';
import { nameOfStatement, pieceMeans } from './piece-means.ts';
import type { Range } from './range.ts';
import { rankTest } from './rank-test.ts';
import { type Statement, type Statements, statementsOf, sumOfWork, type Work } from './statements.ts';

/** What became of a statement between two ranges. */
export type ChangeKind =
  | 'new'
  | 'gone'
  | 'more traffic'
  | 'less traffic'
  | 'slower'
  | 'faster'
  | 'more data'
  | 'steady';

/** A statement in two ranges; either side may be missing. */
export interface StatementChange {
  readonly queryId: string;
  readonly database: string;
  readonly user: string;
  readonly before: Statement | null;
  readonly after: Statement | null;
  /** Seconds of work per second, after less before: what it adds to the load. `volume` and `cost` add up to it. */
  readonly change: number;
  /** By more or fewer calls per second. */
  readonly volume: number;
  /** By dearer or cheaper calls. */
  readonly cost: number;
  /** Time per call, after ÷ before; null below 30 calls on either side. */
  readonly ratio: number | null;
  readonly rowsRatio: number | null;
  readonly blocksRatio: number | null;
  /** Welch's z of the difference of the means; null where a deviation is not known. */
  readonly z: number | null;
  /** The chance that pieces of one kind differ so much by themselves (`rankTest`); null where either range has too few. */
  readonly chance: number | null;
  readonly isRegression: boolean;
  readonly kind: ChangeKind;
}

export interface Comparison {
  readonly before: Statements;
  readonly after: Statements;
  /** By the size of the change, the largest first; of the statements that clients sent. */
  readonly changes: readonly StatementChange[];
  /** Average active sessions before and after; null where there is no database time. */
  readonly load: { readonly before: number; readonly after: number } | null;
  /** The part of the change of load that no statement explains. */
  readonly unexplained: number | null;
}

/** A mean of fewer calls is an anecdote. */
const LEAST_CALLS = 30;
const SLOWER = 1.5;
const LEAST_SECONDS = 10;
const LEAST_SHARE = 0.01;
/** Calls depend on each other, so that a z of two, as for independent ones, would cry wolf. */
const LEAST_Z = 4;
/** A rank test of fewer pieces cannot tell. */
const LEAST_PIECES = 6;
const MOST_CHANCE = 0.01;
const PLAN_RATIO = 3;
const PLAN_SECONDS = 30;
/** Rows and time that moved by nearly the same factor: there is more data, not a slower statement. */
const SAME_RATIO = 0.3;
/** A part of the change this much larger than the other names it. */
const NOTABLE = 0.05;

const known = new WeakMap<Range, Comparison>();

/** The range beside its baseline; null without one. Computed once. */
export function compareRanges(facts: WorkloadFacts): Comparison | null {
  const { baseline, range } = facts;
  if (baseline === null || baseline.seconds <= 0 || range.seconds <= 0) return null;
  const found = known.get(range) ?? comparisonOf(facts, baseline);
  known.set(range, found);
  return found;
}

function comparisonOf(facts: WorkloadFacts, baseline: Range): Comparison {
  const after = statementsOf(facts);
  const before = statementsOf({ range: baseline, minutes: [] });
  const pairs = pairsOf(facts, before.outer, after.outer);
  const databaseSeconds = after.databaseSeconds ?? 0;
  const found = pairs.map(([a, b]) => changeOf(a, b, baseline.seconds, facts.range.seconds));
  const changes = tested(found, baseline, facts.range, databaseSeconds);
  // Of both sides by the same measure: the baseline has no samples.
  const [was, is] = [baseline, facts.range].map((range) => databaseTimeOf(range, []));
  const load =
    was && is && was.source === is.source
      ? { before: was.seconds / baseline.seconds, after: is.seconds / facts.range.seconds }
      : null;
  const explained = changes.reduce((sum, { change }) => sum + change, 0);
  return {
    before,
    after,
    changes: changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change)),
    load,
    unexplained: load === null ? null : load.after - load.before - explained,
  };
}

function changeOf(
  before: Statement | null,
  after: Statement | null,
  beforeSeconds: number,
  afterSeconds: number,
): Untested {
  const [a, b] = [before ?? NOTHING, after ?? NOTHING];
  const [rateA, rateB] = [a.calls / beforeSeconds, b.calls / afterSeconds];
  // A side without calls has no cost of its own: all of the change is traffic then.
  const [costA, costB] = [secondsPerCall(a) ?? secondsPerCall(b) ?? 0, secondsPerCall(b) ?? secondsPerCall(a) ?? 0];
  const change = b.seconds / afterSeconds - a.seconds / beforeSeconds;
  const cost = ((costB - costA) * (rateA + rateB)) / 2;
  const ratios = ratiosOf(a, b);
  const z = before && after ? welch(before, after) : null;
  const named = after ?? before;
  const parts = { change, volume: change - cost, cost };
  return {
    ...{ queryId: named?.queryId ?? '', database: named?.database ?? '', user: named?.user ?? '' },
    ...{ before, after, ...parts, ...ratios, z },
    kind: kindOf(before, after, parts, ratios),
  };
}

type Untested = Omit<StatementChange, 'chance' | 'isRegression'>;

/**
 * Which of the slower statements are so by more than chance. Where both ranges have pieces enough, these are asked: calls of
 * one piece depend on each other, pieces hardly do. Else the calls are, by a bound that allows for it.
 */
function tested(
  changes: readonly Untested[],
  baseline: Range,
  range: Range,
  databaseSeconds: number,
): StatementChange[] {
  const least = Math.max(LEAST_SECONDS, LEAST_SHARE * databaseSeconds);
  const isSlower = ({ ratio, after }: Untested): boolean => (ratio ?? 0) >= SLOWER && (after?.seconds ?? 0) >= least;
  const slower = changes.filter(isSlower);
  const hasPieces = Math.min(baseline.steps.length, range.steps.length) >= LEAST_PIECES;
  const sides = hasPieces ? slower : [];
  const was = pieceMeans(
    baseline,
    sides.flatMap(({ before }) => before ?? []),
  );
  const is = pieceMeans(
    range,
    sides.flatMap(({ after }) => after ?? []),
  );
  const chanceOf = ({ before, after }: Untested): number | null => {
    const a = before === null ? undefined : was.get(nameOfStatement(before));
    const b = after === null ? undefined : is.get(nameOfStatement(after));
    return Math.min(a?.length ?? 0, b?.length ?? 0) < LEAST_PIECES ? null : rankTest(a ?? [], b ?? []);
  };
  return changes.map((change) => {
    if (!isSlower(change)) return { ...change, chance: null, isRegression: false };
    const chance = chanceOf(change);
    return { ...change, chance, isRegression: chance === null ? (change.z ?? 0) >= LEAST_Z : chance < MOST_CHANCE };
  });
}

const NOTHING = sumOfWork([]);
const secondsPerCall = ({ calls, seconds }: Work): number | null => (calls > 0 ? seconds / calls : null);

type Ratios = Pick<StatementChange, 'ratio' | 'rowsRatio' | 'blocksRatio'>;

function ratiosOf(a: Work, b: Work): Ratios {
  if (a.calls < LEAST_CALLS || b.calls < LEAST_CALLS) return { ratio: null, rowsRatio: null, blocksRatio: null };
  const ratio = (of: (work: Work) => number): number | null => (of(a) > 0 ? of(b) / b.calls / (of(a) / a.calls) : null);
  return {
    ratio: ratio(({ seconds }) => seconds),
    rowsRatio: ratio(({ rows }) => rows),
    blocksRatio: ratio(({ hit, read }) => hit + read),
  };
}

function welch(before: Statement, after: Statement): number | null {
  const [meanA, meanB] = [secondsPerCall(before), secondsPerCall(after)];
  if (meanA === null || meanB === null || before.stddevMs === null || after.stddevMs === null) return null;
  const error = Math.sqrt(before.stddevMs ** 2 / before.calls + after.stddevMs ** 2 / after.calls);
  return error > 0 ? ((meanB - meanA) * 1000) / error : null;
}

function kindOf(
  before: Statement | null,
  after: Statement | null,
  { change, volume, cost }: Pick<StatementChange, 'change' | 'volume' | 'cost'>,
  ratios: Ratios,
): ChangeKind {
  if (before === null) return 'new';
  if (after === null) return 'gone';
  const load = Math.max(Math.abs(volume), Math.abs(cost));
  if (load === 0 || Math.abs(change) < NOTABLE * load) return 'steady';
  if (Math.abs(volume) >= Math.abs(cost)) return volume > 0 ? 'more traffic' : 'less traffic';
  if (cost < 0) return 'faster';
  return isMoreData(ratios) ? 'more data' : 'slower';
}

const isMoreData = ({ ratio, rowsRatio }: Ratios): boolean =>
  ratio !== null && rowsRatio !== null && rowsRatio >= SLOWER && Math.abs(rowsRatio / ratio - 1) <= SAME_RATIO;

/** Beside the largest change this much smaller ones are none. */
const NO_CHANGE = 0.001;

/** What changed the load, the largest change first. */
export function notableChanges(facts: WorkloadFacts): readonly StatementChange[] {
  const changes = compareRanges(facts)?.changes ?? [];
  const least = NO_CHANGE * Math.abs(changes[0]?.change ?? 0);
  return changes.filter(({ change }) => change !== 0 && Math.abs(change) >= least);
}

const MOST_REGRESSIONS = 10;

/** Statements that became significantly slower than in the range before, the costliest first; ten at most. */
export const regressions = (facts: WorkloadFacts): readonly StatementChange[] =>
  (compareRanges(facts)?.changes ?? [])
    .filter(({ isRegression }) => isRegression)
    .toSorted((a, b) => b.change - a.change)
    .slice(0, MOST_REGRESSIONS);

/** Statements that are dearer than before and touch far more or far fewer blocks for as many rows: another plan. */
export const planChanges = (facts: WorkloadFacts): readonly StatementChange[] =>
  (compareRanges(facts)?.changes ?? [])
    .filter(({ ratio, blocksRatio, rowsRatio, after }) => {
      const isOtherWork = blocksRatio !== null && (blocksRatio >= PLAN_RATIO || blocksRatio <= 1 / PLAN_RATIO);
      const isSameAnswer = rowsRatio === null || (rowsRatio < PLAN_RATIO && rowsRatio > 1 / PLAN_RATIO);
      return (ratio ?? 0) >= PLAN_RATIO && isOtherWork && isSameAnswer && (after?.seconds ?? 0) >= PLAN_SECONDS;
    })
    .toSorted((a, b) => b.change - a.change)
    .slice(0, MOST_REGRESSIONS);
