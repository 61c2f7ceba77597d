import { type Block, chartBlock, textBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import type { Range } from '../range.ts';
import { isWork, type LoadRow, loadBuckets, secondsBy, sessionsOverTime, stepRows } from '../sampled-load.ts';
import type { Section } from '../section.ts';
import { stepsOf } from '../steps.ts';
import { sumOf } from '../sums.ts';
import { classColors, classesInOrder } from '../wait-colors.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  sampled: [
    'Sessions at work on average, by what they waited for; sampled about once a second.',
    'Активные сеансы в среднем по видам ожидания; наблюдение примерно раз в секунду.',
    '平均活动会话，按等待类别；约每秒采样一次。',
  ],
  counted: [
    'Sessions at work on average between two snapshots, by database, as the server counted them. Sessions were not sampled.',
    'Активные сеансы в среднем между снимками по базам, по счётчикам сервера. Сеансы не наблюдались.',
    '两次快照之间的平均活动会话，按数据库，来自服务器计数。未采样会话。',
  ],
  statements: [
    'Statements under way on average between two snapshots, from what statements took. Sessions were not sampled.',
    'Выполнявшиеся операторы в среднем между снимками, по времени операторов. Сеансы не наблюдались.',
    '两次快照之间平均执行中的语句，由语句用时得出。未采样会话。',
  ],
  none: [
    'Neither sessions nor statements were counted: the load is not known.',
    'Ни сеансы, ни операторы не учитывались: нагрузка неизвестна.',
    '会话和语句均未计数：负载未知。',
  ],
  cpus: ['CPUs', 'Процессоры', 'CPU 数'],
  all: ['Statements', 'Операторы', '语句'],
  restart: ['Restart', 'Перезапуск', '重启'],
  crash: ['Crash', 'Сбой', '崩溃'],
  failover: ['Failover', 'Переключение', '故障切换'],
  promotion: ['Promotion', 'Повышение', '提升'],
} as const satisfies Record<string, Wording>;

/** The chart of the first page: how many sessions were at work, and with what. */
export const loadOverTime: Section = {
  id: 'load-over-time',
  chapter: 'overview',
  title: { en: 'Load over time', ru: 'Нагрузка во времени', zh: '负载随时间变化' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const buckets = loadBuckets(facts.minutes);
    const work = buckets.flatMap(({ groups }) => groups).filter(isWork);
    if (buckets.length > 0) {
      const seen = classesInOrder(secondsBy(work, ({ waitClass }) => waitClass).map(([word]) => word));
      const classes = seen.length === 0 ? ['CPU'] : seen;
      const rows = sessionsOverTime(buckets, classes, ({ waitClass }) => waitClass);
      const step = (buckets[0]?.to ?? 0) - (buckets[0]?.from ?? 0);
      return [chartOf(facts, { description: words.sampled, colors: classColors(classes) }, rows, step)];
    }
    const counted = countedChart(facts, words.counted, secondsOfDatabases);
    if (counted !== null) return [counted];
    const executed = countedChart(facts, words.statements, (range) => secondsOfStatements(range, words.all));
    if (executed !== null) return [executed];
    return [textBlock({ id: loadOverTime.id, heading: loadOverTime.title[facts.locale] }, words.none)];
  },
};

type SecondsBy = (range: Range) => readonly (readonly [word: string, seconds: number])[];

const LEAST_STEPS = 3;

/** Null where nothing is counted. Over fewer than three steps a bar each says as much as areas that never move. */
function countedChart(facts: WorkloadFacts, description: string, secondsOf: SecondsBy): Block | null {
  const { range, locale } = facts;
  if (range.steps.length >= LEAST_STEPS) {
    const rows = loadPerStep(range, secondsOf);
    const names = [...new Set(rows.map(([, word]) => word))];
    const colors = Object.fromEntries(names.map((name, index) => [name, index + 1]));
    return rows.length === 0 ? null : chartOf(facts, { description, colors }, rows, null);
  }
  const seconds = secondsOf(range);
  if (seconds.length === 0 || range.seconds <= 0) return null;
  const rows = busyOf(seconds).map(([word, value]) => [word, value / range.seconds]);
  return chartBlock(
    { id: loadOverTime.id, heading: loadOverTime.title[locale], description, kind: 'toplist' },
    [
      { key: 'what', type: 'text' },
      { key: 'sessions', type: 'number' },
    ],
    rows,
  );
}

/** The most seconds first; what did nothing is left out, but for one where nothing did. */
function busyOf(seconds: ReturnType<SecondsBy>): ReturnType<SecondsBy> {
  const busy = seconds.filter(([, value]) => value > 0).toSorted((a, b) => b[1] - a[1]);
  return busy.length > 0 ? busy : seconds.slice(0, 1);
}

interface Look {
  readonly description: string;
  /** Of each word, so that one alone is named as well. */
  readonly colors: Readonly<Record<string, number>>;
}

/** @param step milliseconds of each step; null = up to the next row's instant. */
function chartOf(
  facts: WorkloadFacts,
  { description, colors }: Look,
  rows: readonly LoadRow[],
  step: number | null,
): Block {
  const { start, end } = facts.range;
  const period = { from: start.identity.capturedAt, to: end.identity.capturedAt };
  const cpus = Number(settingOf(facts.range, 'cpu_count') ?? 0);
  const words = wordsIn(WORDS, facts.locale);
  return chartBlock(
    { id: loadOverTime.id, heading: loadOverTime.title[facts.locale], description, kind: 'timeseries', height: 4 },
    [
      { key: 'at', type: 'time' },
      { key: 'what', type: 'text' },
      { key: 'sessions', type: 'number' },
    ],
    stepRows(rows, step, period),
    {
      settings: {
        type: 'area',
        stack: true,
        lineStyle: 'step',
        min: 0,
        colors,
        ...(cpus > 0 ? { thresholds: [{ value: cpus, label: words.cpus, severity: 'bad' }] } : {}),
        annotations: eventMarks(facts),
      },
      mappings: { xAxis: { field: 'at' }, yAxis: { field: 'sessions', groupingField: 'what' } },
    },
  );
}

/** Restarts and the like, where they happened. */
function eventMarks({ range, locale }: WorkloadFacts): readonly object[] {
  const words = wordsIn(WORDS, locale);
  return range.events.flatMap(({ kind, at }) =>
    kind === 'restart' || kind === 'crash' || kind === 'failover' || kind === 'promotion'
      ? [{ at: new Date(at).toISOString(), label: words[kind], severity: kind === 'promotion' ? 'info' : 'bad' }]
      : [],
  );
}

/** Seconds that sessions worked, by database, from `active_time` (14 and later). */
const secondsOfDatabases: SecondsBy = (range) => {
  const table = range.table('database');
  return table.rows.flatMap((row) => {
    const active = table.delta(row, 'active_time');
    const name = table.last(row, 'datname');
    return active === null || name === null ? [] : [[String(name), active / 1000] as const];
  });
};

function secondsOfStatements(range: Range, word: string): ReturnType<SecondsBy> {
  const table = range.table('statements');
  const outer = table.rows.filter((row) => table.last(row, 'toplevel') !== false);
  const ms = sumOf(table, 'total_exec_time', outer);
  return table.rows.length === 0 ? [] : [[word, (ms ?? 0) / 1000]];
}

/** Sessions at work on average in each step, of those words that did anything in the range. */
function loadPerStep(range: Range, secondsOf: SecondsBy): readonly LoadRow[] {
  const shown = new Set(busyOf(secondsOf(range)).map(([word]) => word));
  return stepsOf(range)
    .filter(({ seconds }) => seconds > 0)
    .flatMap((step) =>
      secondsOf(step.range)
        .filter(([word]) => shown.has(word))
        .map(([word, seconds]): LoadRow => [step.from, word, seconds / step.seconds]),
    );
}
