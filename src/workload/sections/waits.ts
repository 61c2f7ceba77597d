import type { Value } from '../../rows/rows.ts';
import type { SampleGroup } from '../../rows/session-samples.ts';
import { type Block, chartBlock, tableBlock, textBlock } from '../block.ts';
import { sampledSeconds } from '../database-time.ts';
import type { WorkloadFacts } from '../facts.ts';
import { figure } from '../figures.ts';
import { countedSessions } from '../findings/sessions.ts';
import {
  IDLE_CLASS,
  isWork,
  type LoadBucket,
  loadBuckets,
  sessionsOverTime,
  sharesOfMost,
  stepRows,
} from '../sampled-load.ts';
import type { Section } from '../section.ts';
import { eventColors } from '../wait-colors.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  class: ['Class', 'Класс', '类别'],
  event: ['Event', 'Событие', '事件'],
  seconds: ['Seconds', 'Секунды', '秒'],
  error: ['± s', '± с', '± 秒'],
  share: ['Of DB time', 'Доля', '占比'],
  sessions: ['Average', 'В среднем', '平均'],
  note: [
    '{samples} samples over {covered} s: shares of samples, not measured waits; ± is 2 √n. CPU waits for nothing the server names.',
    'Наблюдений {samples} за {covered} с: доли наблюдений, не измеренные ожидания; ± равно 2 √n. CPU не ждёт ничего известного серверу.',
    '{covered} 秒内采样 {samples} 次：为采样占比而非实测；± 为 2 √n。CPU 指未等待任何已知事件。',
  ],
  running: ['running', 'выполнение', '运行中'],
  rare: ['seen fewer than five times', 'замечены менее пяти раз', '少于五次'],
  over: ['Waits over time', 'Ожидания во времени', '等待随时间变化'],
  map: ['When each event was at its height', 'Когда событие было сильнее всего', '各事件何时最强'],
  mapNote: [
    'Each in percent of its own highest stretch of time: colours of two events do not compare.',
    'В процентах от собственного наибольшего отрезка: цвета двух событий не сравнимы.',
    '按各事件自身最高时段的百分比：不同事件的颜色不可比较。',
  ],
  other: ['Other', 'Прочее', '其他'],
  idleClass: ['Idle in transaction', 'Простой в транзакции', '事务中空闲'],
  idle: ['(no database time)', '(не время базы)', '（不计入数据库时间）'],
  unsampled: [
    'Sessions were not sampled in this range, so that waits are not known. The table shows the sessions at its two ends: single looks, no averages.',
    'Сеансы в этом диапазоне не наблюдались, ожидания неизвестны. Таблица показывает сеансы на его концах: отдельные снимки, не средние.',
    '本范围未采样会话，等待情况未知。下表仅为两端时刻的会话，不是平均值。',
  ],
  ends: ['Sessions at both ends', 'Сеансы на концах', '两端的会话'],
  database: ['Database', 'База', '数据库'],
  user: ['Role', 'Роль', '角色'],
  state: ['State', 'Состояние', '状态'],
  count: ['Sessions', 'Сеансы', '会话'],
  end: ['End', 'Конец', '端点'],
  longest: ['Longest transaction, s', 'Самая долгая транзакция, с', '最长事务（秒）'],
  quiet: ['No session was at work when looked at.', 'В моменты наблюдения никто не работал.', '采样时没有会话在工作。'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

const LEAST_SAMPLES = 5;
const MOST_EVENTS = 15;
const MOST_SERIES = 6;
const LEAST_STEPS = 4;

/** What sessions waited for: seconds by event, and when. */
export const waits: Section = {
  id: 'waits',
  chapter: 'overview',
  title: { en: 'Waits', ru: 'Ожидания', zh: '等待' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const buckets = loadBuckets(facts.minutes);
    if (buckets.length === 0) return unsampled(facts, words);
    const events = eventsOf(buckets, words);
    const table = eventTable(facts, buckets, events, words);
    return [table, ...overTime(facts, buckets, events, words)];
  },
};

const wordOf = (group: SampleGroup, words: Words): string =>
  group.waitClass === IDLE_CLASS
    ? IDLE_CLASS
    : `${group.waitClass} · ${group.waitEvent ?? (group.waitClass === 'CPU' ? words.running : '–')}`;

interface Event {
  readonly word: string;
  readonly waitClass: string;
  readonly event: string;
  readonly seconds: number;
  readonly samples: number;
  readonly isWork: boolean;
}

/** By class and event, the most seconds first; sessions idle in a transaction stand among them and are marked. */
function eventsOf(buckets: readonly LoadBucket[], words: Words): readonly Event[] {
  const found = new Map<string, Event>();
  for (const { groups, covered, samples } of buckets) {
    const step = samples > 0 && covered > 0 ? covered / samples : 1;
    for (const group of groups) {
      if (group.backend !== 'client backend') continue;
      const word = wordOf(group, words);
      const known = found.get(word);
      const event = group.waitClass === IDLE_CLASS ? words.idle : (group.waitEvent ?? words.running);
      found.set(word, {
        word,
        waitClass: group.waitClass,
        event,
        seconds: (known?.seconds ?? 0) + group.seconds,
        samples: (known?.samples ?? 0) + group.seconds / step,
        isWork: isWork(group),
      });
    }
  }
  return [...found.values()].sort((a, b) => b.seconds - a.seconds);
}

function eventTable(
  facts: WorkloadFacts,
  buckets: readonly LoadBucket[],
  events: readonly Event[],
  words: Words,
): Block {
  const heading = waits.title[facts.locale];
  const block = { id: waits.id, heading };
  const covered = buckets.reduce((sum, bucket) => sum + bucket.covered, 0);
  const samples = buckets.reduce((sum, bucket) => sum + bucket.samples, 0);
  const note = filled(words.note, {
    samples: figure(samples, facts.locale),
    covered: figure(Math.round(covered), facts.locale),
  });
  if (events.length === 0) return textBlock(block, `${words.quiet}\n\n${note}`);
  const total = sampledSeconds(facts.minutes) ?? 0;
  const step = samples > 0 ? covered / samples : 1;
  const row = (one: Pick<Event, 'waitClass' | 'event' | 'seconds' | 'samples' | 'isWork'>): readonly Value[] => [
    one.waitClass === IDLE_CLASS ? words.idleClass : one.waitClass,
    one.event,
    Math.round(one.seconds * 10) / 10,
    Math.round(2 * Math.sqrt(one.samples) * step * 10) / 10,
    one.isWork && total > 0 ? Math.min(1, one.seconds / total) : null,
    covered > 0 ? one.seconds / covered : null,
  ];
  const often = events.filter((one) => one.samples >= LEAST_SAMPLES).slice(0, MOST_EVENTS);
  const rest = events.filter((one) => !often.includes(one));
  const restRow = {
    waitClass: words.other,
    event: rest.every((one) => one.samples < LEAST_SAMPLES) ? words.rare : '',
    seconds: rest.reduce((sum, one) => sum + one.seconds, 0),
    samples: rest.reduce((sum, one) => sum + one.samples, 0),
    isWork: rest.every((one) => one.isWork),
  };
  return tableBlock(
    { ...block, description: note },
    [
      { key: 'class', label: words.class, type: 'text' },
      { key: 'event', label: words.event, type: 'text' },
      { key: 'seconds', label: words.seconds, type: 'number', decimals: 1 },
      { key: 'error', label: words.error, type: 'number', decimals: 1 },
      { key: 'share', label: words.share, type: 'number', unit: 'ratio', decimals: 1, mark: 'bar' },
      { key: 'sessions', label: words.sessions, type: 'number', decimals: 2 },
    ],
    [...often, ...(rest.length > 0 ? [restRow] : [])].map(row),
  );
}

/** The events as a stacked area and as a map; with few minutes neither says more than the table. */
function overTime(
  facts: WorkloadFacts,
  buckets: readonly LoadBucket[],
  events: readonly Event[],
  words: Words,
): readonly Block[] {
  if (buckets.length < LEAST_STEPS || events.length === 0) return [];
  const top = events.filter((one) => one.isWork).slice(0, MOST_SERIES);
  const shown = top.map(({ word }) => word);
  const word = (group: SampleGroup): string => {
    const own = wordOf(group, words);
    return shown.includes(own) ? own : words.other;
  };
  const { start, end } = facts.range;
  const period = { from: start.identity.capturedAt, to: end.identity.capturedAt };
  const [first] = buckets;
  const hasOthers = events.some((one) => one.isWork && !shown.includes(one.word));
  const rows = sessionsOverTime(buckets, hasOthers ? [...shown, words.other] : shown, word);
  const columns = [
    { key: 'at', type: 'time' },
    { key: 'event', type: 'text' },
    { key: 'sessions', type: 'number' },
  ] as const;
  const mappings = { xAxis: { field: 'at' }, yAxis: { field: 'sessions', groupingField: 'event' } };
  return [
    chartBlock(
      { id: 'waits-over-time', heading: words.over, kind: 'timeseries', height: 4 },
      columns,
      stepRows(rows, first === undefined ? null : first.to - first.from, period),
      {
        settings: {
          ...{ type: 'area', stack: true, lineStyle: 'step', maxSeries: MOST_SERIES + 1 },
          colors: eventColors(top, words.other),
        },
        mappings,
      },
    ),
    chartBlock(
      { id: 'waits-map', heading: words.map, description: words.mapNote, kind: 'heatmap' },
      columns,
      sharesOfMost(rows),
      { settings: { showValues: false, reduce: 'avg', unit: 'ratio' }, mappings },
    ),
  ];
}

function unsampled(facts: WorkloadFacts, words: Words): readonly Block[] {
  const said = textBlock({ id: waits.id, heading: waits.title[facts.locale] }, words.unsampled);
  const rows = countedSessions(facts)
    .filter(({ backend }) => backend === 'client backend')
    .map(({ end, database, user, state, waitClass, event, sessions, transactionSeconds }): readonly Value[] => [
      end,
      database,
      user,
      state,
      [waitClass, event].filter((part) => part !== '').join(' · '),
      sessions,
      Math.round(transactionSeconds * 10) / 10,
    ]);
  if (rows.length === 0) return [said];
  return [
    said,
    tableBlock(
      { id: 'waits-ends', heading: words.ends },
      [
        { key: 'end', label: words.end, type: 'time' },
        { key: 'database', label: words.database, type: 'text' },
        { key: 'user', label: words.user, type: 'text' },
        { key: 'state', label: words.state, type: 'text' },
        { key: 'event', label: words.event, type: 'text' },
        { key: 'count', label: words.count, type: 'number' },
        { key: 'longest', label: words.longest, type: 'number' },
      ],
      rows,
    ),
  ];
}
