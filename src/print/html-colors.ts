import type { WebReport } from '../scene/web-report.ts';
import { parseColor } from './color.ts';
import { lightnessOf, luminance, type Rgb, withLightness } from './oklab.ts';
import type { SvgPaint } from './svg-canvas.ts';

type Theme = WebReport['theme'];

/** What the page's own colours are in the dark, by group and name of the theme's; series colours are computed. */
const DARK: Readonly<Record<string, string>> = {
  'ink-strong': '#f1f4f8',
  'ink-body': '#d3dae3',
  'ink-muted': '#9fabb9',
  'ink-faint': '#758291',
  'surface-page': '#11161d',
  'surface-card': '#181f28',
  'surface-cardEdge': '#2b3541',
  'surface-stripe': '#1f2731',
  'surface-headerRow': '#222c37',
  'rule-strong': '#d3dae3',
  'rule-line': '#465362',
  'rule-grid': '#2c3743',
};
const DARK_CARD = '#181f28';
/** WCAG 2.2, 1.4.11: what a graphic consists of. */
const GRAPHIC_CONTRAST = 3;
const TEXT_CONTRAST = 4.5;

/** The colours of one document: its theme's and those that its charts are painted with, as CSS variables. */
export interface HtmlColors {
  readonly paint: SvgPaint;
  readonly isSurface: (color: string) => boolean;
  /** Declarations for light and for dark, once all is painted. */
  readonly declarations: () => { readonly light: string; readonly dark: string };
}

/**
 * Colours of the theme become variables by their name, all others are numbered as they come. In the dark the theme's
 * are replaced, others made lighter until they are seen on a dark card. Text on a coloured shape was chosen for the
 * shape's colour and stays as it is.
 */
export function htmlColors(theme: Theme): HtmlColors {
  const named = themeColors(theme);
  const byValue = new Map<string, string>();
  for (const [name, color] of named) if (!byValue.has(color)) byValue.set(color, name);
  const own = new Map<string, { readonly name: string; readonly color: string; readonly dark: string }>();
  return {
    isSurface: (color) => byValue.get(color)?.startsWith('surface-') ?? false,
    paint: (color, use) => {
      if (use === 'text on shape') return color;
      const name = byValue.get(color);
      if (name !== undefined) return `var(--${name})`;
      const key = `${color} ${use === 'text' ? 'text' : 'shape'}`;
      const known = own.get(key) ?? {
        name: `c${own.size}`,
        color,
        dark: darkOf(color, use === 'text' ? TEXT_CONTRAST : GRAPHIC_CONTRAST),
      };
      own.set(key, known);
      return `var(--${known.name})`;
    },
    declarations: () => {
      const all = [...named.map(([name, color]) => ({ name, color, dark: darkTheme(name, color) })), ...own.values()];
      const declare = (of: (one: (typeof all)[number]) => string): string =>
        all.map((one) => `--${one.name}:${of(one)}`).join(';');
      return { light: declare(({ color }) => color), dark: declare(({ dark }) => dark) };
    },
  };
}

/** Names as they stand in the theme, e.g. `ink-strong`; a colour that has two names is known by the first. */
function themeColors({ ink, surface, rule, sign }: Theme): [name: string, color: string][] {
  return Object.entries({ ink, surface, rule, sign }).flatMap(([group, members]) =>
    Object.entries(members).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[`${group}-${name}`, value]] : [],
    ),
  );
}

const darkTheme = (name: string, color: string): string => DARK[name] ?? darkOf(color, TEXT_CONTRAST);

/** The colour itself where it is seen on a dark card, else a lighter one of its hue. */
function darkOf(color: string, contrast: number): string {
  let seen = rgbOf(color);
  const card = rgbOf(DARK_CARD);
  for (let light = lightnessOf(seen); light < 1 && contrastOf(card, seen) < contrast; light += 0.02) {
    seen = withLightness(rgbOf(color), light);
  }
  const channels = seen.map((part) => Math.round(part * 255));
  return `#${channels.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function rgbOf(color: string): Rgb {
  const [red, green, blue] = parseColor(color);
  return [red, green, blue];
}

/** Contrast ratio of WCAG 2.2 between a dark colour and another. */
const contrastOf = (dark: Rgb, other: Rgb): number => (luminance(other) + 0.05) / (luminance(dark) + 0.05);
