import type { Locale } from '../../definition/definition.ts';
import { type Block, chartBlock } from '../block.ts';
import { databaseTimeOf } from '../database-time.ts';
import type { WorkloadFacts } from '../facts.ts';
import { duration, figure, percent } from '../figures.ts';
import { snapshotMetricsOf } from '../metrics.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  sessions: ['Active sessions, average', 'Активных сеансов', '平均活动会话'],
  transactions: ['Transactions a second', 'Транзакций в секунду', '每秒事务'],
  mean: ['Time per statement', 'Время на оператор', '每语句用时'],
  hit: ['Shared buffer hits', 'Попадания в буферы', '共享缓冲命中率'],
  before: ['{value} before', 'было {value}', '之前 {value}'],
} as const satisfies Record<string, Wording>;

interface KeyNumber {
  readonly word: Exclude<keyof typeof WORDS, 'before'>;
  /** By the names of `metrics.ts`. */
  readonly metric: string;
  readonly unit?: string;
  /** Which way is good news; a busier server is neither. */
  readonly better?: 'up' | 'down';
  readonly print: (value: number, locale: Locale) => string;
}

const NUMBERS: readonly KeyNumber[] = [
  { word: 'sessions', metric: 'average_active_sessions', print: figure },
  { word: 'transactions', metric: 'transactions', print: figure },
  {
    ...{ word: 'mean', metric: 'ms_per_call', unit: 'ms', better: 'down' },
    print: (ms, locale) => duration(ms / 1000, locale),
  },
  { word: 'hit', metric: 'cache_hit_ratio', unit: 'ratio', better: 'up', print: percent },
];

/** The range in four numbers, each with its change against the range before where there is one. */
export function keyNumbers(facts: WorkloadFacts): readonly Block[] {
  const words = wordsIn(WORDS, facts.locale);
  const [now, before] = [wholeMetrics(facts), metricsBefore(facts)];
  return NUMBERS.flatMap(({ word, metric, unit, better, print }) => {
    const value = now.get(metric);
    if (value === undefined) return [];
    const earlier = before.get(metric);
    const description = earlier === undefined ? null : filled(words.before, { value: print(earlier, facts.locale) });
    const place = { kind: 'metric', id: `header-${word}`, heading: words[word], description, width: 3 };
    const settings = {
      ...(unit === undefined ? {} : { unit }),
      ...(better === undefined ? {} : { better }),
      ...(earlier === undefined ? {} : { compareSeries: BEFORE }),
    };
    const block = chartBlock(place, COLUMN, [[value]], { settings });
    return [earlier === undefined ? block : { ...block, series: [...block.series, ...seriesBefore(earlier)] }];
  });
}

const BEFORE = 'before';
const COLUMN = [{ key: 'value', type: 'number' }] as const;

const seriesBefore = (value: number): Block['series'] =>
  chartBlock({ kind: 'metric', id: BEFORE, heading: null }, COLUMN, [[value]]).series.map((one) => ({
    ...one,
    name: BEFORE,
  }));

/** The load is that of the report's database time, which may come from samples. */
function wholeMetrics({ range, minutes }: Pick<WorkloadFacts, 'range' | 'minutes'>): ReadonlyMap<string, number> {
  const found = new Map(snapshotMetricsOf(range));
  const time = databaseTimeOf(range, minutes);
  if (time !== null && range.seconds > 0) found.set('average_active_sessions', time.seconds / range.seconds);
  return found;
}

/** Of the range before; without the load where it was measured in another way. */
function metricsBefore({ range, minutes, baseline }: WorkloadFacts): ReadonlyMap<string, number> {
  if (baseline === null) return new Map();
  const found = new Map(wholeMetrics({ range: baseline, minutes: [] }));
  const source = databaseTimeOf(baseline, [])?.source;
  if (source !== databaseTimeOf(range, minutes)?.source) found.delete('average_active_sessions');
  return found;
}
