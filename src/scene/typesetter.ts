import type { ChartPlan } from '../charts/content.ts';
import { ownPlan, signalsOf } from '../charts/signals.ts';
import { themeOf } from '../charts/theme.ts';
import type { Locale } from '../definition/definition.ts';
import { type ChartScene, type ChartStudio, createChartStudio } from './chart-view.ts';
import { userFontPaths } from './font-files.ts';
import { createFontRegistry, type FontOptions, type FontRegistry } from './fonts.ts';
import type { SheetStyle } from './sheet-style.ts';
import { pageStrings } from './strings.ts';
import { createRuler, lookOf } from './text.ts';

/** Fonts and compiled charts: made once per process, for its caches are what makes the second report fast. */
export interface Typesetter {
  readonly fonts: FontRegistry;
  readonly charts: ChartStudio;
}

/**
 * @param options.fontDir folder of the user's own fonts; null = none. `systemFonts` as in `FontOptions`.
 * @throws BroadsheetError `unavailable` when that folder cannot be read: at the start, not in the middle of the first report.
 */
export function createTypesetter(options: FontOptions & { readonly fontDir: string | null }): Typesetter {
  if (options.fontDir !== null) userFontPaths(options.fontDir);
  const fonts = createFontRegistry(options);
  return { fonts, charts: createChartStudio(fonts) };
}

/** The style of one document: the same fonts with a list of missing glyphs of its own. */
export function sheetStyle(
  typesetter: Typesetter,
  options: { theme: string | null; palette?: string | null; font: string | null; locale: Locale; timeZone: string },
): SheetStyle {
  const { locale, timeZone } = options;
  const theme = themeOf(options.theme, options.palette);
  const ruler = createRuler(typesetter.fonts.forDocument());
  const label = lookOf(ruler.fonts, theme.text.chartLabel, options.font);
  const measure = (text: string): number => ruler.width(text, label.face, label.size);
  const drawChart = (plan: ChartPlan, width: number, height: number): ChartScene => {
    const own = ownPlan(plan, width);
    const { spec, rows } = own;
    return typesetter.charts.prepare({ spec, rows, ...signalsOf(own, width, height, measure), width, height });
  };
  return { theme, ruler, family: options.font, locale, timeZone, strings: pageStrings(locale, timeZone), drawChart };
}
