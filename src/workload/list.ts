import type { Locale } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import { type Block, type BlockColumn, listTable, plain, textBlock } from './block.ts';
import { type ListBounds, USUAL_BOUNDS, type WholeList } from './list-cut.ts';
import { changeOf, type Level } from './tables.ts';

/** A column of a list: what it prints of an item, and of all items that are not listed by name. */
export interface ListColumn<T> {
  readonly column: BlockColumn;
  of(item: T): Value;
  readonly rest: ((items: readonly T[]) => Value) | null;
}

export interface List<T> {
  readonly id: string;
  readonly heading: string | null;
  readonly description?: string | null;
  readonly width?: number;
  readonly locale: Locale;
  readonly items: readonly T[];
  /** Listed are items above zero, the largest first; without it all of them, as they come. */
  readonly rank?: (item: T) => number | null;
  readonly columns: readonly ListColumn<T>[];
  /** The line that stands there when nothing is to be listed. */
  readonly none: string;
  /** What is to be known of an item beside its numbers: a column of its own, where there is any. */
  readonly note?: (item: T) => string | null;
  readonly limit?: number;
}

const WORDS: Readonly<Record<Locale, { readonly others: string; readonly note: string }>> = {
  en: { others: 'others', note: 'Note' },
  ru: { others: 'остальные', note: 'Примечание' },
  zh: { others: '其他', note: '备注' },
};

/**
 * The first of many, by a figure. A last row holds all others, so that columns add up to the whole; a list whose whole is
 * nothing is one line.
 */
export function listBlock<T>(list: List<T>): Block {
  const { id, heading, description = null, locale, items, rank, note } = list;
  const width = list.width ?? 12;
  const ordered =
    rank === undefined
      ? items
      : items.filter((item) => (rank(item) ?? 0) > 0).sort((a, b) => (rank(b) ?? 0) - (rank(a) ?? 0));
  if (ordered.length === 0) return textBlock({ id, heading, width }, plain(list.none));
  const columns = toldColumns(list.columns, ordered);
  // What a column is like is decided by the rows that are shown, so that a data file beside them changes nothing.
  const hasNotes = ordered.slice(0, list.limit ?? USUAL_BOUNDS.web).some((item) => (note?.(item) ?? null) !== null);
  const noted = (text: string | null): Value[] => (hasNotes ? [text ?? ''] : []);
  const listed = new Set(ordered);
  const idle = items.filter((item) => !listed.has(item));
  const noteColumn: BlockColumn = { key: 'note', label: WORDS[locale].note, type: 'text' };
  const whole: WholeList = {
    count: ordered.length,
    row: (index) => {
      const item = ordered[index];
      return item === undefined ? [] : [...columns.map(({ of }) => of(item)), ...noted(note?.(item) ?? null)];
    },
    rest: (from) => {
      const others = othersRow([...ordered.slice(from), ...idle], { ...list, columns });
      return others === null ? null : [...others, ...noted(null)];
    },
  };
  const cutBy = (bounds: ListBounds): Block => {
    const limits = limited(bounds, list.limit);
    const own = [...columns.map(({ column }) => column), ...(hasNotes ? [noteColumn] : [])];
    return { ...listTable({ id, heading, description, width }, own, whole, {}, limits), recut: cutBy };
  };
  return cutBy(USUAL_BOUNDS);
}

/** Without columns of texts that have nothing in any row; the first names the rows. */
const toldColumns = <T>(columns: readonly ListColumn<T>[], items: readonly T[]): readonly ListColumn<T>[] =>
  columns.filter(
    ({ column, of }, at) => at === 0 || column.type !== 'text' || items.some((item) => (of(item) ?? '') !== ''),
  );

/** A list that asks for another length than lists usually have is as long everywhere but in data files. */
const limited = (bounds: ListBounds, limit: number | undefined): ListBounds =>
  limit === undefined ? bounds : { ...bounds, paper: limit, web: Math.max(limit, bounds.web) };

/** Null where the others did nothing. */
function othersRow<T>(others: readonly T[], { columns, locale }: List<T>): Value[] | null {
  if (others.length === 0 || columns.every(({ rest }) => rest === null)) return null;
  const row = columns.map(({ column, rest }, at) => {
    if (at === 0) return `${WORDS[locale].others} (${others.length})`;
    return rest?.(others) ?? (column.type === 'text' ? '' : null);
  });
  const isNothing = columns.every(({ rest }, at) => at === 0 || rest === null || !Number(row[at] ?? 0));
  return isNothing ? null : row;
}

type Figure<T> = (item: T) => number | null;
type Extra = Partial<Omit<BlockColumn, 'key' | 'label' | 'type'>>;

/** Σ of what is counted; null where nothing is. */
export const total = <T>(items: readonly T[], of: Figure<T>): number | null =>
  items.reduce<number | null>((sum, item) => {
    const value = of(item);
    return value === null ? sum : (sum ?? 0) + value;
  }, null);

export const textColumn = <T>(
  key: string,
  label: string,
  of: (item: T) => string | null,
  extra: Extra = {},
): ListColumn<T> => ({
  column: { key, label, type: 'text', ...extra },
  of,
  rest: null,
});

/** Things that are counted: whole numbers that add up. */
export const countColumn = <T>(key: string, label: string, of: Figure<T>, extra: Extra = {}): ListColumn<T> => ({
  column: { key, label, type: 'number', decimals: 0, ...extra },
  of,
  rest: (items) => total(items, of),
});

/** Bytes, in one step of 1000 for the column. */
export const bytesColumn = <T>(key: string, label: string, of: Figure<T>, extra: Extra = {}): ListColumn<T> => ({
  column: { key, label, type: 'number', unit: 'decbytes', ...extra },
  of,
  rest: (items) => total(items, of),
});

/** Seconds, milliseconds or means: the label says which. */
export const figureColumn = <T>(
  key: string,
  label: string,
  of: Figure<T>,
  items: readonly T[],
  extra: Extra & { readonly adds?: boolean } = {},
): ListColumn<T> => {
  const { adds = true, ...rest } = extra;
  return {
    column: { key, label, type: 'number', decimals: decimalsFor(items.map(of)), ...rest },
    of,
    rest: adds ? (all) => total(all, of) : null,
  };
};

/** Part of a whole as percent; a share of several items is that of their sums. */
export const ratioColumn = <T>(
  key: string,
  label: string,
  part: Figure<T>,
  whole: Figure<T>,
  extra: Extra = {},
): ListColumn<T> => {
  const share = (a: number | null, b: number | null): number | null =>
    a === null || b === null || b <= 0 ? null : a / b;
  return {
    column: { key, label, type: 'number', unit: 'ratio', decimals: 1, ...extra },
    of: (item) => share(part(item), whole(item)),
    rest: (items) => share(total(items, part), total(items, whole)),
  };
};

/** Decimals that show three digits of the largest of them. */
function decimalsFor(values: readonly (number | null)[]): number {
  const most = values.reduce<number>((max, value) => Math.max(max, Math.abs(value ?? 0)), 0);
  return most >= 100 || most === 0 ? 0 : most >= 10 ? 1 : most >= 1 ? 2 : 3;
}

/** Change of a level of bytes, with its sign; what was not there at one end counts as nothing. */
export const changeColumn = <T>(key: string, label: string, of: (item: T) => Level): ListColumn<T> => ({
  column: { key, label, type: 'number', unit: 'decbytes', sign: true },
  of: (item) => changeOf(of(item)),
  rest: (items) => total(items, (item) => changeOf(of(item))),
});
