import type { Value } from '../../rows/rows.ts';
import { type Block, chartBlock } from '../block.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import { isDatabaseCounted, type Step, stepPoints, stepsOf } from '../steps.ts';
import { sumOf } from '../sums.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  transactions: ['Transactions per second', 'Транзакций в секунду', '每秒事务'],
  committed: ['committed', 'завершены', '提交'],
  rolledBack: ['rolled back', 'отменены', '回滚'],
  hits: ['Found in shared buffers', 'Найдено в общих буферах', '共享缓冲命中'],
  volumes: ['Read, WAL and temporary files', 'Чтение, WAL и временные файлы', '读取、WAL 与临时文件'],
  read: ['read', 'чтение', '读取'],
  wal: ['WAL', 'WAL', 'WAL'],
  temp: ['temporary files', 'временные файлы', '临时文件'],
  rows: ['Rows changed per second', 'Изменено строк в секунду', '每秒变更行'],
  inserted: ['inserted', 'вставлено', '插入'],
  updated: ['updated', 'изменено', '更新'],
  deleted: ['deleted', 'удалено', '删除'],
  perSecond: ['MB/s', 'МБ/с', 'MB/秒'],
} as const satisfies Record<string, Wording>;

const LEAST_STEPS = 3;
const MB = 1_000_000;
/** Grid rows. */
const HEIGHT = 3;

interface Line {
  readonly name: string;
  /** In one step; null = not counted. */
  readonly amount: (step: Step) => number | null;
}

/** How the load went over the range, where it has snapshots between its ends: one step for what lies between two of them. */
export function loadCharts(facts: WorkloadFacts): readonly Block[] {
  if (facts.range.steps.length < LEAST_STEPS) return [];
  const words = wordsIn(WORDS, facts.locale);
  const of =
    (view: string, column: string, factor = 1) =>
    (step: Step): number | null => {
      if (view === 'database' && !isDatabaseCounted(step)) return null;
      const sum = sumOf(step.range.table(view), column);
      return sum === null ? null : sum * factor;
    };
  const lines = (...all: readonly (readonly [name: string, amount: Line['amount']])[]): readonly Line[] =>
    all.map(([name, amount]) => ({ name, amount }));
  const database = (column: string, factor = 1) => of('database', column, factor);
  const stacked = { type: 'area', stack: true, min: 0 };
  const perSecond = { unit: words.perSecond, min: 0 };
  return [
    ...stepChart(facts, {
      ...{ id: 'load-transactions', heading: words.transactions, settings: stacked },
      lines: lines([words.committed, database('xact_commit')], [words.rolledBack, database('xact_rollback')]),
    }),
    ...hitChart(facts, words.hits),
    ...stepChart(facts, {
      ...{ id: 'load-volumes', heading: words.volumes, settings: perSecond },
      lines: lines(
        [words.read, database('blks_read', blockSize(facts.range) / MB)],
        [words.wal, of('wal', 'wal_bytes', 1 / MB)],
        [words.temp, database('temp_bytes', 1 / MB)],
      ),
    }),
    ...stepChart(facts, {
      ...{ id: 'load-rows', heading: words.rows, settings: stacked },
      lines: lines(
        [words.inserted, database('tup_inserted')],
        [words.updated, database('tup_updated')],
        [words.deleted, database('tup_deleted')],
      ),
    }),
  ];
}

const COLUMNS = [
  { key: 'at', type: 'time' },
  { key: 'what', type: 'text' },
  { key: 'value', type: 'number' },
] as const;
const MAPPINGS = { xAxis: { field: 'at' }, yAxis: { field: 'value', groupingField: 'what' } };

/** Amounts per second by name; a name that no step counts, or that is always nothing, is left out, and so is an empty chart. */
function stepChart(
  { range }: WorkloadFacts,
  chart: {
    readonly id: string;
    readonly heading: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly lines: readonly Line[];
  },
): readonly Block[] {
  const { id, heading, settings, lines } = chart;
  const rows = lines.flatMap(({ name, amount }): (readonly Value[])[] => {
    const points = stepPoints(stepsOf(range), (step) => {
      const sum = amount(step);
      return sum === null ? null : sum / step.seconds;
    });
    return points.some(([, value]) => value !== null && value > 0)
      ? points.map(([at, value]) => [at, name, value])
      : [];
  });
  if (rows.length === 0) return [];
  const place = { id, heading, kind: 'timeseries', width: 6, height: HEIGHT };
  return [
    chartBlock(place, COLUMNS, rows, { settings: { lineStyle: 'step-before', ...settings }, mappings: MAPPINGS }),
  ];
}

function hitChart({ range }: WorkloadFacts, heading: string): readonly Block[] {
  const points = stepPoints(stepsOf(range), (step) => {
    const [hit, read] = ['blks_hit', 'blks_read'].map((column) => sumOf(step.range.table('database'), column) ?? 0);
    const all = (hit ?? 0) + (read ?? 0);
    return all > 0 ? (hit ?? 0) / all : null;
  });
  if (points.every(([, value]) => value === null)) return [];
  const place = { id: 'load-hits', heading, kind: 'timeseries', width: 6, height: HEIGHT };
  const columns = [COLUMNS[0], COLUMNS[2]];
  return [chartBlock(place, columns, points, { settings: { unit: 'ratio', lineStyle: 'step-before' } })];
}
