import type { Locale } from '../../definition/definition.ts';
import type { Value } from '../../rows/rows.ts';
import { type Block, type BlockColumn, chartBlock, textBlock } from '../block.ts';
import type { WorkloadFacts } from '../facts.ts';
import { figure, volume } from '../figures.ts';
import type { Section } from '../section.ts';
import { steadyPoints, type TrendLine, trendOf, unusualEnd } from '../trend.ts';

const LINES = {
  average_active_sessions: {
    en: 'Average active sessions',
    ru: 'Активных сеансов в среднем',
    zh: '平均活动会话',
  },
  transactions: { en: 'Transactions per second', ru: 'Транзакций в секунду', zh: '每秒事务' },
  calls: { en: 'Statements per second', ru: 'Операторов в секунду', zh: '每秒语句' },
  ms_per_call: { en: 'Time per statement', ru: 'Время на оператор', zh: '每语句耗时' },
  cache_hit_ratio: { en: 'Found in shared buffers', ru: 'Из общих буферов', zh: '共享缓冲命中率' },
  read_bytes: { en: 'Read', ru: 'Чтение', zh: '读取' },
  wal_bytes: { en: 'WAL', ru: 'WAL', zh: 'WAL' },
  temp_bytes: { en: 'Temporary files', ru: 'Временные файлы', zh: '临时文件' },
  sessions: { en: 'Sessions', ru: 'Сеансы', zh: '会话' },
  size_bytes: { en: 'Size of all databases', ru: 'Размер всех баз', zh: '所有数据库大小' },
  xid_age: { en: 'Age of the oldest transaction id', ru: 'Возраст старейшей транзакции', zh: '最老事务 ID 年龄' },
} as const satisfies Readonly<Record<string, Readonly<Record<Locale, string>>>>;

type Metric = keyof typeof LINES;

const UNITS: Readonly<Partial<Record<Metric, string>>> = {
  ms_per_call: 'ms',
  cache_hit_ratio: 'ratio',
  read_bytes: 'flow',
  wal_bytes: 'flow',
  temp_bytes: 'flow',
  size_bytes: 'decbytes',
};

/** Megabytes a second are this unit: bytes a second would be counted in 1024s. */
const MB_PER_SECOND: Readonly<Record<Locale, string>> = { en: 'MB/s', ru: 'МБ/с', zh: 'MB/秒' };

const WORDS = {
  en: {
    tooFew: 'A trend needs at least three snapshots; these are fewer.',
    note: (count: string) => `The last ${count} snapshots, each point what happened since the one before.`,
    leftOut: (count: string) =>
      `Circles (${count}) are not used: counters were reset in them, or they are much shorter than usual.`,
    band: 'Usual is the median of the same hour of the last seven days, give or take three deviations.',
    names: { now: 'measured', low: 'usual, from', high: 'to', unused: 'not used' },
    high: (metric: string) => `${metric}: higher than usual at this hour.`,
    low: (metric: string) => `${metric}: lower than usual at this hour.`,
    grows: (amount: string) => `The databases grow by ${amount} a day.`,
    shrinks: (amount: string) => `The databases shrink by ${amount} a day.`,
    ages: (amount: string) => `The oldest transaction id ages by ${amount} a day.`,
  },
  ru: {
    tooFew: 'Для тренда нужны хотя бы три снимка; здесь меньше.',
    note: (count: string) => `Последние снимки (${count}); каждая точка — то, что было после предыдущего.`,
    leftOut: (count: string) =>
      `Кружки (${count}) не учитываются: счётчики сброшены или промежуток намного короче обычного.`,
    band: 'Обычное — медиана того же часа за последние семь дней, плюс-минус три отклонения.',
    names: { now: 'измерено', low: 'обычно от', high: 'до', unused: 'не учтено' },
    high: (metric: string) => `${metric}: выше обычного для этого часа.`,
    low: (metric: string) => `${metric}: ниже обычного для этого часа.`,
    grows: (amount: string) => `Базы растут на ${amount} в день.`,
    shrinks: (amount: string) => `Базы уменьшаются на ${amount} в день.`,
    ages: (amount: string) => `Возраст старейшей транзакции растёт на ${amount} в день.`,
  },
  zh: {
    tooFew: '趋势至少需要三个快照；此处不足。',
    note: (count: string) => `最近 ${count} 个快照，每个点为自上一个快照以来的情况。`,
    leftOut: (count: string) => `圆圈（${count} 个）未计入：其间计数器被重置，或时段明显短于平常。`,
    band: '“通常”为最近七天同一小时的中位数，上下三个偏差。',
    names: { now: '实测', low: '通常下限', high: '上限', unused: '未计入' },
    high: (metric: string) => `${metric}：高于此时段的通常水平。`,
    low: (metric: string) => `${metric}：低于此时段的通常水平。`,
    grows: (amount: string) => `数据库每天增长 ${amount}。`,
    shrinks: (amount: string) => `数据库每天减少 ${amount}。`,
    ages: (amount: string) => `最老事务 ID 每天增加 ${amount}。`,
  },
} as const satisfies Record<Locale, unknown>;

const LEAST_POINTS = 3;
/** What grew within a shorter time is not told as growth of a day. */
const LEAST_SPAN_MS = 6 * 3_600_000;
const MB = 1_000_000;

/** The few numbers of the whole server over the last snapshots, with what is usual at the hour. */
export const trend: Section = {
  id: 'trend',
  chapter: 'overview',
  title: { en: 'Trend', ru: 'Тренд', zh: '趋势' },
  blocks: (facts) => {
    if (facts.trend.length === 0) return [];
    const words = WORDS[facts.locale];
    const head = { id: trend.id, heading: trend.title[facts.locale] };
    const steady = steadyPoints(facts.trend);
    if (steady.length < LEAST_POINTS) return [textBlock({ ...head, width: 6 }, words.tooFew)];
    const lines = (Object.keys(LINES) as Metric[]).flatMap((metric) => {
      const line = trendOf(facts, metric);
      return line === null || line.points.every(({ value }) => value === 0) ? [] : [{ metric, line }];
    });
    const leftOut = facts.trend.filter(({ metrics }) => metrics.has('seconds')).length - steady.length;
    const sentences = [
      words.note(figure(facts.trend.length, facts.locale)),
      ...(leftOut > 0 ? [words.leftOut(figure(leftOut, facts.locale))] : []),
      ...(lines.some(({ metric, line }) => hasUsual(metric, line)) ? [words.band] : []),
      ...lines.flatMap(({ metric, line }) => remarkOf(facts, metric, line)),
    ];
    return [textBlock(head, sentences.join(' ')), ...lines.map(({ metric, line }) => chartOf(facts, metric, line))];
  },
};

/** Levels that only grow have no usual value of an hour. */
const RHYTHMIC: readonly Metric[] = ['average_active_sessions', 'transactions', 'ms_per_call'];

const hasUsual = (metric: Metric, { points }: TrendLine): boolean =>
  RHYTHMIC.includes(metric) && points.some(({ usual }) => usual !== null);

function remarkOf({ locale }: WorkloadFacts, metric: Metric, line: TrendLine): string[] {
  const words = WORDS[locale];
  const side = hasUsual(metric, line) ? unusualEnd(line) : null;
  const span = (line.points.at(-1)?.at ?? 0) - (line.points[0]?.at ?? 0);
  const slope = span < LEAST_SPAN_MS ? null : line.slopePerDay;
  return [
    ...(side === null ? [] : [`**${words[side](LINES[metric][locale])}**`]),
    ...(metric === 'size_bytes' && slope !== null && slope !== 0
      ? [(slope > 0 ? words.grows : words.shrinks)(volume(Math.abs(slope), locale))]
      : []),
    ...(metric === 'xid_age' && slope !== null && slope > 0 ? [words.ages(figure(slope, locale))] : []),
  ];
}

function chartOf({ locale }: WorkloadFacts, metric: Metric, line: TrendLine): Block {
  const { names } = WORDS[locale];
  const isBanded = hasUsual(metric, line);
  const others = [...(isBanded ? [names.low, names.high] : []), ...(line.unused.length > 0 ? [names.unused] : [])];
  const columns: Pick<BlockColumn, 'key' | 'type'>[] = [
    { key: 'at', type: 'time' },
    ...[names.now, ...others].map((key) => ({ key, type: 'number' as const })),
  ];
  const unit = UNITS[metric];
  const divisor = unit === 'flow' ? MB : 1;
  const used = line.points.map(({ at, value, usual }): Value[] => {
    const band = isBanded ? [usual?.low ?? null, usual?.high ?? null] : [];
    return [at, value / divisor, ...band, ...(line.unused.length > 0 ? [null] : [])];
  });
  const unused = line.unused.map(({ at, value }): Value[] => [
    ...[at, null, ...(isBanded ? [null, null] : [])],
    value / divisor,
  ]);
  const block = chartBlock(
    { id: `trend-${metric.replaceAll('_', '-')}`, heading: LINES[metric][locale], kind: 'timeseries', width: 6 },
    columns,
    [...used, ...unused].sort(([a], [b]) => Number(a) - Number(b)),
    {
      settings: {
        ...(unit === undefined ? {} : { unit: unit === 'flow' ? MB_PER_SECOND[locale] : unit }),
        ...(unused.length > 0 ? { circledSeries: [names.unused] } : {}),
        missing: 'connect',
      },
      mappings: { xAxis: { field: 'at' } },
    },
  );
  // The points of a trend begin long before the range.
  const instants = [...line.points, ...line.unused].map(({ at }) => at);
  const period = [Math.min(...instants), Math.max(...instants)].map((at) => new Date(at).toISOString());
  return { ...block, widget: { ...block.widget, period } };
}
