import type { Widget } from '../definition/definition.ts';
import { punctuation } from './alt-text.ts';
import { annotationSeries } from './annotations.ts';
import { isSummable } from './category-table.ts';
import type { ChartContent, Content } from './content.ts';
import type { ChartEnvironment, SeriesRows, WidgetKindMaker } from './environment.ts';
import { themeFor } from './look.ts';
import { readMappings, settingOf } from './mappings.ts';
import { captionOf, emptyNotice, noColumnNotice } from './notices.ts';
import { formatFixed } from './numbers.ts';
import type { TimeDrawing } from './time-drawing.ts';
import { drawTimes } from './time-drawing.ts';
import { rhythmOf } from './time-join.ts';
import type { TimeSeries } from './time-points.ts';
import { hasTime, timeSeriesOf } from './time-points.ts';
import { periodOn, shiftIntoPeriod } from './time-range.ts';
import { asShares, fillZeros, selectSeries, withinPeriod } from './time-select.ts';
import { describeTimes } from './time-words.ts';
import { unitOf } from './units.ts';
import { chartWords } from './words.ts';

const MOST_SERIES = 10;
/** Beyond this even a chart asked to show more could not be told apart. */
const LIMIT_SERIES = 24;
const MOST_BARS = 750;

/** Values over time: lines (default), areas or bars, one series per group or number column, gaps shown as gaps. */
export const timeseries: WidgetKindMaker = (widget, series, env): Content => {
  const mappings = readMappings(widget);
  const aside = [annotationSeries(widget), compareSeries(widget)];
  const own = series.filter(({ name }) => !aside.includes(name));
  if (own.every(({ rows }) => rows.values.length === 0)) return emptyNotice(own, env);
  if (!own.some((one) => hasTime(one, mappings))) return noColumnNotice(mappings.x ?? 'time', env);
  const words = chartWords(env.locale);
  const table = timeSeriesOf(own, mappings, env);
  const column = table.series[0]?.column ?? null;
  const type = typeOf(widget);
  const stack = type === 'line' ? 'none' : stackOf(widget, type);
  const canSum = isSummable(widget, column);
  const rhythm = rhythmOf(widget, table.series);
  const inside = withinPeriod(table.series, periodOn(table.zone, env), rhythm.interval);
  const selected = selectSeries(inside.series, mostSeries(widget), stack !== 'none' && canSum ? words.other : null);
  if (selected.series.length === 0) return emptyNotice(own, env);
  const filled = settingOf(widget, 'missing') === 'zero' ? fillZeros(selected.series, rhythm) : selected.series;
  const shown = stack === 'percent' ? asShares(filled) : filled;
  const unit = stack === 'percent' ? 'ratio' : unitOf(widget.settings.unit, column);
  const before = previousSeries(widget, series, env);
  const instants = new Set(shown.flatMap(({ points }) => points.map(({ at }) => at))).size;
  const drawing: TimeDrawing = {
    ...{ series: shown, zone: table.zone, hasOther: selected.hasOther, rhythm, unit, stack, before },
    type: type === 'bar' && instants > MOST_BARS ? 'area' : type,
    annotated: series,
  };
  const drawn = drawTimes(widget, drawing, { ...env, theme: themeFor(widget, env) });
  const whole = (count: number): string => formatFixed(count, 0, env.locale);
  const kept = whole(selected.series.length - (selected.hasOther ? 1 : 0));
  const remarks = [
    selected.all > selected.series.length
      ? (selected.hasOther ? words.topSeriesAndOther : words.topSeries)(kept, whole(selected.all))
      : null,
    type === 'bar' && instants > MOST_BARS ? words.asLines(whole(instants)) : null,
    inside.leftOut > 0 ? words.outsidePeriod(whole(inside.leftOut)) : null,
    mixedUnits(widget, shown, env),
    ...drawn.remarks,
  ];
  const { caption, truncated } = captionOf(remarks, own, env);
  const facts = { series: shown, zone: table.zone, chart: drawing.type, unit, before, isSummable: canSum };
  return {
    kind: 'chart',
    chart: drawn.plan,
    alt: [describeTimes(widget, { ...facts, before: stack === 'percent' ? [] : before }, env), ...drawn.marks].join(
      punctuation(env.locale).stop,
    ),
    caption,
    truncated: truncated || selected.all > selected.series.length || inside.leftOut > 0,
    minHeight: 110,
    aspect: 2.4,
  } satisfies ChartContent;
};

function typeOf(widget: Widget): 'line' | 'area' | 'bar' {
  const type = settingOf(widget, 'type');
  if (/bar|column|histogram/.test(type)) return 'bar';
  return /area/.test(type) ? 'area' : 'line';
}

/** Bars are stacked unless told not to, areas only if told; `percent` makes shares of them. */
export function stackOf(widget: Widget, type: 'area' | 'bar'): 'none' | 'stacked' | 'percent' {
  const { stack } = widget.settings;
  if (typeof stack === 'string' && /percent|%|share|normal/i.test(stack)) return 'percent';
  if (settingOf(widget, 'scale').startsWith('log')) return 'none';
  return (stack ?? type === 'bar') === true || stack === 'true' ? 'stacked' : 'none';
}

const mostSeries = ({ settings }: Widget): number =>
  typeof settings.maxSeries === 'number' && settings.maxSeries >= 1
    ? Math.min(LIMIT_SERIES, Math.floor(settings.maxSeries))
    : MOST_SERIES;

/** The name of the series that holds the same values one period earlier. */
export const compareSeries = (widget: Widget): string | null =>
  typeof widget.settings.compareSeries === 'string' ? widget.settings.compareSeries : null;

function previousSeries(widget: Widget, series: readonly SeriesRows[], env: ChartEnvironment): readonly TimeSeries[] {
  const named = series.find(({ name }) => name === compareSeries(widget));
  if (!named || !hasTime(named, readMappings(widget))) return [];
  const { series: read, zone } = timeSeriesOf([named], readMappings(widget), env);
  return read.slice(0, LIMIT_SERIES).flatMap((one) => shiftIntoPeriod({ ...one, name: named.name }, zone, env) ?? []);
}

/** A remark where columns of different units share the axis, as far as their names tell. */
function mixedUnits(widget: Widget, series: readonly TimeSeries[], env: ChartEnvironment): string | null {
  if (typeof widget.settings.unit === 'string') return null;
  const columns = [...new Set(series.map(({ column }) => column))];
  const units = new Set(columns.map((column) => JSON.stringify(unitOf(null, column))));
  return units.size > 1 ? chartWords(env.locale).mixedUnits(columns.slice(0, 4).join(', ')) : null;
}
