import type { CutTable } from './category-cut.ts';
import { categoryAxis, chartConfig, chartParams, colorEncoding, valueAxis } from './chart-config.ts';
import type { ColorEntry, Spec } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { legendLayers } from './legend.ts';

/**
 * A bar or a point: category, group, value, the base it stands on, the value in words and where these begin: above all
 * of the bar, so that the words of one below zero do not stand on it.
 */
export interface CategoryRow {
  readonly c: string;
  readonly s: string;
  readonly v: number;
  readonly b: number;
  readonly e: number;
  readonly l: string;
}

export interface CategoryLook {
  readonly type: 'bar' | 'line' | 'area';
  readonly stacked: boolean;
  /** Bars of a category stand side by side. */
  readonly grouped: boolean;
  readonly interpolate: string;
  readonly dots: boolean;
  /** Bars lie down: categories along y. */
  readonly lying: boolean;
  /** Bars stand close, as those of a distribution do. */
  readonly close: boolean;
  /** The value is written at the end of each bar. */
  readonly labelled: boolean;
  readonly legend: string | null;
}

/** The key of category number `index`; keys sort as their numbers do, for points are joined in order of key. */
export const categoryKey = (index: number): string => `c${String(index).padStart(5, '0')}`;

export function categoryRows(
  table: CutTable,
  colors: readonly ColorEntry[],
  stacked: boolean,
  say: (value: number) => string,
): readonly CategoryRow[] {
  return table.categories.flatMap(({ values }, category) => {
    const piles = { up: 0, down: 0 };
    return values.flatMap((value, group) => {
      if (value === null) return [];
      const pile = value < 0 ? 'down' : 'up';
      const b = stacked ? piles[pile] : 0;
      piles[pile] += value;
      const v = b + value;
      return [{ c: categoryKey(category), s: colors[group]?.key ?? '', v, b, e: Math.max(v, b), l: say(value) }];
    });
  });
}

const WIDEST_STANDING = 48;
const WIDEST_LYING = 18;
const scale = { domain: [0, 1], nice: false, zero: false };
const names = { domain: ['a'] };
const APART = { paddingInner: 0.28, paddingOuter: 0.14 };
const CLOSE = { paddingInner: 0.08, paddingOuter: 0.04 };

/** The shape of a chart over categories. */
export function categorySpec(env: ChartEnvironment, look: CategoryLook): Spec {
  const { type, lying, legend } = look;
  const [along, across] = lying ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const bars = type === 'bar';
  const value = { field: 'v', type: 'quantitative', scale, axis: look.labelled ? null : valueAxis(env.theme, across) };
  const category = {
    field: 'c',
    type: 'nominal',
    sort: null,
    scale: bars ? { ...names, ...(look.close ? CLOSE : APART) } : { ...names, type: 'point', padding: 0.5 },
    axis: categoryAxis(env.theme, along),
  };
  const encoding = {
    [along]: category,
    [across]: value,
    color: colorEncoding('s'),
    ...(bars &&
      look.grouped && {
        [`${along}Offset`]: { field: 's', type: 'nominal', sort: null, scale: { ...names, paddingInner: 0.06 } },
      }),
  };
  const layers = (bars ? barLayers(env, look, across, value) : lineLayers(look)).map((layer) => ({
    ...layer,
    encoding: { ...encoding, ...(layer.encoding as Spec | undefined) },
  }));
  const keys = legend === null ? [] : legendLayers(env.theme, type === 'line' ? 'stroke' : 'square');
  return { config: chartConfig(env), params: chartParams, layer: [...layers, ...keys] };
}

function barLayers(
  env: ChartEnvironment,
  { lying, labelled, stacked, grouped }: CategoryLook,
  across: 'x' | 'y',
  value: Spec,
): readonly Spec[] {
  const orient = lying ? 'horizontal' : 'vertical';
  const edge = stacked ? { stroke: env.theme.surface.page } : {};
  // A bar of no height would still be a hairline across the zero line.
  const unlessFlat = (value: number) => ({ condition: { test: 'datum.v === datum.b', value: 0 }, value });
  // Few categories in a wide chart make bars, not walls.
  const [side, along, widest] = lying ? ['height', 'y', WIDEST_LYING] : ['width', 'x', WIDEST_STANDING];
  const size = grouped ? {} : { [side]: { expr: `min(bandwidth('${along}'), ${widest})` } };
  const encoding = {
    [`${across}2`]: { field: 'b' },
    fillOpacity: unlessFlat(1),
    ...(stacked && { strokeWidth: unlessFlat(0.5) }),
  };
  const bars = { mark: { type: 'bar', orient, ...edge, ...size }, encoding };
  if (!labelled) return [bars];
  const mark = { type: 'text', align: 'left', baseline: 'middle', dx: 4, fontSize: { expr: 'yLabelSize' } };
  const color = { value: env.theme.ink.body };
  const place = { [across]: { ...value, field: 'e' } };
  return [bars, { mark, encoding: { ...place, text: { field: 'l' }, color } }];
}

function lineLayers({ type, interpolate, dots, stacked }: CategoryLook): readonly Spec[] {
  const area = {
    mark: { type: 'area', orient: 'vertical', interpolate, fillOpacity: stacked ? 0.85 : 0.2 },
    encoding: { y2: { field: 'b' } },
  };
  const line = { mark: { type: 'line', interpolate, strokeWidth: 1.4 } };
  const points = { mark: { type: 'point', filled: true, shape: 'circle', size: 12, opacity: 1 } };
  return [...(type === 'area' ? [area] : []), ...(stacked ? [] : [line]), ...(dots ? [points] : [])];
}
