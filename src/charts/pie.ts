import type { Widget } from '../definition/definition.ts';
import { asTitle, punctuation } from './alt-text.ts';
import { categoryTableOf } from './category-table.ts';
import { chartConfig, chartParams, colorEncoding } from './chart-config.ts';
import type { ChartContent, ChartPlan, ColorEntry, Content, Spec } from './content.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { legendLayers } from './legend.ts';
import { themeFor } from './look.ts';
import { readMappings, settingOf } from './mappings.ts';
import { captionOf, emptyNotice } from './notices.ts';
import { formatFixed, formatShare, formatValue } from './numbers.ts';
import { seriesColor } from './theme.ts';
import { isDark } from './theme-contrast.ts';
import type { Unit } from './units.ts';
import { unitOf } from './units.ts';
import { chartWords } from './words.ts';

interface Slice {
  readonly label: string;
  readonly value: number;
  readonly other: boolean;
}

const MOST_SLICES = 8;
/** Slices below this share are gathered as "Other", where there are at least two of them. */
const SMALLEST_SHARE = 0.02;
/** From this share on a slice has room for its own label. */
const LABELLED_SHARE = 0.05;
const LONGEST_NAME = 26;
const TURN = Math.PI * 2;

/** Shares of a whole as a ring with the total inside, or as a full pie where `type` says so. */
export const pie: WidgetKindMaker = (widget, series, env): Content => {
  const mappings = readMappings(widget);
  const value = mappings.y ?? mappings.field;
  const table = categoryTableOf(series, { ...mappings, y: value, group: null }, env);
  if (!table) return emptyNotice(series, env);
  const all = table.categories.flatMap(({ label, values }) => {
    const sum = values.reduce<number>((total, one) => total + (one ?? 0), 0);
    return sum === 0 ? [] : [{ label, value: sum, other: false }];
  });
  const positive = all.filter((slice) => slice.value > 0);
  if (positive.length === 0) return emptyNotice(series, env);
  const words = chartWords(env.locale);
  const slices = gather(positive, words.other, boundsOf(widget));
  const unit = unitOf(widget.settings.unit, table.column);
  const negative = all.length - positive.length;
  const remark = negative > 0 ? words.leftOut(formatFixed(negative, 0, env.locale)) : null;
  const { caption, truncated } = captionOf([remark], series, env);
  return {
    kind: 'chart',
    chart: drawPie(widget, slices, unit, { ...env, theme: themeFor(widget, env) }),
    alt: describe(widget, slices, unit, env),
    caption,
    truncated: truncated || negative > 0,
    minHeight: 160,
    aspect: 2.1,
  } satisfies ChartContent;
};

interface Bounds {
  readonly most: number;
  readonly share: number;
}

/** `settings.maxSlices` (2 to 16) and `settings.minShare` (a share of 1, or percent from 1 on). */
function boundsOf({ settings: { maxSlices, minShare } }: Widget): Bounds {
  const most = typeof maxSlices === 'number' && maxSlices >= 2 ? Math.min(16, Math.floor(maxSlices)) : MOST_SLICES;
  if (typeof minShare !== 'number' || !(minShare >= 0)) return { most, share: SMALLEST_SHARE };
  return { most, share: minShare >= 1 ? minShare / 100 : minShare };
}

/** Largest first; small slices and all beyond the most become one, which stands last. */
function gather(slices: readonly Slice[], other: string, { most, share }: Bounds): readonly Slice[] {
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  const sorted = slices.toSorted((a, b) => b.value - a.value);
  const kept = slices.length <= most ? most : most - 1;
  // Where all are small, a ring of nothing but "Other" would say nothing.
  const least = (sorted[0]?.value ?? 0) / total < share ? 0 : share;
  const small = sorted.filter(({ value }, index) => index >= kept || value / total < least);
  if (small.length < 2) return sorted;
  const rest = small.reduce((sum, { value }) => sum + value, 0);
  return [...sorted.slice(0, sorted.length - small.length), { label: other, value: rest, other: true }];
}

function drawPie(widget: Widget, slices: readonly Slice[], unit: Unit | null, env: ChartEnvironment): ChartPlan {
  const { theme, locale } = env;
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  const colors: ColorEntry[] = slices.map(({ label, value, other }, index) => {
    // Isolated, so that behind a right-to-left name the value does not change sides.
    const tail = `  ${formatValue(value, unit, locale)}`;
    const said = `\u2068${clip(label)}\u2069${tail}`;
    return { key: `s${index}`, color: other ? theme.sign.neutral : seriesColor(theme, index), label: said, tail };
  });
  let angle = 0;
  const rows = slices.map(({ value }, index) => {
    const share = value / total;
    const from = angle;
    angle += share * TURN;
    const color = colors[index]?.color ?? theme.sign.accent;
    const label = share >= LABELLED_SHARE ? formatShare(share, locale) : '';
    const ink = isDark(color) ? theme.surface.page : theme.ink.strong;
    return {
      s: colors[index]?.key ?? '',
      from,
      to: angle,
      mid: (from + angle) / 2,
      label,
      ink,
      size: theme.text.chartLabel.size,
      out: 1,
    };
  });
  const isRing = !/^pie/.test(settingOf(widget, 'type'));
  const inside = { s: colors[0]?.key ?? '', from: 0, to: 0, mid: 0, ink: theme.ink.strong, size: 13, out: 0 };
  const legend = widget.legend.show ? widget.legend.placement : null;
  return {
    spec: pieSpec(env, isRing, legend),
    rows: isRing ? [...rows, { ...inside, label: formatValue(total, unit, locale) }] : rows,
    x: null,
    y: null,
    colors,
    legend,
    narrow: null,
    isCentred: true,
  };
}

/** A legend's name, short enough that the value behind it is seen. */
const clip = (label: string): string =>
  label.length > LONGEST_NAME ? `${label.slice(0, LONGEST_NAME - 1).trimEnd()}…` : label;

function pieSpec(env: ChartEnvironment, isRing: boolean, legend: string | null): Spec {
  const radius = 'min(width, height) / 2';
  const [inner, middle] = isRing ? [0.58, 0.79] : [0, 0.66];
  const bare = (field: string): Spec => ({ field, type: 'quantitative', scale: null });
  return {
    config: chartConfig(env),
    params: chartParams,
    layer: [
      {
        transform: [{ filter: 'datum.to > datum.from' }],
        mark: { type: 'arc', outerRadius: { expr: radius }, innerRadius: { expr: `${inner} * ${radius}` } },
        encoding: { theta: bare('from'), theta2: { field: 'to' }, color: colorEncoding('s') },
      },
      {
        mark: {
          type: 'text',
          radius: { expr: `datum.out * ${middle} * ${radius}` },
          fontWeight: 600,
          baseline: 'middle',
        },
        encoding: {
          theta: bare('mid'),
          text: { field: 'label' },
          size: { field: 'size', type: 'quantitative', scale: null, legend: null },
          color: { field: 'ink', type: 'nominal', scale: null, legend: null },
        },
      },
      ...(legend === null ? [] : legendLayers(env.theme, 'circle')),
    ],
  };
}

function describe(widget: Widget, slices: readonly Slice[], unit: Unit | null, env: ChartEnvironment): string {
  const words = chartWords(env.locale);
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  const said = slices.map(({ label, value }) =>
    words.share(label, formatValue(value, unit, env.locale), formatShare(value / total, env.locale)),
  );
  const { comma, colon } = punctuation(env.locale);
  const head = words.charts.pie + comma + words.slices(slices.length) + colon;
  return asTitle(widget.heading, env.locale) + head + said.join(comma);
}
