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

/** Where the legend stands; none for a single series, whose name the heading says. */
export const legendPlace = (widget: Widget, entries: number): Widget['legend']['placement'] | null =>
  widget.legend.show && entries > 1 ? widget.legend.placement : null;

/** The widget's own palette where `settings.theme` or `settings.palette` names one, else the report's. */
export function themeFor(widget: Widget, env: ChartEnvironment): Theme {
  const wished = [settingOf(widget, 'palette'), settingOf(widget, 'theme')].find((name) => paletteOf(name) !== null);
  return wished === undefined ? env.theme : themeOf(env.theme.name, wished);
}

/** Keys `s0`, `s1` … with palette colours, labelled by the names of the series. */
export const colorEntries = (names: readonly string[], theme: Theme): readonly ColorEntry[] =>
  names.map((label, index) => ({ key: `s${index}`, color: seriesColor(theme, index), label }));
