import type { Locale } from '../definition/definition.ts';
import { notableChanges } from './compare.ts';
import type { WorkloadFacts } from './facts.ts';
import { statementsInFindings } from './findings.ts';
import { shownOf } from './list-cut.ts';
import { shownTrees } from './lock-trees.ts';
import { blockersOf } from './locks.ts';
import type { StatementColumnKey } from './statement-columns.ts';
import { meanMs, type Statement, type Statements, statementsOf, type Work } from './statements.ts';

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

/** All rankings, in the order of reading. A section prints those whose ids are its own or begin with it. */
export const RANKINGS: readonly Ranking[] = [
  {
    id: 'statements-elapsed',
    heading: { en: 'Statements by time', ru: 'Операторы по времени', zh: '按耗时排序的语句' },
    figure: ({ seconds }) => seconds,
    adds: true,
    columns: ['calls', 'seconds', 'share', 'mean', 'hit'],
  },
  {
    id: 'statements-calls',
    heading: { en: 'Statements by calls', ru: 'Операторы по числу вызовов', zh: '按执行次数排序的语句' },
    figure: ({ calls }) => calls,
    adds: true,
    columns: ['calls', 'seconds', 'share', 'mean', 'rowsPerCall'],
  },
  {
    id: 'statements-mean',
    heading: { en: 'Statements by mean time', ru: 'Операторы по среднему времени', zh: '按平均耗时排序的语句' },
    figure: meanMs,
    leavesOut: ({ calls, seconds }) => calls < LEAST_CALLS_OF_MEAN || seconds < LEAST_SECONDS_OF_MEAN,
    adds: false,
    columns: ['mean', 'stddev', 'max', 'calls', 'seconds'],
  },
  {
    id: 'statements-rows',
    heading: { en: 'Statements by rows', ru: 'Операторы по числу строк', zh: '按行数排序的语句' },
    figure: ({ rows }) => rows,
    adds: true,
    columns: ['rows', 'rowsPerCall', 'calls', 'seconds', 'blocksPerRow'],
  },
  {
    id: 'statements-io',
    heading: { en: 'Statements by blocks read', ru: 'Операторы по чтению блоков', zh: '按读取块排序的语句' },
    figure: ({ read }) => read,
    adds: true,
    columns: ['read', 'dirtied', 'ioSeconds', 'msPerRead', 'hit'],
  },
  {
    id: 'statements-io-time',
    heading: { en: 'Statements by I/O time', ru: 'Операторы по времени I/O', zh: '按 I/O 耗时排序的语句' },
    figure: ({ ioSeconds }) => ioSeconds,
    adds: true,
    columns: ['ioSeconds', 'ioShare', 'msPerRead', 'read', 'written'],
  },
  {
    id: 'statements-io-gets',
    heading: { en: 'Statements by blocks touched', ru: 'Операторы по обращениям к блокам', zh: '按访问块排序的语句' },
    figure: ({ hit, read }) => hit + read,
    adds: true,
    columns: ['gets', 'getsPerCall', 'blocksPerRow', 'calls', 'seconds'],
  },
  {
    id: 'statements-temp',
    heading: { en: 'Statements by temporary files', ru: 'Операторы по временным файлам', zh: '按临时文件排序的语句' },
    figure: ({ tempRead, tempWritten }) => tempRead + tempWritten,
    adds: true,
    columns: ['tempWritten', 'tempRead', 'tempSeconds', 'tempPerCall', 'calls'],
  },
  {
    id: 'statements-wal',
    heading: { en: 'Statements by WAL', ru: 'Операторы по объёму WAL', zh: '按 WAL 排序的语句' },
    figure: ({ walBytes }) => walBytes,
    adds: true,
    columns: ['walBytes', 'walRecords', 'walImages', 'walPerCall', 'walBuffersFull', 'calls'],
  },
  {
    id: 'statements-planning',
    heading: { en: 'Statements by planning', ru: 'Операторы по планированию', zh: '按规划耗时排序的语句' },
    figure: ({ planSeconds }) => planSeconds,
    adds: true,
    columns: ['planSeconds', 'planShare', 'calls', 'seconds', 'mean'],
  },
  {
    id: 'statements-planning-jit',
    heading: { en: 'Statements by JIT compilation', ru: 'Операторы по JIT-компиляции', zh: '按 JIT 编译排序的语句' },
    figure: ({ jitSeconds }) => jitSeconds,
    adds: true,
    columns: ['jitSeconds', 'jitShare', 'jitFunctions', 'calls', 'seconds'],
  },
  {
    id: 'statements-planning-parallel',
    heading: {
      en: 'Statements by parallel workers',
      ru: 'Операторы по параллельным процессам',
      zh: '按并行进程排序的语句',
    },
    figure: ({ workersPlanned }) => workersPlanned,
    adds: true,
    columns: ['workersPlanned', 'workersLaunched', 'calls', 'seconds'],
  },
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
