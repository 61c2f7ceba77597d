import { plain, textBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { duration, figure, instantText } from '../figures.ts';
import type { RangeEvent } from '../pieces.ts';
import type { Range } from '../range.ts';
import type { Section } from '../section.ts';
import { filled, wordsIn } from '../wording.ts';
import { keyNumbers } from './key-numbers.ts';

const WORDS = {
  primary: ['primary', 'основной', '主库'],
  standby: ['standby', 'реплика', '备库'],
  node: ['node', 'узел', '节点'],
  timeline: ['timeline', 'линия времени', '时间线'],
  started: ['started', 'запущен', '启动于'],
  range: ['Range', 'Диапазон', '范围'],
  snapshots: ['snapshots', 'снимков', '快照'],
  counted: ['counters cover', 'счётчики охватывают', '计数覆盖'],
  sampled: ['sessions sampled for', 'сеансы наблюдались', '会话采样'],
  unsampled: ['sessions were not sampled', 'сеансы не наблюдались', '未采样会话'],
  short: [
    'The range is shorter than a minute: counters are handed in up to a second late, and work still under way is missing.',
    'Диапазон короче минуты: счётчики запаздывают до секунды, незавершённая работа не учтена.',
    '范围不足一分钟：计数最多滞后一秒，未完成的工作不计入。',
  ],
  missing: ['Not captured: {view}: {reason}', 'Не прочитано: {view}: {reason}', '未采集：{view}：{reason}'],
  hidden: [
    'Settings that hide figures: {settings}',
    'Настройки, скрывающие показатели: {settings}',
    '隐藏数据的设置：{settings}',
  ],
  more: ['and {count} more', 'и ещё {count}', '另有 {count} 项'],
} as const satisfies Parameters<typeof wordsIn>[0];

const EVENTS = {
  restart: [
    'The server was restarted at {at}; its counters were kept.',
    'Сервер перезапущен {at}; счётчики сохранены.',
    '服务器于 {at} 重启；计数保留。',
  ],
  crash: [
    'The server recovered from a crash at {at}: counters count since then.',
    'Сервер восстановился после сбоя {at}: счётчики считают с этого момента.',
    '服务器于 {at} 从崩溃中恢复：计数自此开始。',
  ],
  failover: [
    'Another server answered from {at} on: what happened in between cannot be counted.',
    'С {at} отвечает другой сервер: промежуток между снимками не посчитать.',
    '自 {at} 起由另一台服务器响应：其间的情况无法计数。',
  ],
  promotion: ['The standby was primary by {at}.', 'К {at} реплика стала основной.', '备库在 {at} 前已成为主库。'],
  'view reset': [
    'Statistics of {subject} were reset at {at}: they count since then.',
    'Статистика {subject} сброшена {at}: она считает с этого момента.',
    '{subject} 的统计于 {at} 重置：自此开始计数。',
  ],
  'database reset': [
    'Statistics in database {subject} were reset at {at}: what fell counts since then.',
    'Статистика в базе {subject} сброшена {at}: упавшие счётчики считают с этого момента.',
    '数据库 {subject} 的统计于 {at} 重置：减少的计数自此开始。',
  ],
  evictions: [
    'pg_stat_statements threw entries out {detail} times by {at}: shares are of what was seen.',
    'pg_stat_statements вытеснял записи {detail} раз к {at}: доли относятся к увиденному.',
    '截至 {at}，pg_stat_statements 淘汰条目 {detail} 次：占比仅针对可见部分。',
  ],
  'snapshot failed': [
    'No snapshot could be taken at {at}: {detail}',
    'Снимок {at} не получен: {detail}',
    '{at} 未能采集快照：{detail}',
  ],
} as const satisfies Record<RangeEvent['kind'], readonly [string, string, string]>;

const SHORT_S = 60;
const MOST_LINES = 6;

/** Which server, which range, and what the figures below do not hold. */
export const header: Section = {
  id: 'header',
  chapter: 'overview',
  title: { en: 'Server and range', ru: 'Сервер и диапазон', zh: '服务器与范围' },
  blocks: (facts) => {
    const text = [`${serverLine(facts)}  \n${rangeLine(facts)}`, ...noteLines(facts).map((line) => `- ${plain(line)}`)];
    const [first = '', ...notes] = text;
    const body = notes.length === 0 ? first : `${first}\n\n${notes.join('\n')}`;
    return [textBlock({ id: header.id, heading: null }, body), ...keyNumbers(facts)];
  },
};

function serverLine(facts: WorkloadFacts): string {
  const { cluster, locale, timeZone, range } = facts;
  const { identity } = range.end;
  const words = wordsIn(WORDS, locale);
  const timeline = identity.timeline === null ? '' : ` (${words.timeline} ${identity.timeline})`;
  const parts = [
    `**${plain(cluster.name)}**`,
    `**${plain(identity.version)}**`,
    plain(`${identity.inRecovery ? words.standby : words.primary}${timeline}`),
    plain(`${words.node} ${identity.node}`),
    plain(`${words.started} ${instantText(identity.startedAt, locale, timeZone)}`),
  ];
  return parts.join(' · ');
}

function rangeLine({ range, minutes, locale, timeZone }: WorkloadFacts): string {
  const words = wordsIn(WORDS, locale);
  const [from, to] = [range.start, range.end].map(({ identity }) => instantText(identity.capturedAt, locale, timeZone));
  const sampled = minutes.reduce((sum, { covered }) => sum + covered, 0);
  const parts = [
    `**${words.range}** ${plain(`${from} – ${to}`)}`,
    plain(`${words.counted} ${duration(range.seconds, locale)}`),
    plain(`${words.snapshots}: ${figure(range.snapshots, locale)}`),
    plain(minutes.length === 0 ? words.unsampled : `${words.sampled} ${duration(sampled, locale)}`),
  ];
  return parts.join(' · ');
}

/** What happened to the server and its counters, what could not be read, and what settings hide. */
function noteLines(facts: WorkloadFacts): readonly string[] {
  const { range, locale, timeZone } = facts;
  const [words, events] = [wordsIn(WORDS, locale), wordsIn(EVENTS, locale)];
  const said = range.events.map(({ kind, at, subject, detail }) =>
    filled(events[kind], { at: instantText(at, locale, timeZone), subject: subject ?? '', detail: detail ?? '' }),
  );
  const missing = range.end.missing.map(({ view, scope, reason }) =>
    filled(words.missing, { view: scope === '' ? view : `${view} (${scope})`, reason }),
  );
  const hiding = hidingSettings(range);
  return [
    ...(range.seconds < SHORT_S ? [words.short] : []),
    ...shortened(said, words.more, locale),
    ...shortened(missing, words.more, locale),
    ...(hiding.length === 0 ? [] : [filled(words.hidden, { settings: hiding.join(', ') })]),
  ];
}

function shortened(lines: readonly string[], more: string, locale: WorkloadFacts['locale']): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  const rest = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), filled(more, { count: figure(rest, locale) })];
}

const HIDING: readonly (readonly [setting: string, value: string])[] = [
  ['track_counts', 'off'],
  ['track_activities', 'off'],
  ['track_io_timing', 'off'],
  ['track_wal_io_timing', 'off'],
  ['compute_query_id', 'off'],
  ['pg_stat_statements.track', 'none'],
  ['pg_stat_statements.track_planning', 'off'],
];

const hidingSettings = (range: Range): readonly string[] =>
  HIDING.flatMap(([setting, value]) => (settingOf(range, setting) === value ? [`${setting} = ${value}`] : []));
