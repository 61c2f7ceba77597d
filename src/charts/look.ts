import type { Widget } from '../definition/definition.ts';
import type { ColorEntry } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { settingOf } from './mappings.ts';
import { paletteOf } from './palettes.ts';
import type { Theme } from './theme.ts';
import { seriesColor, themeOf } from './theme.ts';

const INTERPOLATIONS: Readonly<Record<string, string>> = {
  smooth: 'monotone',
  spline: 'monotone',
  curve: 'monotone',
  curved: 'monotone',
  monotone: 'monotone',
  step: 'step-after',
  stepafter: 'step-after',
  stepend: 'step-after',
  stepbefore: 'step-before',
  stepstart: 'step-before',
  stepmiddle: 'step',
};

/** How points are joined, from `lineStyle`; straight unless it is a known word for something else. */
export const interpolationOf = (widget: Widget): string =>
  INTERPOLATIONS[settingOf(widget, 'lineStyle').replace(/[^a-z]/g, '')] ?? 'linear';

/**
 * Where the legend stands; none for a single series, whose name the heading says, unless series have colours of their own
 * (`settings.colors`): then which of them it is says something.
 */
export const legendPlace = (widget: Widget, entries: number): Widget['legend']['placement'] | null =>
  widget.legend.show && entries > (ownColors(widget) === null ? 1 : 0) ? widget.legend.placement : null;

function ownColors({ settings: { colors } }: Widget): Readonly<Record<string, unknown>> | null {
  return typeof colors === 'object' && colors !== null && !Array.isArray(colors) ? { ...colors } : null;
}

const HEX = /^#[0-9a-f]{6}$/i;
const MOST_PLACES = 100;

/**
 * The colour that `settings.colors` gives a series by its name: `#rrggbb`, `neutral`, or a place in the palette from 1 on,
 * which goes on beyond the palette's colours as it does for many series; null = none.
 */
export function ownColor(widget: Widget, name: string, theme: Theme): string | null {
  const colors = ownColors(widget);
  const color = colors !== null && Object.hasOwn(colors, name) ? colors[name] : null;
  if (typeof color === 'string') return color === 'neutral' ? theme.sign.neutral : HEX.test(color) ? color : null;
  const isPlace = typeof color === 'number' && Number.isInteger(color) && color >= 1 && color <= MOST_PLACES;
  return isPlace ? seriesColor(theme, color - 1) : null;
}

/** The widget's own palette where `settings.theme` or `settings.palette` names one, else the report's. */
export function themeFor(widget: Widget, env: ChartEnvironment): Theme {
  const wished = [settingOf(widget, 'palette'), settingOf(widget, 'theme')].find((name) => paletteOf(name) !== null);
  return wished === undefined ? env.theme : themeOf(env.theme.name, wished);
}

/** Keys `s0`, `s1` … with palette colours, labelled by the names of the series. */
export const colorEntries = (names: readonly string[], theme: Theme): readonly ColorEntry[] =>
  names.map((label, index) => ({ key: `s${index}`, color: seriesColor(theme, index), label }));
