import type { Widget } from '../definition/definition.ts';
import type { ChartEnvironment } from './environment.ts';
import { numberOf, shortText } from './mappings.ts';
import { formatValue } from './numbers.ts';
import type { Theme } from './theme.ts';
import type { Unit } from './units.ts';

/** A value that matters, or a region from one to another; null = without end. */
export interface Threshold {
  readonly from: number | null;
  readonly to: number | null;
  /** True for a line at `from`, false for a region. */
  readonly isLine: boolean;
  readonly label: string;
  readonly color: string;
}

const MOST_THRESHOLDS = 12;
const HEX = /^#[\da-f]{6}$/i;

const SEVERITIES: Readonly<Record<string, keyof Theme['sign']>> = {
  ...{ good: 'good', ok: 'good', success: 'good', green: 'good' },
  ...{ warn: 'warn', warning: 'warn', orange: 'warn', yellow: 'warn' },
  ...{ bad: 'bad', critical: 'bad', error: 'bad', danger: 'bad', red: 'bad' },
  ...{ neutral: 'neutral', info: 'accent', accent: 'accent', blue: 'accent' },
};

type Loose = Readonly<Record<string, unknown>>;

/** The objects of a list in the settings, at most `limit`; anything else is passed by. */
export const objectsOf = (value: unknown, limit: number): readonly Loose[] =>
  Array.isArray(value)
    ? value
        .filter((item): item is Loose => typeof item === 'object' && item !== null && !Array.isArray(item))
        .slice(0, limit)
    : [];

/** The colour a `color` (`#rrggbb`) or `severity` (`good`, `warn`, `bad`, `info` …) means. */
export function signColor(item: Loose, theme: Theme, fallback: string): string {
  if (typeof item.color === 'string' && HEX.test(item.color)) return item.color.toLowerCase();
  const word = (typeof item.severity === 'string' ? item.severity : textIn(item, 'color')).toLowerCase();
  const sign = Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined;
  return sign === undefined ? fallback : theme.sign[sign];
}

export const textIn = (item: Loose, name: string): string =>
  typeof item[name] === 'string' || Number.isFinite(item[name]) ? shortText(String(item[name])) : '';

const numberIn = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'string' ? numberOf(value) : null;

/** `settings.thresholds`: `{value, label, severity}` is a line, `{from, to, …}` a region, `fill` a region beside a line. */
export function readThresholds(widget: Widget, unit: Unit | null, env: ChartEnvironment): readonly Threshold[] {
  return objectsOf(widget.settings.thresholds, MOST_THRESHOLDS).flatMap((item): Threshold[] => {
    const color = signColor(item, env.theme, env.theme.sign.bad);
    const label = textIn(item, 'label');
    const value = numberIn(item.value);
    const [from, to] = [numberIn(item.from), numberIn(item.to)];
    if (value !== null) {
      const said = formatValue(value, unit, env.locale);
      const line = { from: value, to: null, isLine: true, label: label === '' ? said : `${label} ${said}`, color };
      const region = { isLine: false, label: '', color };
      if (item.fill === 'above') return [{ ...region, from: value, to: null }, line];
      return item.fill === 'below' ? [{ ...region, from: null, to: value }, line] : [line];
    }
    if (from === null && to === null) return [];
    return [{ from, to, isLine: false, label, color }];
  });
}
