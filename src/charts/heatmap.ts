import type { Widget } from '../definition/definition.ts';
import { describeChart, punctuation } from './alt-text.ts';
import { isSummable } from './category-table.ts';
import type { AxisPlan, ChartContent, ChartPlan, Content } from './content.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { heatTableOf } from './heat-read.ts';
import { heatScale } from './heat-scale.ts';
import type { HeatTable } from './heat-table.ts';
import { reductionOf } from './heat-table.ts';
import { estimateWidth } from './label-width.ts';
import type { CellRow, LaneRow } from './lane-spec.ts';
import { cellSpec, laneSpec } from './lane-spec.ts';
import { themeFor } from './look.ts';
import { readMappings } from './mappings.ts';
import { captionOf, emptyNotice } from './notices.ts';
import { formatFixed, formatValue } from './numbers.ts';
import type { Unit } from './units.ts';
import { unitOf } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

const MOST_LABELLED = 600;

/** Amounts by two things at once, as colours: two categories, hours and weekdays, or time and categories or values. */
export const heatmap: WidgetKindMaker = (widget, series, env): Content => {
  const mappings = readMappings(widget);
  const canSum = isSummable(widget, mappings.y);
  const table = heatTableOf(widget, series, mappings, reductionOf(widget, canSum), env);
  if (table === null || table.cells.length === 0) return emptyNotice(series, env);
  const unit = table.isCount ? null : unitOf(widget.settings.unit, table.column);
  const { caption, truncated } = captionOf([cutRemark(table, env)], series, env);
  const words = chartWords(env.locale);
  const landmarks = table.cells.map(({ value, column, line }) => ({
    value,
    where: [table.columns[column]?.label ?? '', table.lines[line] ?? '']
      .filter((part) => part !== '')
      .join(punctuation(env.locale).comma),
  }));
  return {
    kind: 'chart',
    chart: planOf(widget, table, unit, { ...env, theme: themeFor(widget, env) }),
    alt: describeChart(
      {
        chart: 'heatmap',
        title: widget.heading,
        scope: [words.cells(table.columns.length, table.lines.length)],
        ...{ landmarks, latest: null, unit },
      },
      env.locale,
    ),
    caption,
    truncated: truncated || table.leftOut.columns + table.leftOut.lines > 0,
    minHeight: Math.max(80, table.lines.length * 9 + 50),
    aspect: Math.min(3.2, 420 / (table.lines.length * 16 + 60)),
  } satisfies ChartContent;
};

function cutRemark({ leftOut, lines, columns }: HeatTable, { locale }: ChartEnvironment): string | null {
  const said = [
    { shown: columns.length, more: leftOut.columns },
    { shown: lines.length, more: leftOut.lines },
  ].flatMap(({ shown, more }) =>
    more === 0
      ? []
      : [chartWords(locale).topCategories(formatFixed(shown, 0, locale), formatFixed(shown + more, 0, locale))],
  );
  return said.length === 0 ? null : said.join('; ');
}

function planOf(widget: Widget, table: HeatTable, unit: Unit | null, env: ChartEnvironment): ChartPlan {
  const { cells, lines, columns, time } = table;
  // From zero, unless all values are so far from it that they would have one colour.
  const [min, max] = valueRange(
    cells.map(({ value }) => value),
    false,
  );
  const scale = heatScale(min, max, unit, env);
  const { size } = env.theme.text.chartLabel;
  const say = widget.settings.showValues !== false && cells.length <= MOST_LABELLED;
  const legend = widget.legend.show ? widget.legend.placement : null;
  const key = (index: number): string => `r${index}`;
  const boxes = cells.map(({ value, column, line }) => {
    const l = say ? formatValue(value, unit, env.locale) : '';
    const { key: s, ink } = scale.stepOf(value);
    return { s, ink, l, w: estimateWidth(l, size), r: key(line), column };
  });
  const y: AxisPlan = {
    type: 'category',
    entries: lines.map((label, index) => ({ key: key(index), label })),
    isSparse: false,
  };
  const common = { y, colors: scale.colors, legend, narrow: null };
  if (time !== null) {
    const rows: LaneRow[] = boxes.flatMap(({ column, ...box }) => {
      const bucket = columns[column];
      return bucket ? [{ ...box, l: '', t: bucket.from, u: bucket.to }] : [];
    });
    const { from, to, zone } = time;
    const x: AxisPlan = { type: 'time', from, to, bucket: 0, zone, locale: env.locale };
    return { ...common, spec: laneSpec(env, 0.06, legend), rows, x };
  }
  const rows: CellRow[] = boxes.map(({ column, ...box }) => ({ ...box, c: `c${column}` }));
  const x: AxisPlan = {
    type: 'category',
    entries: columns.map(({ label }, index) => ({ key: `c${index}`, label })),
    isSparse: table.isOrdered,
  };
  return { ...common, spec: cellSpec(env, legend), rows, x };
}
