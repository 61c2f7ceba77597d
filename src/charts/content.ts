import type { Align, ImageFit, Locale, Picture } from '../definition/definition.ts';
import type { Column, Truncation, Value } from '../rows/rows.ts';
import type { Unit } from './units.ts';

/** What a widget puts on the page; heading and description are the widget's own and stand around it. */
export type Content = ChartContent | TableContent | MetricContent | TextContent | ImageContent | NoticeContent;

/** A chart: a shape, the data for it, and words about it. Plain data: it can be sent to another thread. */
export interface ChartContent {
  readonly kind: 'chart';
  readonly chart: ChartPlan;
  /** The chart in words, made from its data, in the report's locale. */
  readonly alt: string;
  /** What was left out or thinned, e.g. "Top 20 of 1,204 categories"; null = nothing. */
  readonly caption: string | null;
  /** Least height in points at which it still reads well, and the preferred width divided by height. */
  readonly minHeight: number;
  readonly aspect: number;
  /** True when rows were left out (the caption says which). */
  readonly truncated: boolean;
}

/** A Vega-Lite specification or a part of one. */
export type Spec = Readonly<Record<string, unknown>>;

/**
 * A chart without its size. `spec` holds no data, no series names and no numbers of this one chart, so that charts of
 * the same shape share one compiled specification; those come in as `rows` and as signals made from the other fields.
 */
export interface ChartPlan {
  /** Reads the dataset `rows` and the signals of the axes and colours (see `signals.ts`). */
  readonly spec: Spec;
  /** Fields by the short names that the spec uses. */
  readonly rows: readonly object[];
  readonly x: AxisPlan | null;
  readonly y: AxisPlan | null;
  /** Series or slices with their colours, in order; empty = one colour, no legend. */
  readonly colors: readonly ColorEntry[];
  readonly legend: 'top' | 'right' | 'bottom' | 'left' | null;
  /** Used instead when the chart is narrower than `below` points: bars lie down when their labels would collide. */
  readonly narrow: { readonly below: number; readonly plan: ChartPlan } | null;
  /** True for a chart without axes and legend: the data fill it to its edges. */
  readonly isBare?: boolean;
  /** True where the legend above or below stands in the middle. */
  readonly isCentred?: boolean;
  /** Points that words above the plot take. */
  readonly head?: number;
  /** Texts written behind the bars of a lying chart: the widest may stand at the right edge of the plot. */
  readonly tails?: readonly string[];
}

export interface ColorEntry {
  readonly key: string;
  readonly color: string;
  /** What the legend says; shortened to fit. */
  readonly label: string;
  /** The end of the label that is said whole or not at all: values behind a name. */
  readonly tail?: string;
}

/** How an axis is ticked once its length is known. */
export type AxisPlan =
  | {
      readonly type: 'time';
      /** Epoch milliseconds. */
      readonly from: number;
      readonly to: number;
      /** Width of a bar in milliseconds, zero for lines: bars of days and longer have their label below their middle. */
      readonly bucket: number;
      readonly zone: string;
      readonly locale: Locale;
    }
  | {
      readonly type: 'value';
      readonly min: number;
      readonly max: number;
      readonly unit: Unit | null;
      readonly locale: Locale;
      /** True where the axis is logarithmic: `min`, `max` and the values of the rows are then powers of ten. */
      readonly isLog?: boolean;
      /** True where there are no ticks, and the axis goes from `min` to `max` as they are. */
      readonly isExact?: boolean;
    }
  | {
      readonly type: 'category';
      readonly entries: readonly CategoryEntry[];
      /** True where some labels may be left out when there is no room for all: numbers in order. */
      readonly isSparse: boolean;
    };

export interface CategoryEntry {
  readonly key: string;
  readonly label: string;
}

export interface TableContent {
  readonly kind: 'table';
  readonly columns: readonly TableColumn[];
  /**
   * Row-major, one value per column, as the source gave them: `format` of the column makes text of a value. Values of
   * hidden columns that links are made of follow.
   */
  readonly rows: readonly (readonly Value[])[];
  /** Set when the source had more rows than were read. */
  readonly truncation: Truncation | null;
  /** Limit that the widget's own query applied, null = none. */
  readonly limit: number | null;
  readonly alt: string;
  /** Name of the place that a row is, for links to `#name` from elsewhere in the document; null = none. */
  readonly anchorOf?: (row: readonly Value[]) => string | null;
  /** How many of the leading columns print equal consecutive values once. */
  readonly groups?: number;
  /** Rows of totals, in the order of the page. */
  readonly totals?: readonly TableTotal[];
  /** What becomes of a table wider than its place; null = it shrinks a little, then splits. */
  readonly wide?: 'shrink' | 'split' | null;
  /** Leading columns that are repeated where columns are split; at most as many as there are. */
  readonly keys?: number;
  /** Whether cells are elements of the structure; null = unless the table is too long. */
  readonly tagged?: boolean | null;
  /** False where rows must stay in their order in HTML as well. */
  readonly sortable?: boolean;
  /** Where only the first rows are printed; absent = all that were read. */
  readonly shown?: ShownRows;
}

/** Of how many rows a table prints the first, and where the others are. */
export interface ShownRows {
  /** Rows that there are. */
  readonly count: number;
  /** The last of `rows` is none of them: it stands for those that are not printed. */
  readonly hasRest: boolean;
  /** The data file that goes with the document, and how many of the rows it has; null = none does. */
  readonly file: { readonly kind: DataFile; readonly rows: number } | null;
}

/** A workbook, or files of CSV. */
export type DataFile = 'xlsx' | 'csv';

/** A row of totals below row `after` (rows before it, counted from 1). */
export interface TableTotal {
  readonly after: number;
  /** The group column whose group ends here; −1 = the whole table. */
  readonly level: number;
  readonly label: string;
  /** By column, ready to print; null = nothing. */
  readonly cells: readonly (string | null)[];
}

export interface TableColumn {
  readonly label: string;
  readonly key: string;
  readonly type: Column['type'];
  readonly align: Align;
  /** The value as printed, in the report's locale and zone; null is an en dash. */
  readonly format: (value: Value) => string;
  /** Where a cell's text links to: `#name` inside the document, or an http(s) or mailto address; null = nowhere. */
  readonly linkOf?: (row: readonly Value[]) => string | null;
  /** Asked for by the author; absent = from the content. */
  readonly width?: { readonly points: number } | { readonly share: number };
  readonly mark?: CellMark;
}

/**
 * A bar below the number or a ground behind it, as far as the number is from `least` to `most`; or a small line beside the
 * text, of the numbers that the cell holds, from zero up.
 */
export type CellMark =
  | { readonly kind: 'bar' | 'heat'; readonly least: number; readonly most: number }
  | { readonly kind: 'line'; readonly numbersOf: (value: Value) => readonly (number | null)[] };

export interface MetricContent {
  readonly kind: 'metric';
  /** Ready to print, e.g. `1.2 GB`; an en dash when there is no value. */
  readonly value: string;
  readonly label: string | null;
  /** Change against the previous value. `good` is null when neither direction is better. */
  readonly change: {
    readonly text: string;
    readonly direction: 'up' | 'down' | 'flat';
    readonly good: boolean | null;
  } | null;
  /** Small line of the values before, drawn without axes. */
  readonly sparkline: ChartPlan | null;
  readonly alt: string;
}

export interface TextContent {
  readonly kind: 'text';
  readonly markdown: string;
}

export interface ImageContent {
  readonly kind: 'image';
  readonly picture: Picture;
  readonly fit: ImageFit;
  readonly alt: string;
}

/** Said in the widget's place when there is nothing to draw. */
export interface NoticeContent {
  readonly kind: 'notice';
  readonly state: 'empty' | 'failed' | 'timed out' | 'unsupported';
  /** One sentence in the report's locale. */
  readonly message: string;
}
