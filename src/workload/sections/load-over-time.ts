import { type Block, chartBlock, textBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import type { Range } from '../range.ts';
import { isWork, type LoadRow, loadBuckets, secondsBy, sessionsOverTime, stepRows } from '../sampled-load.ts';
import type { Section } from '../section.ts';
import { stepsOf } from '../steps.ts';
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

/** Classes in the order of the stack: work first, then what is waited for. */
const CLASSES: readonly string[] = [
  ...['CPU', 'IO', 'LWLock', 'Lock', 'IPC', 'Client', 'BufferPin', 'Timeout', 'Extension'],
];

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
      const seen = secondsBy(work, ({ waitClass }) => waitClass).map(([word]) => word);
      const ordered = [
        ...CLASSES.filter((word) => seen.includes(word)),
        ...seen.filter((word) => !CLASSES.includes(word)),
      ];
      const classes = ordered.length === 0 ? ['CPU'] : ordered;
      const rows = sessionsOverTime(buckets, classes, ({ waitClass }) => waitClass);
      return [chartOf(facts, words.sampled, rows, (buckets[0]?.to ?? 0) - (buckets[0]?.from ?? 0))];
    }
    const byDatabase = countedLoad(facts.range);
    if (byDatabase.length > 0) return [chartOf(facts, words.counted, byDatabase, null)];
    const byStatements = statementLoad(facts.range, words.all);
    if (byStatements.length > 0) return [chartOf(facts, words.statements, byStatements, null)];
    return [textBlock({ id: loadOverTime.id, heading: loadOverTime.title[facts.locale] }, words.none)];
  },
};

/** @param step milliseconds of each step; null = up to the next row's instant. */
function chartOf(facts: WorkloadFacts, description: string, rows: readonly LoadRow[], step: number | null): Block {
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

/** Sessions at work between two snapshots, by database, from `active_time` (14 and later). */
const countedLoad = (range: Range): readonly LoadRow[] =>
  perStep(range, (piece) => {
    const table = piece.table('database');
    return table.rows.flatMap((row) => {
      const active = table.delta(row, 'active_time');
      const name = table.last(row, 'datname');
      return active === null || name === null ? [] : [[String(name), active / 1000] as const];
    });
  });

const statementLoad = (range: Range, word: string): readonly LoadRow[] =>
  perStep(range, (piece) => {
    const table = piece.table('statements');
    const seconds = table.rows.reduce(
      (sum, row) =>
        sum + (table.last(row, 'toplevel') === false ? 0 : (table.delta(row, 'total_exec_time') ?? 0) / 1000),
      0,
    );
    return table.rows.length === 0 ? [] : [[word, seconds] as const];
  });

function perStep(range: Range, seconds: (piece: Range) => readonly (readonly [string, number])[]): readonly LoadRow[] {
  return stepsOf(range).flatMap((step) =>
    step.seconds <= 0
      ? []
      : seconds(step.range).map(([word, value]): LoadRow => [step.from, word, value / step.seconds]),
  );
}
