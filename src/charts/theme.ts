/** One text style: size and line height in points, weight 100 to 900. */
export interface TextStyle {
  readonly size: number;
  readonly lineHeight: number;
  readonly weight: number;
  readonly color: string;
}

/** Everything charts, tables, text, header and footer look like. Lengths are in points, colours `#rrggbb`. */
export interface Theme {
  readonly name: string;
  /** Colours of series, in order. */
  readonly palette: readonly string[];
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
    readonly cardRadius: number;
    readonly cellPaddingX: number;
    readonly cellPaddingY: number;
    readonly paragraph: number;
  };
}

/**
 * The default palette. Its first five colours stay at least 20 ΔE*ab apart under simulated protanopia, deuteranopia and
 * tritanopia (Machado, Oliveira, Fernandes 2009, severity 1) and 8 L* apart in grey; a test computes it.
 */
const BROADSHEET = ['#1a4186', '#e8954a', '#219c86', '#b02a50', '#72cdf0', '#8f5fd0', '#d6bd3a', '#6c6f86'] as const;

/** The chart themes a widget's `settings.theme` may name; colours of Apache ECharts' themes of these names (Apache-2.0). */
const PALETTES: Readonly<Record<string, readonly string[]>> = {
  broadsheet: BROADSHEET,
  walden: ['#3fb1e3', '#6be6c1', '#626c91', '#a0a7e6', '#c4ebad', '#96dee8'],
  essos: ['#893448', '#d95850', '#eb8146', '#ffb248', '#f2d643', '#ebdba4'],
  infographic: [
    ...['#c1232b', '#27727b', '#fcce10', '#e87c25', '#b5c334', '#fe8463', '#9bca63', '#fad860'],
    ...['#f3a43b', '#60c0dd', '#d7504b', '#c6e579', '#f4e001', '#f0805a', '#26c0c0'],
  ],
  shine: ['#c12e34', '#e6b600', '#0098d9', '#2b821d', '#005eaa', '#339ca8', '#cda819', '#32a487'],
  macarons: [
    ...['#2ec7c9', '#b6a2de', '#5ab1ef', '#ffb980', '#d87a80', '#8d98b3', '#e5cf0d', '#97b552', '#95706d', '#dc69aa'],
    ...['#07a2a4', '#9a7fd1', '#588dd5', '#f5994e', '#c05050', '#59678c', '#c9ab00', '#7eb00a', '#6f5553', '#c14089'],
  ],
  roma: [
    ...['#e01f54', '#001852', '#f5e8c8', '#b8d2c7', '#c6b38e', '#a4d8c2', '#f3d999', '#d3758f', '#dcc392', '#2e4783'],
    ...['#82b6e9', '#ff6347', '#a092f1', '#0a915d', '#eaf889', '#6699ff', '#ff6666', '#3cb371', '#d5b158', '#38b6b6'],
  ],
};

const INK = { strong: '#14202e', body: '#2b3745', muted: '#5a6675', faint: '#8b96a3' } as const;

const style = (size: number, weight: number, color: string, leading = 1.4): TextStyle => ({
  size,
  weight,
  color,
  lineHeight: Math.round(size * leading * 2) / 2,
});

const LIGHT: Theme = {
  name: 'broadsheet',
  palette: BROADSHEET,
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
  text: {
    title: style(22, 700, INK.strong, 1.2),
    heading: style(14, 700, INK.strong, 1.25),
    subheading: style(10.5, 600, INK.strong, 1.3),
    body: style(9, 400, INK.body, 1.5),
    strong: style(9, 600, INK.strong, 1.5),
    small: style(8, 400, INK.muted, 1.4),
    caption: style(7, 400, INK.muted, 1.4),
    tableHeader: style(7.5, 600, INK.muted, 1.35),
    tableCell: style(8, 400, INK.body, 1.4),
    chartLabel: style(7.5, 400, INK.muted, 1.25),
    chartTitle: style(7.5, 600, INK.body, 1.25),
    metric: style(30, 700, INK.strong, 1.15),
    band: style(7.5, 400, INK.muted, 1.35),
  },
  space: {
    unit: 4,
    pageMargin: 40,
    gutter: 12,
    cardPadding: 12,
    cardRadius: 4,
    cellPaddingX: 6,
    cellPaddingY: 3.5,
    paragraph: 6,
  },
};

/** The theme of a name: one of the palettes on the common design. Unknown names and null give the default. */
export function themeOf(name: string | null | undefined): Theme {
  const key = name?.toLowerCase() ?? '';
  const palette = Object.hasOwn(PALETTES, key) ? PALETTES[key] : undefined;
  return palette && key !== LIGHT.name ? { ...LIGHT, name: key, palette } : LIGHT;
}

export const themeNames: readonly string[] = Object.keys(PALETTES);

/** The colour of series number `index`; beyond the palette its colours come again, lighter by turns. */
export function seriesColor(theme: Theme, index: number): string {
  const size = theme.palette.length;
  const base = theme.palette[index % size] ?? theme.sign.accent;
  const turn = Math.floor(index / size);
  return turn === 0 ? base : mixColors(base, turn % 2 === 1 ? theme.surface.page : theme.ink.strong, 0.4);
}

/** `share` (0 to 1) of `other` mixed into `color`; both `#rrggbb`. */
export function mixColors(color: string, other: string, share: number): string {
  const channel = (text: string, at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(color, at) * (1 - share) + channel(other, at) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
