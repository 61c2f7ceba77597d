import type { DeltaRow, DeltaTable } from './delta-table.ts';
import { blockSize } from './facts.ts';
import type { Range } from './range.ts';

/** A level at both ends of a range; null where it was not there, or not read. */
export interface Level {
  readonly start: number | null;
  readonly end: number | null;
}

/** A table over a range. Counts are increases; blocks include those of its TOAST table; null = not counted there. */
export interface TableFigures {
  readonly row: DeltaRow;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  /** The server's number of it. */
  readonly id: string;
  readonly seqScans: number | null;
  readonly seqRows: number | null;
  /** Estimated: how often it was read from end to end × mean pages. */
  readonly seqPages: number | null;
  readonly indexScans: number | null;
  readonly inserted: number | null;
  readonly updated: number | null;
  readonly deleted: number | null;
  readonly hotUpdated: number | null;
  /** Updates whose new version went to another page (16+). */
  readonly newPageUpdated: number | null;
  readonly fetched: number | null;
  readonly read: number | null;
  /** Bytes with TOAST and the free space and visibility maps, without indexes. Below 1 MB from the pages at the last vacuum. */
  readonly size: Level;
  readonly liveRows: Level;
  readonly deadRows: Level;
}

/** @param system whether the server's own tables (`pg_catalog`) are wanted as well. */
export function tablesOf(range: Range, { system = true }: { readonly system?: boolean } = {}): readonly TableFigures[] {
  const table = range.table('tables');
  const sizes = relationSizes(range);
  const toast = new Map<string, DeltaRow>();
  for (const row of table.rows) {
    if (table.last(row, 'relkind') === 't') toast.set(`${row.scope} ${String(table.last(row, 'relid'))}`, row);
  }
  const found = table.rows.flatMap((row) => {
    if (table.last(row, 'relkind') === 't') return [];
    const own = toast.get(`${row.scope} ${String(table.last(row, 'toastrelid'))}`) ?? null;
    return [figuresOf(table, row, own, sizes)];
  });
  return system ? found : found.filter(({ schema }) => schema !== 'pg_catalog');
}

function figuresOf(
  table: DeltaTable,
  row: DeltaRow,
  toast: DeltaRow | null,
  sizes: (table: DeltaTable, row: DeltaRow, id: string) => Level,
): TableFigures {
  const of = (column: string): number | null => table.delta(row, column);
  const withToast = (column: string): number | null => plus(of(column), toast && table.delta(toast, column));
  const [fetched, hit] = [withToast('blks_fetched'), withToast('blks_hit')];
  return {
    row,
    database: row.scope,
    schema: String(table.last(row, 'schemaname')),
    name: String(table.last(row, 'relname')),
    id: String(table.last(row, 'relid')),
    seqScans: of('seq_scan'),
    seqRows: of('seq_tup_read'),
    seqPages: sequentialPages(table, row),
    indexScans: of('idx_scan'),
    inserted: of('n_tup_ins'),
    updated: of('n_tup_upd'),
    deleted: of('n_tup_del'),
    hotUpdated: of('n_tup_hot_upd'),
    newPageUpdated: of('n_tup_newpage_upd'),
    fetched,
    read: fetched === null || hit === null ? null : Math.max(0, fetched - hit),
    size:
      toast === null ? sizes(table, row, 'relid') : plusLevel(sizes(table, row, 'relid'), sizes(table, toast, 'relid')),
    liveRows: levelOf(table, row, 'n_live_tup'),
    deadRows: levelOf(table, row, 'n_dead_tup'),
  };
}

/**
 * How often a table was read from end to end: rows read by full scans ÷ rows, at most the scans. Scans alone would count every
 * parallel worker, and those that end after a few rows; they are taken where rows are not known. Null = not counted.
 */
export function passesOf(table: DeltaTable, row: DeltaRow): number | null {
  const [scans, read] = [table.delta(row, 'seq_scan'), table.delta(row, 'seq_tup_read')];
  if (scans === null || read === null) return scans;
  const planned = levelOf(table, row, 'reltuples').end ?? 0;
  // The planner's number where the table was ever analysed, else the statistics'.
  const rows = planned > 0 ? planned : (levelOf(table, row, 'n_live_tup').end ?? 0);
  return rows > 0 ? Math.min(scans, read / rows) : scans;
}

/** Pages on average of both ends of the range. */
export function meanPages(table: DeltaTable, row: DeltaRow): number {
  const { start, end } = levelOf(table, row, 'relpages');
  return ((start ?? end ?? 0) + (end ?? start ?? 0)) / 2;
}

/** Pages that full scans read; null = not counted. */
export function sequentialPages(table: DeltaTable, row: DeltaRow): number | null {
  const passes = passesOf(table, row);
  return passes === null ? null : passes * meanPages(table, row);
}

const SYSTEM = 'pg_catalog';

/** The server's own tables of a database as one, under the name of their schema: they are many, small and rarely the matter. */
export function foldSystemTables(all: readonly TableFigures[]): readonly TableFigures[] {
  const own = Map.groupBy(
    all.filter(({ schema }) => schema === SYSTEM),
    ({ database }) => database,
  );
  const folded = [...own.values()].map((group) => {
    const sum = group.reduce((a, b) => added(a, b));
    return { ...sum, name: SYSTEM, row: { ...sum.row, labels: new Set<never>(), isAtStart: true, isAtEnd: true } };
  });
  return [...all.filter(({ schema }) => schema !== SYSTEM), ...folded];
}

const COUNTS = [
  ...(['seqScans', 'seqRows', 'seqPages', 'indexScans', 'inserted', 'updated', 'deleted'] as const),
  ...(['hotUpdated', 'newPageUpdated', 'fetched', 'read'] as const),
];
const LEVELS = ['size', 'liveRows', 'deadRows'] as const;

function added(a: TableFigures, b: TableFigures): TableFigures {
  const counts = Object.fromEntries(COUNTS.map((key) => [key, plus(a[key], b[key])]));
  const levels = Object.fromEntries(LEVELS.map((key) => [key, plusLevel(a[key], b[key])]));
  return { ...a, ...counts, ...levels };
}

/** A gauge at both ends of the range. */
export function levelOf(table: DeltaTable, row: DeltaRow, column: string): Level {
  const number = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
  return {
    start: row.isAtStart ? number(table.first(row, column)) : null,
    end: row.isAtEnd ? number(table.last(row, column)) : null,
  };
}

/** Signed; what was not there at one end counts as nothing there. Null where it was at neither. */
export const changeOf = ({ start, end }: Level): number | null =>
  start === null && end === null ? null : (end ?? 0) - (start ?? 0);

/** Null counts as nothing, but two of them are nothing counted. */
export const plus = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : (a ?? 0) + (b ?? 0);

const plusLevel = (a: Level, b: Level): Level => ({ start: plus(a.start, b.start), end: plus(a.end, b.end) });

/**
 * Bytes of relations: as measured where the relation was large enough to be, else its pages at the last vacuum, analyze
 * or index build × block size.
 */
export function relationSizes(range: Range): (table: DeltaTable, row: DeltaRow, id: string) => Level {
  const measured = range.table('table_sizes');
  const byId = new Map(measured.rows.map((row) => [`${row.scope} ${String(measured.last(row, 'relid'))}`, row]));
  const bytes = blockSize(range);
  return (table, row, id) => {
    const pages = levelOf(table, row, 'relpages');
    const estimated = { start: scaled(pages.start, bytes), end: scaled(pages.end, bytes) };
    const size = byId.get(`${row.scope} ${String(table.last(row, id))}`);
    if (size === undefined) return estimated;
    const exact = plusLevel(levelOf(measured, size, 'main_bytes'), levelOf(measured, size, 'aux_bytes'));
    return {
      start: row.isAtStart ? (exact.start ?? estimated.start) : null,
      end: row.isAtEnd ? (exact.end ?? estimated.end) : null,
    };
  };
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
