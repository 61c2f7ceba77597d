import type { Widget } from '../definition/definition.ts';
import { asTitle, punctuation } from './alt-text.ts';
import type { ChartContent, ChartPlan, ColorEntry, Content } from './content.ts';
import { formatSpan } from './dates.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { estimateWidth } from './label-width.ts';
import type { LaneRow } from './lane-spec.ts';
import { laneSpec } from './lane-spec.ts';
import { themeFor } from './look.ts';
import { readMappings } from './mappings.ts';
import { captionOf, emptyNotice, noColumnNotice } from './notices.ts';
import { formatFixed, formatShare } from './numbers.ts';
import type { StateTable, Stretch } from './state-table.ts';
import { hasStates, stateTableOf } from './state-table.ts';
import type { Theme } from './theme.ts';
import { mixColors, seriesColor } from './theme.ts';
import { isDark } from './theme-contrast.ts';
import { signColor } from './thresholds.ts';
import { chartWords } from './words.ts';

const MOST_LANES = 30;
const MOST_STATES = 12;

/** Words for states that have a colour of their own, in the three languages. */
const GOOD =
  /^(ok|up|on|true|yes|running|healthy|online|active|success|succeeded|green|normal|да|работает|норма|успех|正常|运行|成功|是)(?!\p{L})/iu;
const WARN =
  /^(warn|degraded|pending|waiting|slow|yellow|unknown|partial|starting|recovering|предупр|ожидание|警告|等待)/iu;
const BAD =
  /^(down(?!\p{L})|off(?!\p{L})|false|no$|fail|error|critical|offline|dead|red|unhealthy|stopped|lost|нет|сбой|ошибка|авария|故障|失败|错误|停止|否)/iu;

/** What was in which state, and how long: one lane for each entity, gaps where nothing is known. */
export const statetimeline: WidgetKindMaker = (widget, series, env): Content => {
  if (series.every(({ rows }) => rows.values.length === 0)) return emptyNotice(series, env);
  const mappings = readMappings(widget);
  if (!series.some((one) => hasStates(one, mappings))) return noColumnNotice(mappings.x ?? 'time', env);
  const table = stateTableOf(widget, series, mappings, env);
  if (table.lanes.length === 0) return emptyNotice(series, env);
  const words = chartWords(env.locale);
  const shown = table.lanes.slice(0, MOST_LANES);
  const whole = (count: number): string => formatFixed(count, 0, env.locale);
  const isCut = shown.length < table.lanes.length;
  const remark = isCut ? words.topSeries(whole(shown.length), whole(table.lanes.length)) : null;
  const { caption, truncated } = captionOf([remark], series, env);
  const stretches = shown.flatMap((lane) => lane.stretches);
  const { comma, semicolon } = punctuation(env.locale);
  const span = formatSpan(table.from, table.to, table.zone, env.locale);
  const scope = [words.charts.timeline, words.entities(shown.length), span].join(comma);
  const shares = sharesOf(stretches).map(([state, share]) => `${state} ${formatShare(share, env.locale)}`);
  return {
    kind: 'chart',
    chart: planOf(widget, { ...table, lanes: shown }, { ...env, theme: themeFor(widget, env) }),
    alt: asTitle(widget.heading, env.locale) + scope + semicolon + words.states(shares.join(comma)),
    caption,
    truncated: truncated || isCut,
    minHeight: shown.length * 10 + 50,
    aspect: Math.min(6, 500 / (shown.length * 18 + 60)),
  } satisfies ChartContent;
};

/** States by their share of all known time, largest first. */
function sharesOf(stretches: readonly Stretch[]): readonly (readonly [string, number])[] {
  const lengths = new Map<string, number>();
  let total = 0;
  for (const { from, to, state } of stretches) {
    lengths.set(state, (lengths.get(state) ?? 0) + to - from);
    total += to - from;
  }
  return [...lengths]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_STATES)
    .map(([state, length]) => [state, total === 0 ? 0 : length / total] as const);
}

function planOf(widget: Widget, { lanes, from, to, zone }: StateTable, env: ChartEnvironment): ChartPlan {
  const { theme } = env;
  const states = sharesOf(lanes.flatMap(({ stretches }) => stretches)).map(([state]) => state);
  const colors = stateColors(widget, states, theme);
  const other = { key: 'other', color: theme.sign.neutral, label: chartWords(env.locale).other };
  const size = theme.text.chartLabel.size;
  let hasOther = false;
  const rows = lanes.flatMap(({ stretches }, lane) =>
    stretches.map(({ from: t, to: u, state }): LaneRow => {
      const color = colors[states.indexOf(state)];
      hasOther ||= color === undefined;
      const { key, color: fill } = color ?? other;
      const ink = isDark(fill) ? theme.surface.page : theme.ink.strong;
      return { s: key, ink, l: state, w: estimateWidth(state, size), t, u, r: `r${lane}` };
    }),
  );
  const legend = widget.legend.show ? widget.legend.placement : null;
  return {
    spec: laneSpec(env, 0.22, legend),
    rows,
    x: { type: 'time', from, to, bucket: 0, zone, locale: env.locale },
    y: {
      type: 'category',
      entries: lanes.map(({ name }, index) => ({ key: `r${index}`, label: name })),
      isSparse: false,
    },
    colors: hasOther ? [...colors, other] : colors,
    legend,
    narrow: null,
  };
}

/** Stored colours first (`settings.states`: word → severity or `#rrggbb`), then what a word means, then the palette. */
function stateColors(widget: Widget, states: readonly string[], theme: Theme): readonly ColorEntry[] {
  const { states: stored } = widget.settings;
  const named = typeof stored === 'object' && stored !== null ? (stored as Readonly<Record<string, unknown>>) : {};
  let next = 0;
  // Two states that mean the same are two shades of it.
  const taken = new Map<string, number>();
  return states.map((label, index) => {
    const severity = Object.hasOwn(named, label) ? named[label] : null;
    const meant = GOOD.test(label) ? 'good' : WARN.test(label) ? 'warn' : BAD.test(label) ? 'bad' : null;
    const color = signColor({ severity: severity ?? meant, color: severity }, theme, '');
    const own = color === '' ? seriesColor(theme, next++) : color;
    const times = taken.get(own) ?? 0;
    taken.set(own, times + 1);
    return { key: `s${index}`, label, color: mixColors(own, theme.surface.page, Math.min(0.75, times * 0.4)) };
  });
}
