import type { Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { legendParams } from './legend.ts';

/** What all charts look like, as Vega-Lite's `config`. Lengths are points. */
export function chartConfig({ theme, font }: Pick<ChartEnvironment, 'theme' | 'font'>): Spec {
  const { chartLabel } = theme.text;
  const label = { labelColor: chartLabel.color, labelFontSize: chartLabel.size, labelFontWeight: chartLabel.weight };
  return {
    background: null,
    font: font ?? 'Open Sans',
    view: { stroke: null },
    axis: {
      ...label,
      labelPadding: 4,
      // Vega rounds to whole pixels for screens; paper has none.
      translate: 0,
      tickRound: false,
      titleFontSize: theme.text.chartTitle.size,
      titleFontWeight: theme.text.chartTitle.weight,
      titleColor: theme.text.chartTitle.color,
    },
    line: { strokeCap: 'round', strokeJoin: 'round' },
    bar: { discreteBandSize: { band: 0.72 } },
    arc: { stroke: theme.surface.page, strokeWidth: 1 },
  };
}

/** The axis along values: faint lines across the plot, no line of its own. */
export const valueAxis = (theme: ChartEnvironment['theme'], name: 'x' | 'y'): Spec => ({
  title: null,
  grid: true,
  // Where values go below zero, the line they start from stands out.
  gridColor: { condition: { test: 'datum.value === 0', value: theme.rule.line }, value: theme.rule.grid },
  gridWidth: theme.rule.lineWidth,
  domain: false,
  ticks: false,
  values: { expr: `${name}Ticks` },
  labelExpr: `${name}Labels[datum.value]`,
  labelOverlap: false,
  labelFlush: false,
  labelBound: false,
});

/** The axis along time: its own line, small ticks, labels of two lines. */
export const timeAxis = (theme: ChartEnvironment['theme']): Spec => ({
  ...valueAxis(theme, 'x'),
  grid: false,
  domain: true,
  domainColor: theme.rule.line,
  domainWidth: theme.rule.lineWidth,
  ticks: true,
  tickColor: theme.rule.line,
  tickWidth: theme.rule.lineWidth,
  tickSize: 3,
  labelPadding: 3,
  labelLineHeight: theme.text.chartLabel.lineHeight,
});

/** The axis along categories: its own line, no ticks, labels cut with an ellipsis where they are too long. */
export const categoryAxis = (theme: ChartEnvironment['theme'], name: 'x' | 'y'): Spec => ({
  title: null,
  grid: false,
  domain: true,
  domainColor: theme.rule.line,
  domainWidth: theme.rule.lineWidth,
  ticks: false,
  labelAngle: 0,
  labelExpr: `${name}Labels[datum.value]`,
  labelLimit: { expr: `${name}LabelLimit` },
  labelOverlap: true,
  // Labels that may give way have room between them; others are cut to their slots.
  ...(name === 'x' && { labelSeparation: { expr: 'xLabelLimit > 0 ? 0 : 3' } }),
  ...(name === 'y' && { labelFontSize: { expr: 'yLabelSize' }, labelSeparation: -2 }),
});

/** The parameters that `signals.ts` sets; every spec declares them all, so that setting one never fails. */
export const chartParams: readonly Spec[] = [
  { name: 'xDomain', value: [0, 1] },
  { name: 'xTicks', value: [] },
  { name: 'xLabels', value: {} },
  { name: 'xLabelLimit', value: 0 },
  { name: 'yDomain', value: [0, 1] },
  { name: 'yTicks', value: [] },
  { name: 'yLabels', value: {} },
  { name: 'yLabelLimit', value: 0 },
  { name: 'yLabelSize', value: 7.5 },
  { name: 'colorKeys', value: [] },
  { name: 'colorValues', value: [] },
  { name: 'axisRoom', value: 0 },
  ...legendParams,
];

/** Colour by series; legends are drawn apart (`legend.ts`). */
export const colorEncoding = (field: string): Spec => ({
  field,
  type: 'nominal',
  // Named here only so that the scale exists in this form; the lists come in as signals.
  scale: { domain: ['a'], range: ['#000000'] },
  legend: null,
});

const MOST_SERIES = 32;

/** Dashes by series key, where the theme tells series apart by them. */
export const dashEncoding = (theme: ChartEnvironment['theme'], field: string): Spec => {
  const { dashes } = theme;
  if (dashes.length === 0) return {};
  const keys = Array.from({ length: MOST_SERIES }, (_, index) => `s${index}`);
  const range = keys.map((_, index) => dashes[index % dashes.length]);
  return { strokeDash: { field, type: 'nominal', scale: { domain: keys, range }, legend: null } };
};
