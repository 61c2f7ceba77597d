import type { Locale } from '../definition/definition.ts';
import { formatValue } from './numbers.ts';
import type { Unit } from './units.ts';
import type { ChartWords } from './words.ts';
import { chartWords } from './words.ts';

/** The marks between the parts of a sentence, with their space. */
export const punctuation = (locale: Locale): Readonly<Record<'stop' | 'comma' | 'semicolon' | 'colon', string>> =>
  locale === 'zh'
    ? { stop: '。', comma: '，', semicolon: '；', colon: '：' }
    : { stop: '. ', comma: ', ', semicolon: '; ', colon: ': ' };

/** A heading as the beginning of alternative text: `Connections. `; nothing without one. */
export function asTitle(heading: string | null, locale: Locale): string {
  if (!heading) return '';
  if (locale !== 'zh' && /[.!?…]$/.test(heading)) return `${heading} `;
  return heading + punctuation(locale).stop;
}

/** One value of a chart and where it stands, in words. */
export interface Landmark {
  readonly value: number;
  readonly where: string;
}

export interface ChartFacts {
  readonly chart: keyof ChartWords['charts'];
  /** Heading or name of the widget. */
  readonly title: string | null;
  /** What and how much is shown, e.g. `3 series`, `1–31 May 2026`. */
  readonly scope: readonly string[];
  readonly landmarks: readonly Landmark[];
  readonly latest: number | null;
  readonly unit: Unit | null;
  /** How the values stand against others, ready to print. */
  readonly against?: string | null;
}

/** A chart in a sentence: `Connections. Line chart, 3 series, 1–31 May 2026; highest 412 (3 May, web), lowest 7 (…)`. */
export function describeChart(facts: ChartFacts, locale: Locale): string {
  const words = chartWords(locale);
  const say = (value: number): string => formatValue(value, facts.unit, locale);
  const { comma, semicolon } = punctuation(locale);
  const head = [words.charts[facts.chart], ...facts.scope].join(comma);
  const [highest, lowest] = extremes(facts.landmarks);
  const tail: string[] = [];
  if (highest) tail.push(words.highest(say(highest.value), highest.where));
  if (lowest && lowest !== highest) tail.push(words.lowest(say(lowest.value), lowest.where));
  if (facts.latest !== null) tail.push(words.latest(say(facts.latest)));
  if (facts.against) tail.push(facts.against);
  return `${asTitle(facts.title, locale)}${head}${tail.length > 0 ? semicolon : ''}${tail.join(comma)}`;
}

function extremes(landmarks: readonly Landmark[]): [Landmark | undefined, Landmark | undefined] {
  let [highest, lowest] = [landmarks[0], landmarks[0]];
  for (const landmark of landmarks) {
    if (highest && landmark.value > highest.value) highest = landmark;
    if (lowest && landmark.value < lowest.value) lowest = landmark;
  }
  return [highest, lowest];
}
