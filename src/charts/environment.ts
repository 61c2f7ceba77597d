import type { Locale, Widget } from '../definition/definition.ts';
import type { Rows } from '../rows/rows.ts';
import type { Content, DataFile } from './content.ts';
import type { Theme } from './theme.ts';

/** What all widgets of one document share. */
export interface ChartEnvironment {
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
  readonly theme: Theme;
  /** Family or PostScript name of the report's font; null = the default. */
  readonly font: string | null;
  /** The widget's period [from, to) in epoch milliseconds, where it has one: the time axis shows all of it. */
  readonly period: { readonly from: number; readonly to: number } | null;
  /** The data file that goes with the document; absent = none does. */
  readonly dataFile?: DataFile | null;
}

/** The rows of one series of a widget, in the order the widget lists its series. */
export interface SeriesRows {
  readonly name: string;
  readonly rows: Rows;
}

/** Makes a widget's content of its rows: never throws for what the rows hold. */
export type WidgetKindMaker = (widget: Widget, series: readonly SeriesRows[], env: ChartEnvironment) => Content;
