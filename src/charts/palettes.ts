/**
 * The default palette, for screens and colour printers. Its first five colours stay at least 20 ΔE*ab apart under simulated protanopia, deuteranopia and
 * tritanopia (Machado, Oliveira, Fernandes 2009, severity 1) and 8 L* apart in grey; a test computes it. That needs light
 * colours, too: the second, fifth and seventh are below 3:1 against white, as some of all palettes below are, whose colours
 * are given. The print design darkens any palette.
 */
export const BROADSHEET: readonly string[] = [
  '#1a4186',
  '#e8954a',
  '#219c86',
  '#b02a50',
  '#72cdf0',
  '#8f5fd0',
  '#d6bd3a',
  '#6c6f86',
];

/**
 * Greys for paper: each at least 3:1 against white, so that lines and the smallest bar are seen (WCAG 2.2, 1.4.11). The
 * first five are 11 L* apart, the others at least 4. Which line is which is said by dashes too.
 */
export const GREYS: readonly string[] = [
  ...['#494949', '#818181', '#2f2f2f', '#646464', '#181818', '#727272', '#3c3c3c', '#0c0c0c'],
];

/** The palettes that a report or a widget may name; colours of Apache ECharts' themes of these names (Apache-2.0). */
const PALETTES: Readonly<Record<string, readonly string[]>> = {
  light: BROADSHEET,
  broadsheet: BROADSHEET,
  print: GREYS,
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

export const paletteNames: readonly string[] = Object.keys(PALETTES);

/** The colours of a palette's name, whatever its case; null for a name that is none. */
export function paletteOf(name: string | null | undefined): readonly string[] | null {
  const key = name?.trim().toLowerCase() ?? '';
  return Object.hasOwn(PALETTES, key) ? (PALETTES[key] ?? null) : null;
}
