import type { Align, Widget } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import { settingOf } from './mappings.ts';

/** What a column's total row says of its numbers. */
export type TotalKind = 'sum' | 'avg' | 'min' | 'max' | 'count';

export interface ColumnSettings {
  readonly label: string | null;
  readonly hide: boolean;
  readonly align: Align | null;
  /** Points, or a share of the table's width as 0 to 1; null = from the content. */
  readonly width: { readonly points: number } | { readonly share: number } | null;
  /** A unit's word (see `units.ts`). */
  readonly unit: string | null;
  readonly decimals: number | null;
  /** Digits of numbers in thousands; null = unless the column's name says that they are none to count. */
  readonly grouping: boolean | null;
  /** Drawn into the cell by its number. */
  readonly mark: 'bar' | 'heat' | 'line' | null;
  /** Numbers above zero have a plus: they are changes. */
  readonly sign: boolean;
  /** Printed as a link: `#name`, an address, or a template with `{column}` in it. */
  readonly link: string | null;
}

export interface TableSettings {
  readonly columns: ReadonlyMap<string, ColumnSettings>;
  /** Names of columns whose equal values are printed once; they lead the table in this order. */
  readonly groupBy: readonly string[];
  /** By column name; `*` = every column of numbers. */
  readonly totals: ReadonlyMap<string, TotalKind>;
  /** A total below each group too. */
  readonly subtotals: boolean;
  /** What becomes of a table wider than its place; null = shrink a little, then split. */
  readonly wide: 'shrink' | 'split' | null;
  /** Leading columns that are repeated when columns are split; null = the groups, or the first. */
  readonly keyColumns: number | null;
  /** Cells as elements of the structure; null = as long as the table is not too long. */
  readonly tagged: boolean | null;
  /** Column whose values name the rows, or a template with `{column}`, for links to `#name`. */
  readonly anchor: string | null;
  /** So many of the first rows are printed; data files have all. Null = all. */
  readonly rowsShown: number | null;
  /** A last row that stands for the others, one value per column of the rows; it counts for totals. */
  readonly restRow: readonly Value[] | null;
  /** How many rows there are, where the table was given only the first of them. */
  readonly rowCount: number | null;
  /** False where the order of the rows says something, as in a tree: readers of HTML may not sort them. */
  readonly sortable: boolean;
}

const TOTALS: readonly TotalKind[] = ['sum', 'avg', 'min', 'max', 'count'];
const ALIGNS: readonly Align[] = ['left', 'center', 'right'];
const MOST_DECIMALS = 12;
const MOST_GROUPS = 8;
const MOST_ROWS = 1_000_000;

type Loose = Readonly<Record<string, unknown>>;
const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const within = (value: unknown, least: number, most: number): number | null =>
  typeof value === 'number' && value >= least && value <= most ? value : null;
const oneOf = <T extends string>(words: readonly T[], value: unknown): T | null =>
  words.find((word) => typeof value === 'string' && word === value.trim().toLowerCase()) ?? null;

/** The settings of a table widget, read leniently: a value of another kind counts as not given. */
export function readTableSettings(widget: Widget): TableSettings {
  const { settings } = widget;
  const columns = Array.isArray(settings.columns) ? settings.columns.filter(isLoose) : [];
  const groups = Array.isArray(settings.groupBy) ? settings.groupBy : [settings.groupBy];
  const keys = within(settings.keyColumns, 0, MOST_GROUPS);
  return {
    columns: new Map(
      columns.flatMap((column) => {
        const key = textOf(column.key);
        return key === null ? [] : [[key, columnSettings(column)] as const];
      }),
    ),
    groupBy: [...new Set(groups.flatMap((name) => textOf(name) ?? []))].slice(0, MOST_GROUPS),
    totals: readTotals(settings.totals),
    subtotals: settings.subtotals !== false,
    wide: oneOf(['shrink', 'split'] as const, settingOf(widget, 'wide')),
    keyColumns: keys === null ? null : Math.floor(keys),
    tagged: typeof settings.tagged === 'boolean' ? settings.tagged : null,
    anchor: textOf(settings.rowAnchor),
    rowsShown: wholeOf(settings.rowsShown, 1),
    restRow: Array.isArray(settings.restRow) ? settings.restRow.map(cellOf) : null,
    rowCount: wholeOf(settings.rowCount, 0),
    sortable: settings.sortable !== false,
  };
}

function wholeOf(value: unknown, least: number): number | null {
  const found = within(value, least, MOST_ROWS);
  return found === null ? null : Math.floor(found);
}

const cellOf = (value: unknown): Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

function columnSettings(column: Loose): ColumnSettings {
  const decimals = within(column.decimals, 0, MOST_DECIMALS);
  return {
    label: textOf(column.label),
    hide: column.hide === true,
    align: oneOf(ALIGNS, column.align),
    width: widthOf(column.width),
    unit: textOf(column.unit),
    decimals: decimals === null ? null : Math.floor(decimals),
    grouping: typeof column.grouping === 'boolean' ? column.grouping : null,
    mark: oneOf(['bar', 'heat', 'line'] as const, column.mark),
    sign: column.sign === true,
    link: textOf(column.link),
  };
}

function widthOf(value: unknown): ColumnSettings['width'] {
  const points = within(value, 8, 2000);
  if (points !== null) return { points };
  const share = within(Number(/^\s*([\d.]+)\s*%\s*$/.exec(textOf(value) ?? '')?.[1]), 1, 100);
  return share === null ? null : { share: share / 100 };
}

function readTotals(stored: unknown): ReadonlyMap<string, TotalKind> {
  const all = oneOf(TOTALS, stored);
  if (all !== null) return new Map([['*', all]]);
  if (!isLoose(stored)) return new Map();
  return new Map(
    Object.entries(stored).flatMap(([key, value]) => {
      const kind = oneOf(TOTALS, value);
      return kind === null ? [] : [[key, kind] as const];
    }),
  );
}
