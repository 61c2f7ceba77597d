import type { Widget } from '../definition/definition.ts';
import { parseInstant } from '../period/instant.ts';
import { formatClock, formatDay } from './dates.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
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

/** What is written above the plot for an annotation, in which of the lanes, and what the caption explains. */
export interface AnnotationWords {
  readonly marks: readonly { readonly text: string; readonly lane: number }[];
  readonly lanes: number;
  /** `1 deploy (3 May 10:00)` …; null where the labels themselves are written. */
  readonly key: string | null;
}

/** Up to three labels stand above the plot, each on a line of its own; more are numbers, explained in the caption. */
export function annotationWords(all: readonly Annotation[], zone: string, env: ChartEnvironment): AnnotationWords {
  const labelled = all.filter(({ label }) => label !== '');
  if (labelled.length === 0) return { marks: all.map(() => ({ text: '', lane: 0 })), lanes: 0, key: null };
  if (labelled.length <= MOST_LABELLED) {
    const marks = all.map((one) => ({ text: one.label, lane: Math.max(0, labelled.indexOf(one)) }));
    return { marks, lanes: labelled.length, key: null };
  }
  const span = (labelled.at(-1)?.from ?? 0) - (labelled[0]?.from ?? 0);
  const when = (at: number): string =>
    formatDay(at, zone, env.locale) + (span < 14 * 86_400_000 ? ` ${formatClock(at, zone, env.locale)}` : '');
  const numbered = labelled.slice(0, MOST_NUMBERED);
  const marks = all.map((one) => {
    const number = numbered.indexOf(one);
    return { text: number < 0 ? '' : String(number + 1), lane: number < 0 ? 0 : number % 2 };
  });
  const key = numbered.map(({ label, from }, index) => `${index + 1} ${label} (${when(from)})`).join(', ');
  return { marks, lanes: 2, key: labelled.length > MOST_NUMBERED ? `${key} …` : key };
}
