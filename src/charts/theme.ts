import { BROADSHEET, GREYS, paletteOf } from './palettes.ts';
import { lightnessOf } from './theme-contrast.ts';

/** One text style: size and line height in points, weight 100 to 900. */
export interface TextStyle {
  readonly size: number;
  readonly lineHeight: number;
  readonly weight: number;
  readonly color: string;
}

/** Everything charts, tables, text, header and footer look like. Lengths are in points, colours `#rrggbb`. */
export interface Theme {
  readonly name: 'light' | 'print';
  /** Colours of series, in order. */
  readonly palette: readonly string[];
  /** Dashes of lines by series, in points, so that they are told apart without colour; empty = all are solid. */
  readonly dashes: readonly (readonly number[])[];
  /** Cards stand in a frame, or below a rule. */
  readonly card: 'frame' | 'rule';
  /** Colours from little to much, for heat maps and other amounts. */
  readonly sequential: readonly string[];
  readonly ink: { readonly strong: string; readonly body: string; readonly muted: string; readonly faint: string };
  readonly surface: {
    readonly page: string;
    readonly card: string;
    readonly cardEdge: string;
    readonly stripe: string;
    readonly headerRow: string;
  };
  readonly rule: {
    readonly strong: string;
    readonly line: string;
    readonly grid: string;
    readonly hairWidth: number;
    readonly lineWidth: number;
    readonly strongWidth: number;
  };
  readonly sign: {
    readonly accent: string;
    readonly good: string;
    readonly bad: string;
    readonly warn: string;
    /** "Other", unnamed and background series. */
    readonly neutral: string;
  };
  readonly text: {
    /** The cover's title and what stands below it. */
    readonly cover: TextStyle;
    readonly coverLine: TextStyle;
    /** Headings of a page of the definition, and the contents' own. */
    readonly section: TextStyle;
    readonly title: TextStyle;
    readonly heading: TextStyle;
    readonly subheading: TextStyle;
    readonly body: TextStyle;
    readonly strong: TextStyle;
    readonly small: TextStyle;
    readonly caption: TextStyle;
    readonly tableHeader: TextStyle;
    readonly tableCell: TextStyle;
    readonly chartLabel: TextStyle;
    readonly chartTitle: TextStyle;
    readonly metric: TextStyle;
    readonly band: TextStyle;
  };
  readonly space: {
    /** The step all other spaces are multiples of. */
    readonly unit: number;
    readonly pageMargin: number;
    /** Between cards, in both directions. */
    readonly gutter: number;
    readonly cardPadding: number;
    /** Padding at a card's left and right. */
    readonly cardInset: number;
    readonly cardRadius: number;
    readonly cellPaddingX: number;
    readonly cellPaddingY: number;
    readonly paragraph: number;
  };
}

const INK = { strong: '#14202e', body: '#2b3745', muted: '#5a6675', faint: '#8b96a3' } as const;

const textStyle = (size: number, weight: number, color: string, leading = 1.4): TextStyle => ({
  size,
  weight,
  color,
  lineHeight: Math.round(size * leading * 2) / 2,
});

type Ink = Theme['ink'];

/** The type scale, from captions to the cover: the same steps in every theme. */
const typeScale = (ink: Ink, bold: number): Theme['text'] => ({
  cover: textStyle(34, bold, ink.strong, 1.15),
  coverLine: textStyle(13, 400, ink.muted, 1.45),
  section: textStyle(18, bold, ink.strong, 1.25),
  title: textStyle(22, bold, ink.strong, 1.2),
  heading: textStyle(14, bold, ink.strong, 1.25),
  subheading: textStyle(10.5, 600, ink.strong, 1.3),
  body: textStyle(9, 400, ink.body, 1.5),
  strong: textStyle(9, 600, ink.strong, 1.5),
  small: textStyle(8, 400, ink.muted, 1.4),
  caption: textStyle(7, 400, ink.muted, 1.4),
  tableHeader: textStyle(7.5, 600, ink.muted, 1.35),
  tableCell: textStyle(8, 400, ink.body, 1.4),
  chartLabel: textStyle(7.5, 400, ink.muted, 1.25),
  chartTitle: textStyle(7.5, 600, ink.body, 1.25),
  metric: textStyle(30, bold, ink.strong, 1.15),
  band: textStyle(7.5, 400, ink.muted, 1.35),
});

const SPACE: Theme['space'] = {
  unit: 4,
  pageMargin: 40,
  gutter: 12,
  cardPadding: 12,
  cardInset: 12,
  cardRadius: 4,
  cellPaddingX: 6,
  cellPaddingY: 3.5,
  paragraph: 6,
};

const LIGHT: Theme = {
  name: 'light',
  palette: BROADSHEET,
  dashes: [],
  card: 'frame',
  sequential: ['#eef4fa', '#cfe2f1', '#a3cbe4', '#6fadd3', '#418bbd', '#2266a0', '#1a4186'],
  ink: INK,
  surface: { page: '#ffffff', card: '#ffffff', cardEdge: '#dfe4ea', stripe: '#f6f8fa', headerRow: '#eef2f6' },
  rule: {
    strong: '#14202e',
    line: '#cdd5dd',
    grid: '#e6eaef',
    hairWidth: 0.4,
    lineWidth: 0.6,
    strongWidth: 1.2,
  },
  sign: { accent: '#1a4186', good: '#1c7c54', bad: '#b3261e', warn: '#a15c00', neutral: '#a7b0bb' },
  text: typeScale(INK, 700),
  space: SPACE,
};

const PRINT_INK = { strong: '#000000', body: '#1a1a1a', muted: '#4d4d4d', faint: '#6b6b6b' } as const;

/** For the office printer: no fills, thin rules, cards below a line instead of in a frame, greys and dashes. */
const PRINT: Theme = {
  name: 'print',
  palette: GREYS,
  // Seven, for eight greys: no line has both of another before the fifty-seventh.
  dashes: [[], [5, 2], [1.5, 1.5], [7, 2, 1.5, 2], [3, 1.5], [9, 3], [1, 2.5]],
  card: 'rule',
  sequential: ['#f4f4f4', '#e0e0e0', '#c9c9c9', '#a8a8a8', '#858585', '#606060', '#3d3d3d'],
  ink: PRINT_INK,
  surface: { page: '#ffffff', card: '#ffffff', cardEdge: '#4d4d4d', stripe: '#ffffff', headerRow: '#ffffff' },
  rule: {
    strong: '#000000',
    line: '#8c8c8c',
    grid: '#d4d4d4',
    hairWidth: 0.3,
    lineWidth: 0.4,
    strongWidth: 0.8,
  },
  sign: { accent: '#1a1a1a', good: '#1a1a1a', bad: '#1a1a1a', warn: '#4d4d4d', neutral: '#949494' },
  text: typeScale(PRINT_INK, 600),
  space: { ...SPACE, gutter: 16, cardPadding: 8, cardInset: 0, cardRadius: 0, cellPaddingX: 4 },
};

const combined = new Map<string, Theme>();

/**
 * The design of a name, `light` or `print`, with the colours of a palette. The name may also be a palette's, on the light
 * design; `broadsheet` is `light`. Unknown names and null give the defaults. The print design keeps a palette's hues and gives
 * them the lightness of its greys, so that they are told apart, and seen, on any printer.
 */
export function themeOf(name: string | null | undefined, palette: string | null | undefined = null): Theme {
  const base = name?.trim().toLowerCase() === PRINT.name ? PRINT : LIGHT;
  const colors = paletteOf(palette) ?? paletteOf(name) ?? base.palette;
  if (colors === base.palette) return base;
  const key = `${base.name} ${colors.join()}`;
  const own = base === PRINT ? colors.map(asOnPaper) : colors;
  const theme = combined.get(key) ?? { ...base, palette: own };
  combined.set(key, theme);
  return theme;
}

const PAPER_LIGHTNESS = GREYS.map(lightnessOf);
/** Beyond as many series as there are greys, each is this much darker than the one it is next to. */
const TURN_STEP = 3;

function asOnPaper(color: string, index: number): string {
  const turn = Math.floor(index / PAPER_LIGHTNESS.length);
  const lightness = PAPER_LIGHTNESS[index % PAPER_LIGHTNESS.length] ?? 0;
  return withLightness(color, Math.max(0, lightness - turn * TURN_STEP));
}

/** The colour of series number `index`; beyond the palette its colours come again, as on paper, or lighter by turns. */
export function seriesColor(theme: Theme, index: number): string {
  const size = theme.palette.length;
  const base = theme.palette[index % size] ?? theme.sign.accent;
  const turn = Math.floor(index / size);
  if (turn === 0) return base;
  if (theme.name === 'print') return asOnPaper(base, index);
  return mixColors(base, turn % 2 === 1 ? theme.surface.page : theme.ink.strong, 0.4);
}

/** `share` (0 to 1) of `other` mixed into `color`; both `#rrggbb`. */
export function mixColors(color: string, other: string, share: number): string {
  const channel = (text: string, at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(color, at) * (1 - share) + channel(other, at) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

const HALVINGS = 12;

/** The colour mixed with black or white until it has a lightness L*. */
function withLightness(color: string, lightness: number): string {
  const isLighter = lightnessOf(color) < lightness;
  const other = isLighter ? '#ffffff' : '#000000';
  let [low, high] = [0, 1];
  for (let step = 0; step < HALVINGS; step += 1) {
    const share = (low + high) / 2;
    if (lightnessOf(mixColors(color, other, share)) < lightness === isLighter) low = share;
    else high = share;
  }
  return mixColors(color, other, isLighter ? low : high);
}
