import type { Widget } from '../definition/definition.ts';
import { describeChart } from './alt-text.ts';
import type { CutTable } from './category-cut.ts';
import { cutTable } from './category-cut.ts';
import type { CategoryLook } from './category-spec.ts';
import { categoryKey, categoryRows, categorySpec } from './category-spec.ts';
import type { Category, CategoryTable } from './category-table.ts';
import { categoryTableOf, isSummable } from './category-table.ts';
import type { AxisPlan, ChartContent, ChartPlan, Content } from './content.ts';
import type { ChartEnvironment, SeriesRows, WidgetKindMaker } from './environment.ts';
import { estimateWidth } from './label-width.ts';
import { colorEntries, interpolationOf, legendPlace, themeFor } from './look.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, isText, isTime, readMappings, settingOf } from './mappings.ts';
import { captionOf, emptyNotice } from './notices.ts';
import { formatFixed, formatValue } from './numbers.ts';
import { stackOf, timeseries } from './timeseries.ts';
import type { Unit } from './units.ts';
import { unitOf } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

const LYING_ROW = 15;
const MOST_LABELLED = 30;

/** Values by category: bars (default), lines or areas; lying down when the labels are long. Over time: a time series. */
export const histogram: WidgetKindMaker = (widget, series, env): Content => {
  const mappings = readMappings(widget);
  if (isOverTime(series, mappings)) {
    const type = settingOf(widget, 'type') || 'bar';
    return timeseries({ ...widget, settings: { ...widget.settings, type } }, series, env);
  }
  const table = categoryTableOf(series, mappings, env);
  if (!table?.categories.some(({ values }) => values.some((value) => value !== null))) return emptyNotice(series, env);
  const words = chartWords(env.locale);
  const sorted = sortTable(widget, table);
  const summed = cutTable(sorted, isSummable(widget, table.column) ? words.other : null);
  const isShares = stackOf(widget, 'area') === 'percent' && summed.groups.length > 1;
  const cut = isShares ? { ...summed, categories: summed.categories.map(shareOfAll) } : summed;
  const unit = isShares ? 'ratio' : unitOf(widget.settings.unit, table.column);
  const chart = drawCategories(widget, cut, unit, { ...env, theme: themeFor(widget, env) });
  const isCut = cut.allCategories > cut.categories.length;
  const shown = formatFixed(cut.categories.length - (cut.hasOther ? 1 : 0), 0, env.locale);
  const all = formatFixed(cut.allCategories, 0, env.locale);
  const remark = isCut ? (cut.hasOther ? words.topAndOther : words.topCategories)(shown, all) : null;
  const { caption, truncated } = captionOf([remark], series, env);
  const lies = chart.y?.type === 'category';
  return {
    kind: 'chart',
    chart,
    alt: describe(widget, cut, unit, env),
    caption,
    truncated: truncated || isCut,
    minHeight: lies ? 90 : 110,
    aspect: lies ? Math.min(2.4, 380 / Math.max(120, cut.categories.length * LYING_ROW)) : 2.2,
  } satisfies ChartContent;
};

/** By `settings.sort`: `value` largest first, `-value` smallest first, `name`; else as the rows come. */
function sortTable(widget: Widget, table: CategoryTable): CategoryTable {
  const sort = settingOf(widget, 'sort');
  if (sort === '') return table;
  const total = ({ values }: Category): number => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const order: Readonly<Record<string, (a: Category, b: Category) => number>> = {
    value: (a, b) => total(b) - total(a),
    '-value': (a, b) => total(a) - total(b),
    name: (a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }),
  };
  const compare = Object.hasOwn(order, sort) ? order[sort] : undefined;
  return compare ? { ...table, categories: table.categories.toSorted(compare) } : table;
}

/** Each group's part of its category. */
function shareOfAll({ label, values }: Category): Category {
  const total = values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
  return { label, values: values.map((value) => (value === null || total === 0 ? null : value / total)) };
}

/** True where the category column holds times and no custom range makes names of them. */
function isOverTime(series: readonly SeriesRows[], mappings: Mappings): boolean {
  const [first] = series.filter(({ rows }) => rows.values.length > 0);
  if (!first || mappings.customRange) return false;
  const tests = mappings.x === null && mappings.group === null ? [isTime] : [];
  const x = columnIndex(first.rows, mappings.x, [], ...tests, isText);
  const column = first.rows.columns[x];
  return column !== undefined && isTime(column);
}

function drawCategories(widget: Widget, table: CutTable, unit: Unit | null, env: ChartEnvironment): ChartPlan {
  const type = settingOf(widget, 'type');
  const kind = /area/.test(type) ? 'area' : /line|spline/.test(type) ? 'line' : 'bar';
  const legend = legendPlace(widget, table.groups.length);
  const stacked = kind !== 'line' && table.groups.length > 1 && stackOf(widget, kind) !== 'none';
  const look = {
    type: kind,
    stacked,
    interpolate: interpolationOf(widget),
    dots: widget.settings.showDots === true,
    legend,
    grouped: kind === 'bar' && !stacked && table.groups.length > 1,
    close: table.isNumeric && table.groups.length === 1,
  } as const;
  const labels = table.categories.map(({ label }) => label);
  const mustLie =
    kind === 'bar' && labels.length > 1 && /horizontal/.test(`${type} ${settingOf(widget, 'orientation')}`);
  const standing = planOf(table, { ...look, lying: false, labelled: false }, unit, env);
  if (kind !== 'bar' || labels.length < 2) return standing;
  const labelled = table.groups.length === 1 && labels.length <= MOST_LABELLED && isPositive(table);
  const lying = planOf(table, { ...look, lying: true, labelled }, unit, env);
  const widest = Math.max(...labels.map((label) => estimateWidth(label, env.theme.text.chartLabel.size)));
  const below = table.ordered && labels.length > 12 ? 0 : labels.length * (widest + 5) + 34;
  return mustLie ? lying : { ...standing, narrow: { below, plan: lying } };
}

const isPositive = ({ categories }: CutTable): boolean =>
  categories.every(({ values }) => values.every((value) => (value ?? 0) >= 0));

function planOf(table: CutTable, look: CategoryLook, unit: Unit | null, env: ChartEnvironment): ChartPlan {
  const colors = colorEntries(table.groups, env.theme).map((entry) =>
    entry.label === chartWords(env.locale).other ? { ...entry, color: env.theme.sign.neutral } : entry,
  );
  const rows = categoryRows(table, colors, look.stacked, (value) =>
    look.labelled ? formatValue(value, unit, env.locale) : '',
  );
  const [min, max] = valueRange(
    rows.map(({ v }) => v),
    look.type !== 'line',
  );
  const entries = table.categories.map(({ label }, index) => ({ key: categoryKey(index), label }));
  const categories: AxisPlan = { type: 'category', entries, isSparse: table.isNumeric };
  const values: AxisPlan = {
    type: 'value',
    min,
    max,
    unit,
    locale: env.locale,
    ...(look.labelled && { isExact: true }),
  };
  return {
    spec: categorySpec(env, look),
    rows,
    x: look.lying ? values : categories,
    y: look.lying ? categories : values,
    colors,
    legend: look.legend as ChartPlan['legend'],
    narrow: null,
    ...(look.labelled && { tails: rows.map(({ l }) => l) }),
  };
}

function describe(widget: Widget, table: CutTable, unit: Unit | null, env: ChartEnvironment): string {
  const words = chartWords(env.locale);
  const { groups } = table;
  const landmarks = table.categories.flatMap(({ label, values }) =>
    values.flatMap((value, index) =>
      value === null ? [] : [{ value, where: groups.length > 1 ? `${label}, ${groups[index] ?? ''}` : label }],
    ),
  );
  const type = settingOf(widget, 'type');
  const scope = [words.categories(table.allCategories), ...(groups.length > 1 ? [words.series(table.allGroups)] : [])];
  const chart = /area/.test(type) ? 'area' : /line/.test(type) ? 'line' : 'bar';
  return describeChart({ chart, title: widget.heading, scope, landmarks, latest: null, unit }, env.locale);
}
