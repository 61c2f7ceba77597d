import type { Rows } from '../rows/rows.ts';

/** The rows of one series of a widget, on their way into a file of data. */
export interface DataSet {
  /** What a sheet or file of it is called: the widget's heading, with the series where it has several. */
  readonly name: string;
  /** Null when they could not be read. */
  readonly rows: Rows | null;
  /** Names of columns of numbers that are shares of 0 to 1; a workbook shows them as percent, their values stay. */
  readonly shares: ReadonlySet<string>;
  /** What is to be said about them: why there are none, or that there were more; null = nothing. */
  readonly remark: string | null;
}
