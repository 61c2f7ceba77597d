import type { Widget } from '../definition/definition.ts';
import type { Landmark } from './alt-text.ts';
import { describeChart, punctuation } from './alt-text.ts';
import type { AnnotationWords } from './annotations.ts';
import { formatClock, formatDate, formatDay, formatSpan } from './dates.ts';
import type { ChartEnvironment } from './environment.ts';
import { formatChange, formatValue } from './numbers.ts';
import type { Threshold } from './thresholds.ts';
import type { TimeSeries } from './time-points.ts';
import type { Unit } from './units.ts';
import { chartWords } from './words.ts';

const DAY = 86_400_000;

interface Known {
  readonly at: number;
  readonly value: number;
}

/** Sums of a series' values, where there are any. */
export interface Summary {
  readonly count: number;
  readonly sum: number;
  readonly min: Known;
  readonly max: Known;
  readonly first: Known;
  readonly last: Known;
}

function summarise({ points }: Pick<TimeSeries, 'points'>): Summary | null {
  let [sum, count] = [0, 0];
  let [first, last, min, max]: (Known | null)[] = [null, null, null, null];
  for (const { at, value } of points) {
    if (value === null) continue;
    sum += value;
    count += 1;
    last = { at, value };
    first ??= last;
    if (!min || value < min.value) min = last;
    if (!max || value > max.value) max = last;
  }
  return first && last && min && max ? { count, sum, min, max, first, last } : null;
}

type Calc = 'min' | 'max' | 'avg' | 'last' | 'total';
const CALCS: readonly Calc[] = ['min', 'max', 'avg', 'last', 'total'];

/** What the legend says of each series behind its name: `settings.legendValues`, any of min, max, avg, last, total. */
export function legendLabels(
  widget: Widget,
  series: readonly TimeSeries[],
  unit: Unit | null,
  { locale }: ChartEnvironment,
): readonly { readonly label: string; readonly tail: string }[] {
  const stored = widget.settings.legendValues;
  const wanted = (Array.isArray(stored) ? stored : typeof stored === 'string' ? [stored] : [])
    .map((word) => (typeof word === 'string' ? word.toLowerCase() : ''))
    .flatMap((word) => CALCS.filter((calc) => calc === word || (calc === 'avg' && word === 'mean')));
  const words = chartWords(locale);
  return series.map((one) => {
    const facts = wanted.length === 0 ? null : summarise(one);
    if (facts === null) return { label: one.name, tail: '' };
    const values: Readonly<Record<Calc, number>> = {
      min: facts.min.value,
      max: facts.max.value,
      avg: facts.sum / facts.count,
      last: facts.last.value,
      total: facts.sum,
    };
    const name = one.name.length > 28 ? `${one.name.slice(0, 27)}…` : one.name;
    const tail = wanted
      .map((calc) => `  ${words.calcs[calc]}\u00a0${formatValue(values[calc], unit, locale)}`)
      .join('');
    return { label: name + tail, tail };
  });
}

interface TimeFacts {
  readonly series: readonly TimeSeries[];
  readonly zone: string;
  readonly chart: 'line' | 'area' | 'bar';
  readonly unit: Unit | null;
  /** The same values one period earlier, where they were read. */
  readonly before: readonly TimeSeries[];
  readonly isSummable: boolean;
}

/** A chart over time in words: what, how much, when, the extremes, and how it stands against the period before. */
export function describeTimes(widget: Widget, facts: TimeFacts, env: ChartEnvironment): string {
  const { series, zone, unit } = facts;
  const { locale } = env;
  const words = chartWords(locale);
  const known = series.flatMap((one) => {
    const summary = summarise(one);
    return summary ? [{ name: one.name, summary }] : [];
  });
  const from = Math.min(...series.map(({ points }) => points[0]?.at ?? Number.POSITIVE_INFINITY));
  const to = Math.max(...series.map(({ points }) => points.at(-1)?.at ?? Number.NEGATIVE_INFINITY));
  const day = (at: number): string => {
    if (to - from < 2 * DAY) return `${formatDay(at, zone, locale)} ${formatClock(at, zone, locale)}`;
    return (to - from > 330 * DAY ? formatDate : formatDay)(at, zone, locale);
  };
  const named = (name: string, { at, value }: { at: number; value: number }): Landmark => ({
    value,
    where: series.length > 1 ? [day(at), name].join(punctuation(locale).comma) : day(at),
  });
  const landmarks = known.flatMap(({ name, summary }) => [named(name, summary.max), named(name, summary.min)]);
  const [single] = series.length === 1 ? known : [];
  const change = changeOf(facts);
  const against =
    change === null
      ? single && single.summary.first.value !== 0 && single.summary.count > 1
        ? words.since(
            relative(single.summary.first.value, single.summary.last.value, locale),
            day(single.summary.first.at),
          )
        : null
      : words.againstPeriod(formatChange(change, locale));
  return describeChart(
    {
      chart: facts.chart,
      title: widget.heading,
      scope: [words.series(series.length), formatSpan(from, to, zone, locale)],
      landmarks,
      latest: single?.summary.last.value ?? null,
      unit,
      against,
    },
    locale,
  );
}

const relative = (before: number, now: number, locale: ChartEnvironment['locale']): string =>
  formatChange((now - before) / Math.abs(before), locale);

/** Sums of both periods compared, or averages where values must not be summed; null without a period before. */
function changeOf({ series, before, isSummable }: TimeFacts): number | null {
  const total = (of: readonly TimeSeries[]): number | null => {
    let [sum, count] = [0, 0];
    for (const one of of) {
      const summary = summarise(one);
      sum += summary?.sum ?? 0;
      count += summary?.count ?? 0;
    }
    if (count === 0) return null;
    return isSummable ? sum : sum / count;
  };
  const [now, then] = [total(series), total(before)];
  return now === null || then === null || then === 0 ? null : (now - then) / Math.abs(then);
}

/** Regions and lines of a chart and what is written above its plot, each kind a sentence. */
export function marksInWords(
  thresholds: readonly Threshold[],
  { marks, key }: AnnotationWords,
  zone: string,
  unit: Unit | null,
  { locale }: ChartEnvironment,
): readonly string[] {
  const words = chartWords(locale);
  const { comma } = punctuation(locale);
  const limits = thresholds.flatMap(({ from, to, isLine, label }) => {
    if (label === '') return [];
    const ends = [from, to].flatMap((end) => (end === null || isLine ? [] : [formatValue(end, unit, locale)]));
    return [[label, ends.join(' – ')].join(' ').trim()];
  });
  // More than a few are numbers, which the caption explains.
  const notes = (key === null ? marks : []).flatMap(({ annotation: { label, from, to } }) => {
    const days = [from, ...(to === null ? [] : [to])].map((at) => formatDay(at, zone, locale));
    const when = [...new Set(days)].join(' – ');
    return label === '' ? [] : [locale === 'zh' ? `${label}（${when}）` : `${label} (${when})`];
  });
  return [
    ...(limits.length > 0 ? [words.thresholds(limits.join(comma))] : []),
    ...(notes.length > 0 ? [words.annotations(notes.join(comma))] : []),
  ];
}
