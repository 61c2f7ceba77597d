import type { SampleGroup } from '../../rows/session-samples.ts';
import { type Block, chartBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { duration, figure } from '../figures.ts';
import { countColumn, figureColumn, listBlock, textColumn } from '../list.ts';
import { type Measure, measureBlock } from '../measures.ts';
import { partRows, snapshotsOf } from '../part-rows.ts';
import { type LoadRow, loadBuckets, secondsBy, stepRows } from '../sampled-load.ts';
import type { Section } from '../section.ts';
import { type SessionGroup, sessionGroups } from '../session-groups.ts';
import { sumOf } from '../sums.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  note: [
    'Levels as the snapshots saw them; what opened and ended is counted by the server.',
    'Уровни — по снимкам; открытия и завершения считает сервер.',
    '数量取自快照；新建与结束由服务器计数。',
  ],
  measure: ['Measure', 'Показатель', '指标'],
  value: ['Value', 'Значение', '值'],
  start: ['Connections at the start', 'Подключений в начале', '开始时连接数'],
  end: ['Connections at the end', 'Подключений в конце', '结束时连接数'],
  most: ['Most connections at a snapshot', 'Больше всего подключений в снимке', '快照时最多连接数'],
  limit: ['Connections for clients, at most', 'Предел подключений клиентов', '客户端连接上限'],
  opened: ['Sessions opened', 'Открыто сеансов', '新建会话'],
  abandoned: ['Lost by the client', 'Потеряно клиентом', '客户端断开'],
  fatal: ['Ended by an error', 'Завершено ошибкой', '因错误结束'],
  killed: ['Killed by an operator', 'Прервано администратором', '被管理员终止'],
  longest: ['Longest transaction seen', 'Самая долгая транзакция', '最长事务'],
  idle: ['Longest idle in a transaction seen', 'Самый долгий простой в транзакции', '最长事务中空闲'],
  xmin: ['Oldest snapshot held, transactions', 'Старейший снимок данных, транзакций', '最旧快照（事务数）'],
  chart: ['Connections over time', 'Подключения во времени', '连接数随时间变化'],
  atWork: ['Sessions at work over time', 'Работающие сеансы во времени', '活动会话随时间变化'],
  limitLine: ['limit', 'предел', '上限'],
  groups: ['Sessions by user and state', 'Сеансы по пользователям и состояниям', '按用户与状态的会话'],
  none: ['No session was seen.', 'Сеансы не замечены.', '未观察到会话。'],
  user: ['User', 'Пользователь', '用户'],
  database: ['Database', 'База данных', '数据库'],
  state: ['State', 'Состояние', '状态'],
  mean: ['Mean', 'В среднем', '平均'],
  max: ['Most', 'Больше всего', '最多'],
  transaction: ['Longest transaction, s', 'Самая долгая транзакция, с', '最长事务（秒）'],
  inState: ['Longest in state, s', 'Дольше всего в состоянии, с', '该状态最长（秒）'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** Connections against their limit, how sessions ended, and who holds transactions open. */
export const sessions: Section = {
  id: 'sessions',
  chapter: 'system',
  title: { en: 'Sessions', ru: 'Сеансы', zh: '会话' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const charts = sideBySideCharts([...connectionsChart(facts, words), ...activityChart(facts, words)]);
    const groups = sessionGroups(facts.range);
    return [measures(facts, words), ...charts, groupList(facts, words, groups)];
  },
};

/** Connections of each snapshot, all databases together. */
const connections = ({ range }: WorkloadFacts): { readonly at: number; readonly count: number }[] =>
  snapshotsOf(range).map((snapshot) => ({
    at: snapshot.identity.capturedAt,
    count: partRows(snapshot, 'database').reduce((sum, row) => sum + (row.number('numbackends') ?? 0), 0),
  }));

/** What clients without special rights may open; null where settings were not read. */
function limitOf({ range }: WorkloadFacts): number | null {
  const most = settingOf(range, 'max_connections');
  const reserved = ['superuser_reserved_connections', 'reserved_connections'].map((name) =>
    Number(settingOf(range, name) ?? 0),
  );
  return most === null ? null : reserved.reduce((left, count) => left - count, Number(most));
}

function measures(facts: WorkloadFacts, words: Words): Block {
  const { range, minutes, locale } = facts;
  const seen = connections(facts);
  const table = range.table('database');
  const groups = minutes.flatMap((minute) => minute.groups).filter(({ backend }) => backend === 'client backend');
  const levels = sessionGroups(range);
  const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
  const idle = groups.filter(({ waitClass }) => waitClass === 'Idle in transaction');
  const idleLevels = levels.filter(({ state }) => state.startsWith('idle in transaction'));
  const count = (value: number | null): string => figure(value, locale);
  const lines: Measure[] = [
    [words.start, count(seen[0]?.count ?? null)],
    [words.end, count(seen.at(-1)?.count ?? null)],
    [words.most, count(most(seen.map((one) => one.count)))],
    [words.limit, count(limitOf(facts))],
    [words.opened, count(sumOf(table, 'sessions'))],
    [words.abandoned, count(sumOf(table, 'sessions_abandoned'))],
    [words.fatal, count(sumOf(table, 'sessions_fatal'))],
    [words.killed, count(sumOf(table, 'sessions_killed'))],
    [
      words.longest,
      duration(
        most([
          ...groups.map((group) => group.transactionSecondsMax),
          ...levels.map((level) => level.transactionSeconds),
        ]),
        locale,
      ),
    ],
    [
      words.idle,
      duration(
        most([...idle.map((group) => group.stateSecondsMax), ...idleLevels.map((level) => level.stateSeconds)]),
        locale,
      ),
    ],
    [words.xmin, count(most(levels.map(({ xminAge }) => xminAge)))],
  ];
  const place = { id: sessions.id, heading: sessions.title[locale], description: words.note };
  return measureBlock(place, [words.measure, words.value, words.measure, words.value], sideBySide(lines));
}

/** Two measures a line. */
function sideBySide(lines: readonly Measure[]): Measure[] {
  const half = Math.ceil(lines.length / 2);
  return lines.slice(0, half).map((left, at) => [...left, ...(lines[half + at] ?? ['', ''])]);
}

/** Two share a row; one alone has it for itself. */
const sideBySideCharts = (charts: readonly Block[]): readonly Block[] =>
  charts.map((chart) => ({ ...chart, width: charts.length > 1 ? 6 : 12, height: CHART_HEIGHT }));

/** Grid rows. */
const CHART_HEIGHT = 3;
const LEAST_POINTS = 3;
const TIME_COLUMNS = [
  { key: 'at', type: 'time' as const },
  { key: 'value', type: 'number' as const },
];

/** A line against the limit, which is named in the caption while it is far away. */
function connectionsChart(facts: WorkloadFacts, words: Words): Block[] {
  const seen = connections(facts);
  if (seen.length < LEAST_POINTS) return [];
  const limit = limitOf(facts);
  const thresholds = limit === null ? [] : [{ value: limit, label: words.limitLine, severity: 'bad' }];
  const chart = chartBlock(
    { id: 'sessions-connections', heading: words.chart, kind: 'timeseries' },
    TIME_COLUMNS,
    seen.map(({ at, count }) => [at, count]),
    { settings: { min: 0, thresholds } },
  );
  return [chart];
}

/** Mean sessions of each sampled stretch of time, by state. */
function activityChart({ minutes, range }: WorkloadFacts, words: Words): Block[] {
  if (minutes.length < LEAST_POINTS) return [];
  const buckets = loadBuckets(minutes).filter(({ covered }) => covered > 0);
  const ofClients = (groups: readonly SampleGroup[]): readonly SampleGroup[] =>
    groups.filter(({ backend }) => backend === 'client backend');
  const states = secondsBy(ofClients(buckets.flatMap(({ groups }) => groups)), ({ state }) => state);
  const rows = buckets.flatMap(({ from, covered, groups }) => {
    const seconds = new Map(secondsBy(ofClients(groups), ({ state }) => state));
    return states.map(([state]): LoadRow => [from, state, (seconds.get(state) ?? 0) / covered]);
  });
  if (rows.length === 0) return [];
  const period = { from: range.start.identity.capturedAt, to: range.end.identity.capturedAt };
  const [first] = buckets;
  const steps = stepRows(rows, first === undefined ? null : first.to - first.from, period);
  const columns = [
    { key: 'at', type: 'time' as const },
    { key: 'state', type: 'text' as const },
    { key: 'value', type: 'number' as const },
  ];
  const place = { id: 'sessions-activity', heading: words.atWork, kind: 'timeseries' };
  return [chartBlock(place, columns, steps, { settings: { type: 'area', stack: true, lineStyle: 'step' } })];
}

function groupList(facts: WorkloadFacts, words: Words, groups: readonly SessionGroup[]): Block {
  return listBlock<SessionGroup>({
    id: 'sessions-groups',
    heading: words.groups,
    locale: facts.locale,
    items: groups,
    rank: ({ mean }) => mean,
    none: words.none,
    columns: [
      textColumn('user', words.user, ({ user }) => user),
      textColumn('database', words.database, ({ database }) => database),
      textColumn('state', words.state, ({ state }) => state),
      figureColumn('mean', words.mean, ({ mean }) => mean, groups, { decimals: 1 }),
      { ...countColumn<SessionGroup>('max', words.max, ({ max }) => max), rest: null },
      figureColumn('transaction', words.transaction, (one) => one.transactionSeconds, groups, {
        adds: false,
        decimals: 1,
      }),
      figureColumn('in_state', words.inState, (one) => one.stateSeconds, groups, { adds: false, decimals: 1 }),
    ],
  });
}
