import type { ChartPlan } from '../charts/content.ts';
import type { Theme } from '../charts/theme.ts';
import type { Locale } from '../definition/definition.ts';
import type { ChartScene } from './chart-view.ts';
import type { PageStrings } from './strings.ts';
import type { Ruler } from './text.ts';

/** What everything on the pages of one report shares. */
export interface SheetStyle {
  readonly theme: Theme;
  readonly ruler: Ruler;
  /** Family or PostScript name of the report's font; null = the theme's. */
  readonly family: string | null;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly strings: PageStrings;
  /** Lays a chart out in its size; whoever asked releases it after drawing. @throws when the chart can't be drawn. */
  readonly drawChart: (plan: ChartPlan, width: number, height: number) => ChartScene;
}
