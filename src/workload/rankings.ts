import type { Locale } from '../definition/definition.ts';
import { notableChanges } from './compare.ts';
import type { WorkloadFacts } from './facts.ts';
import { statementsInFindings } from './findings.ts';
import { shownOf } from './list-cut.ts';
import { shownTrees } from './lock-trees.ts';
import { blockersOf } from './locks.ts';
import type { StatementColumnKey } from './statement-columns.ts';
import { meanMs, type Statement, type Statements, statementsOf, type Work } from './statements.ts';
import type { Wording } from './wording.ts';

/** A list of the statements that are the largest by one figure. */
export interface Ranking {
  /** Its block in the report, and the name of its place. */
  readonly id: string;
  readonly heading: Readonly<Record<Locale, string>>;
  readonly figure: (work: Work) => number | null;
  /** Statements that it leaves out. */
  readonly leavesOut?: (statement: Statement) => boolean;
  /** Its figure can be added up, so that the rest is a row and columns have a sum. */
  readonly adds: boolean;
  readonly columns: readonly StatementColumnKey[];
}

/** Bars of a chart; the rest is one bar. */
export const TOP_BARS = 10;
const LEAST_CALLS_OF_MEAN = 5;
const LEAST_SECONDS_OF_MEAN = 1;

/** A ranking by a figure that adds up, unless it is said that it does not. */
const ranking = (
  id: string,
  [en, ru, zh]: Wording,
  figure: Ranking['figure'],
  columns: Ranking['columns'],
  other: Partial<Pick<Ranking, 'leavesOut' | 'adds'>> = {},
): Ranking => ({ id, heading: { en, ru, zh }, figure, columns, adds: true, ...other });

/** All rankings, in the order of reading. A section prints those whose ids are its own or begin with it. */
export const RANKINGS: readonly Ranking[] = [
  ranking(
    'statements-elapsed',
    ['Statements by time', 'Операторы по времени', '按耗时排序的语句'],
    ({ seconds }) => seconds,
    ['calls', 'seconds', 'share', 'mean', 'hit'],
  ),
  ranking(
    'statements-calls',
    ['Statements by calls', 'Операторы по числу вызовов', '按执行次数排序的语句'],
    ({ calls }) => calls,
    ['calls', 'seconds', 'share', 'mean', 'rowsPerCall'],
  ),
  ranking(
    'statements-mean',
    ['Statements by mean time', 'Операторы по среднему времени', '按平均耗时排序的语句'],
    meanMs,
    ['mean', 'stddev', 'max', 'calls', 'seconds'],
    { leavesOut: ({ calls, seconds }) => calls < LEAST_CALLS_OF_MEAN || seconds < LEAST_SECONDS_OF_MEAN, adds: false },
  ),
  ranking(
    'statements-rows',
    ['Statements by rows', 'Операторы по числу строк', '按行数排序的语句'],
    ({ rows }) => rows,
    ['rows', 'rowsPerCall', 'calls', 'seconds', 'blocksPerRow'],
  ),
  ranking(
    'statements-io',
    ['Statements by blocks read', 'Операторы по чтению блоков', '按读取块排序的语句'],
    ({ read }) => read,
    ['read', 'dirtied', 'ioSeconds', 'msPerRead', 'hit'],
  ),
  ranking(
    'statements-io-time',
    ['Statements by I/O time', 'Операторы по времени I/O', '按 I/O 耗时排序的语句'],
    ({ ioSeconds }) => ioSeconds,
    ['ioSeconds', 'ioShare', 'msPerRead', 'read', 'written'],
  ),
  ranking(
    'statements-io-gets',
    ['Statements by blocks touched', 'Операторы по обращениям к блокам', '按访问块排序的语句'],
    ({ hit, read }) => hit + read,
    ['gets', 'getsPerCall', 'blocksPerRow', 'calls', 'seconds'],
  ),
  ranking(
    'statements-temp',
    ['Statements by temporary files', 'Операторы по временным файлам', '按临时文件排序的语句'],
    ({ tempRead, tempWritten }) => tempRead + tempWritten,
    ['tempWritten', 'tempRead', 'tempSeconds', 'tempPerCall', 'calls'],
  ),
  ranking(
    'statements-wal',
    ['Statements by WAL', 'Операторы по объёму WAL', '按 WAL 排序的语句'],
    ({ walBytes }) => walBytes,
    ['walBytes', 'walRecords', 'walImages', 'walPerCall', 'walBuffersFull', 'calls'],
  ),
  ranking(
    'statements-planning',
    ['Statements by planning', 'Операторы по планированию', '按规划耗时排序的语句'],
    ({ planSeconds }) => planSeconds,
    ['planSeconds', 'planShare', 'calls', 'seconds', 'mean'],
  ),
  ranking(
    'statements-planning-jit',
    ['Statements by JIT compilation', 'Операторы по JIT-компиляции', '按 JIT 编译排序的语句'],
    ({ jitSeconds }) => jitSeconds,
    ['jitSeconds', 'jitShare', 'jitFunctions', 'calls', 'seconds'],
  ),
  ranking(
    'statements-planning-parallel',
    ['Statements by parallel workers', 'Операторы по параллельным процессам', '按并行进程排序的语句'],
    ({ workersPlanned }) => workersPlanned,
    ['workersPlanned', 'workersLaunched', 'calls', 'seconds'],
  ),
];

/** The first of a ranking, and all that have its figure. */
export function rankedBy(
  { figure, leavesOut = () => false }: Pick<Ranking, 'figure' | 'leavesOut'>,
  statements: readonly Statement[],
): readonly Statement[] {
  return statements
    .filter((statement) => (figure(statement) ?? 0) > 0 && !leavesOut(statement))
    .sort((a, b) => (figure(b) ?? 0) - (figure(a) ?? 0));
}

/** A place that names a statement: its ranking's (or the comparison's) id, and where in it the statement stands, from 1. */
export interface RankedPlace {
  readonly id: string;
  readonly rank: number;
}

/** By the statement's id (the server's): where the sections that are printed name it, with lists of at most so many rows. */
export function rankedPlaces(facts: WorkloadFacts, limit: number): ReadonlyMap<string, readonly RankedPlace[]> {
  const places = new Map<string, RankedPlace[]>();
  const isPrinted = (id: string): boolean =>
    facts.sections?.some((section) => id === section || id.startsWith(`${section}-`)) ?? true;
  const note = (id: string, named: readonly (readonly string[])[], most = limit): void => {
    if (!isPrinted(id)) return;
    for (const [index, queryIds] of named.slice(0, shownOf(named.length, most)).entries()) {
      for (const queryId of queryIds) {
        const found = places.get(queryId) ?? [];
        places.set(queryId, found);
        if (!found.some((place) => place.id === id)) found.push({ id, rank: index + 1 });
      }
    }
  };
  const idsOf = (ranked: readonly { readonly queryId: string }[]) => ranked.map(({ queryId }) => [queryId]);
  const all: Statements = statementsOf(facts);
  for (const ranking of RANKINGS) note(ranking.id, idsOf(rankedBy(ranking, all.outer)));
  note(NESTED, idsOf(rankedBy({ figure: ({ seconds }) => seconds }, all.nested)));
  note('comparison-statements', idsOf(notableChanges(facts)));
  note(
    BLOCKERS,
    blockersOf(facts.minutes).map(({ pid, queryId, waiterQueryIds }) => {
      const tree = shownTrees(facts.minutes).find(({ root }) => root.blockerPid === pid);
      const behind = tree?.waiters.map(({ edge }) => edge.waiterQueryId) ?? [];
      return [...new Set([queryId, waiterQueryIds[0] ?? null, ...behind])].filter((id) => id !== null);
    }),
  );
  note(FINDINGS, statementsInFindings(facts), Number.POSITIVE_INFINITY);
  return places;
}

/** What the first page says is to be looked at. */
export const FINDINGS = 'findings';

/** The list of who held others up, and who waited. */
export const BLOCKERS = 'locks-blockers';

/** The block of statements that ran inside others. */
export const NESTED = 'statements-elapsed-nested';
