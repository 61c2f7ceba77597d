import type { Rows, Value } from '../rows/rows.ts';

/** How many rows of a list each output shows, and how many are given to data files. */
export interface ListBounds {
  readonly paper: number;
  readonly web: number;
  readonly data: number;
}

/** What paper has room for, and a page on a screen; no data file. */
export const USUAL_BOUNDS: ListBounds = { paper: 10, web: 20, data: 0 };

/** Rows of one list that a data file gets: as many as pg_stat_statements keeps by default. */
const MOST_ROWS = 5000;
const MOST_SHOWN = 200;

/** The bounds of a report: `paper` and `web` as asked for, else as usual. */
export function boundsOf(
  asked: { readonly paper: number | null; readonly web: number | null },
  hasDataFile: boolean,
): ListBounds {
  const shown = (wanted: number | null, usual: number): number =>
    wanted === null ? usual : Math.min(MOST_SHOWN, Math.max(1, Math.floor(wanted)));
  const paper = shown(asked.paper, USUAL_BOUNDS.paper);
  return {
    paper,
    web: shown(asked.web, Math.max(paper, USUAL_BOUNDS.web)),
    data: hasDataFile ? MOST_ROWS : 0,
  };
}

/** A list, however many rows of it are wanted. */
export interface WholeList {
  /** Rows that there are. */
  readonly count: number;
  row(index: number): readonly Value[];
  /** The row that stands for all from this one on, and for what the list leaves out; null = there is nothing to tell. */
  rest(from: number): readonly Value[] | null;
}

/** So many rows that a row of others never stands for a single one. */
export const shownOf = (count: number, limit: number): number => (count === limit + 1 ? count : Math.min(count, limit));

/** The rows of a list as far as any output has them, and the settings that cut them for each. */
export function cutList(
  { count, row, rest }: WholeList,
  { paper, web, data }: ListBounds,
): { readonly rows: Omit<Rows, 'columns'>; readonly settings: Readonly<Record<string, unknown>> } {
  const [onPaper, onWeb] = [shownOf(count, paper), shownOf(count, web)];
  const kept = Math.min(count, Math.max(onPaper, onWeb, data));
  const shown = (rows: number): Readonly<Record<string, unknown>> => {
    const others = rest(rows);
    return { rowsShown: rows, rowCount: count, ...(others === null ? {} : { restRow: others }) };
  };
  const values = Array.from({ length: kept }, (_, index) => row(index));
  return {
    rows: { values, truncation: data > 0 && kept < count ? { by: 'rows', limit: kept } : null },
    settings: { ...shown(onPaper), ...(onPaper === onWeb ? {} : { inHtml: shown(onWeb) }) },
  };
}
