import type { Widget } from '../definition/definition.ts';
import { parseInstant } from '../period/instant.ts';
import { formatClock, formatDay } from './dates.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import { estimateWidth } from './label-width.ts';
import { columnIndex, instantOfValue, isText, isTime, shortText } from './mappings.ts';
import { objectsOf, signColor, textIn } from './thresholds.ts';

/** Something that happened at an instant, or from one to another. */
export interface Annotation {
  readonly from: number;
  readonly to: number | null;
  readonly label: string;
  readonly color: string;
}

const MOST_ANNOTATIONS = 200;
/** More than these are drawn as lines, told apart by numbers that the caption explains. */
const MOST_LABELLED = 3;
const MOST_NUMBERED = 12;
const MOST_LANES = 3;
/** Points that a plot is wide at least: lanes are chosen before its true width is known. */
const USUAL_WIDTH = 200;

/** The name of the series that holds annotations, which is no series of values. */
export const annotationSeries = (widget: Widget): string | null =>
  typeof widget.settings.annotationSeries === 'string' ? widget.settings.annotationSeries : null;

/** `settings.annotations` (`{at, label}`, `{from, to, label}`) and the rows of `settings.annotationSeries`. */
export function readAnnotations(
  widget: Widget,
  series: readonly SeriesRows[],
  zone: string,
  env: ChartEnvironment,
): readonly Annotation[] {
  const { theme } = env;
  const own = objectsOf(widget.settings.annotations, MOST_ANNOTATIONS).flatMap((item): Annotation[] => {
    const from = readInstant(item.at ?? item.from, zone);
    const to = readInstant(item.to, zone);
    if (from === null) return [];
    const color = signColor(item, theme, theme.ink.muted);
    return [{ from, to: to !== null && to > from ? to : null, label: textIn(item, 'label'), color }];
  });
  const named = series.find(({ name }) => name === annotationSeries(widget));
  return [...own, ...(named ? rowAnnotations(named, theme.ink.muted) : [])]
    .slice(0, MOST_ANNOTATIONS)
    .toSorted((a, b) => a.from - b.from);
}

function readInstant(value: unknown, zone: string): number | null {
  if (typeof value === 'number') return instantOfValue(value);
  if (typeof value !== 'string' || !/^\d{4}/.test(value)) return null;
  try {
    return parseInstant(value.trim().replace(' ', 'T'), new Date(0), zone).instant.getTime();
  } catch {
    return null;
  }
}

/** Rows: the first time column is the start, a second one the end, the first text column the label. */
function rowAnnotations({ rows }: SeriesRows, color: string): readonly Annotation[] {
  const from = columnIndex(rows, null, [], isTime);
  const to = columnIndex(rows, null, [from], isTime);
  const label = columnIndex(rows, null, [], isText);
  return rows.values.slice(0, MOST_ANNOTATIONS).flatMap((row) => {
    const start = from < 0 ? null : instantOfValue(row[from]);
    const end = to < 0 ? null : instantOfValue(row[to]);
    if (start === null) return [];
    return [
      { from: start, to: end !== null && end > start ? end : null, label: shortText(String(row[label] ?? '')), color },
    ];
  });
}

/** What is written above the plot for each annotation on the axis, in which of the lanes, and what the caption explains. */
export interface AnnotationWords {
  readonly marks: readonly {
    readonly annotation: Annotation;
    readonly text: string;
    readonly lane: number;
    /** The text ends at its place instead of beginning there. */
    readonly ends: boolean;
  }[];
  readonly lanes: number;
  /** `1 deploy (3 May 10:00)` …; null where the labels themselves are written. */
  readonly key: string | null;
}

/** Words above the plot: the labels of up to three annotations, of more numbers that the caption explains. */
export function annotationWords(
  annotations: readonly Annotation[],
  axis: { readonly from: number; readonly to: number; readonly zone: string },
  env: ChartEnvironment,
): AnnotationWords {
  const all = annotations.filter(({ from, to }) => from <= axis.to && (to ?? from) >= axis.from);
  const labelled = all.filter(({ label }) => label !== '');
  const isNumbered = labelled.length > MOST_LABELLED;
  const numbered = isNumbered ? labelled.slice(0, MOST_NUMBERED) : [];
  const texts = all.map((one) => (isNumbered ? String(numbered.indexOf(one) + 1).replace(/^0$/, '') : one.label));
  const scale = USUAL_WIDTH / (axis.to - axis.from);
  const lanes: number[] = [];
  const marks = all.map((annotation, index) => {
    const text = texts[index] ?? '';
    const at = (Math.max(annotation.from, axis.from) - axis.from) * scale;
    const width = estimateWidth(text, env.theme.text.chartLabel.size) + 6;
    const ends = at + width > USUAL_WIDTH;
    const [left, right] = ends ? [at - width, at] : [at, at + width];
    if (text === '') return { annotation, text, lane: 0, ends };
    const free = lanes.findIndex((end) => end <= left);
    const lane = free < 0 ? Math.min(lanes.length, MOST_LANES - 1) : free;
    lanes[lane] = right;
    return { annotation, text, lane, ends };
  });
  return { marks, lanes: lanes.length, key: isNumbered ? keyOf(numbered, labelled.length, axis.zone, env) : null };
}

function keyOf(numbered: readonly Annotation[], all: number, zone: string, env: ChartEnvironment): string {
  const span = (numbered.at(-1)?.from ?? 0) - (numbered[0]?.from ?? 0);
  const when = (at: number): string =>
    formatDay(at, zone, env.locale) + (span < 14 * 86_400_000 ? ` ${formatClock(at, zone, env.locale)}` : '');
  const key = numbered.map(({ label, from }, index) => `${index + 1}\u00a0${label} (${when(from)})`).join(', ');
  return all > numbered.length ? `${key} …` : key;
}
