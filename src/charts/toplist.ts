import type { Widget } from '../definition/definition.ts';
import { asTitle, punctuation } from './alt-text.ts';
import { categoryKey, categoryRows, categorySpec } from './category-spec.ts';
import type { Category } from './category-table.ts';
import { categoryTableOf, isSummable } from './category-table.ts';
import type { ChartContent, ChartPlan, Content } from './content.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { colorEntries, themeFor } from './look.ts';
import { numberOf, readMappings } from './mappings.ts';
import { captionOf, emptyNotice } from './notices.ts';
import { formatFixed, formatShare, formatValue } from './numbers.ts';
import type { Unit } from './units.ts';
import { unitOf } from './units.ts';
import { valueRange } from './value-axis.ts';
import { chartWords } from './words.ts';

interface Entry {
  readonly label: string;
  readonly value: number;
  readonly isOther: boolean;
}

const USUAL_ENTRIES = 10;
const MOST_ENTRIES = 30;
const ROW = 15;
const WORDS_IN_ALT = 5;

/** The largest values by category, ranked, each with its value and its share of the whole. */
export const toplist: WidgetKindMaker = (widget, series, env): Content => {
  const mappings = readMappings(widget);
  const table = categoryTableOf(series, { ...mappings, y: mappings.y ?? mappings.field, group: null }, env);
  const all = (table?.categories ?? []).flatMap(({ label, values }: Category): Entry[] => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? [] : [{ label, value: known.reduce((sum, one) => sum + one, 0), isOther: false }];
  });
  if (!table || all.length === 0) return emptyNotice(series, env);
  const words = chartWords(env.locale);
  const ascending = widget.settings.order === 'asc';
  const ranked = all.toSorted((a, b) => (ascending ? a.value - b.value : b.value - a.value));
  const shown = ranked.slice(0, limitOf(widget));
  const canSum = isSummable(widget, table.column) && all.every(({ value }) => value >= 0);
  const total = canSum ? all.reduce((sum, { value }) => sum + value, 0) : 0;
  const rest = total - shown.reduce((sum, { value }) => sum + value, 0);
  const hasOther = widget.settings.other === true && canSum && shown.length < all.length;
  const entries = hasOther ? [...shown, { label: words.other, value: rest, isOther: true }] : shown;
  const unit = unitOf(widget.settings.unit, table.column);
  const whole = (count: number): string => formatFixed(count, 0, env.locale);
  const isCut = shown.length < all.length;
  const remark = isCut
    ? (hasOther ? words.topAndOther : words.topCategories)(whole(shown.length), whole(all.length))
    : null;
  const { caption, truncated } = captionOf([ascending ? null : remark], series, env);
  const say = ({ value }: Entry): string =>
    total > 0 && widget.settings.showShare !== false
      ? `${formatValue(value, unit, env.locale)}  ${formatShare(value / total, env.locale)}`
      : formatValue(value, unit, env.locale);
  const { comma, colon, semicolon } = punctuation(env.locale);
  const head = words.charts.toplist + comma + words.categories(all.length) + colon;
  const first = shown.slice(0, WORDS_IN_ALT).map((entry, index) => words.rank(index + 1, entry.label, say(entry)));
  return {
    kind: 'chart',
    chart: planOf(entries, say, unit, { ...env, theme: themeFor(widget, env) }),
    alt: asTitle(widget.heading, env.locale) + head + first.join(semicolon),
    caption,
    truncated: truncated || isCut,
    minHeight: Math.max(40, entries.length * 11 + 8),
    aspect: Math.min(6, 380 / (entries.length * ROW + 10)),
  } satisfies ChartContent;
};

function limitOf({ settings }: Widget): number {
  const { limit } = settings;
  const stored = typeof limit === 'number' || typeof limit === 'string' ? numberOf(limit) : null;
  return stored === null || stored < 1 ? USUAL_ENTRIES : Math.min(MOST_ENTRIES, Math.floor(stored));
}

function planOf(
  entries: readonly Entry[],
  say: (entry: Entry) => string,
  unit: Unit | null,
  env: ChartEnvironment,
): ChartPlan {
  const categories = entries.map(({ label, value }) => ({ label, values: [value] }));
  const keys = colorEntries(['', ''], env.theme);
  const [accent = { key: 's0', color: env.theme.sign.accent, label: '' }, other = accent] = keys;
  const colors = [accent, { ...other, color: env.theme.sign.neutral }];
  const table = {
    ...{ categories, groups: [''], column: null, ordered: true, isNumeric: false },
    ...{ allCategories: entries.length, allGroups: 1, hasOther: false },
  };
  const rows = categoryRows(table, colors, false, () => '').map((row, index) => {
    const entry = entries[index];
    return { ...row, l: entry ? say(entry) : '', s: entry?.isOther ? other.key : accent.key };
  });
  const [min, max] = valueRange(
    entries.map(({ value }) => value),
    true,
  );
  const named = entries.map(({ label }, index) => ({ key: categoryKey(index), label }));
  const look = { type: 'bar', stacked: false, grouped: false, interpolate: 'linear', dots: false } as const;
  return {
    spec: categorySpec(env, { ...look, lying: true, close: false, labelled: true, legend: null }),
    rows,
    x: { type: 'value', min, max, unit, locale: env.locale, isExact: true },
    y: { type: 'category', entries: named, isSparse: false },
    colors,
    legend: null,
    narrow: null,
    tails: rows.map(({ l }) => l),
  };
}
