import type { Widget } from '../definition/definition.ts';
import { settingOf } from './mappings.ts';

/** Amounts by column and line. */
export interface HeatTable {
  readonly columns: readonly HeatColumn[];
  readonly lines: readonly string[];
  readonly cells: readonly { readonly column: number; readonly line: number; readonly value: number }[];
  /** The columns' axis where they are stretches of time. */
  readonly time: { readonly from: number; readonly to: number; readonly zone: string } | null;
  /** True where columns have an order of their own, and labels may give way. */
  readonly isOrdered: boolean;
  /** True where cells count rows. */
  readonly isCount: boolean;
  /** Name of the value column. */
  readonly column: string | null;
  /** How many did not fit. */
  readonly leftOut: { readonly columns: number; readonly lines: number };
}

export interface HeatColumn {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** How values of one cell become one. */
export type Reduction = 'sum' | 'avg' | 'min' | 'max' | 'count';

export function reductionOf(widget: Widget, canSum: boolean): Reduction {
  const word = settingOf(widget, 'reduce');
  const known: readonly Reduction[] = ['sum', 'avg', 'min', 'max', 'count'];
  return known.find((one) => one === word) ?? (canSum ? 'sum' : 'avg');
}

/** Adds values up by cell. */
export function cellSums(reduction: Reduction) {
  const cells = new Map<string, { column: number; line: number; value: number; count: number }>();
  return {
    add: (column: number, line: number, value: number): void => {
      const key = `${column}/${line}`;
      const cell = cells.get(key);
      if (!cell) cells.set(key, { column, line, value: reduction === 'count' ? 1 : value, count: 1 });
      else {
        cell.count += 1;
        if (reduction === 'min') cell.value = Math.min(cell.value, value);
        else if (reduction === 'max') cell.value = Math.max(cell.value, value);
        else cell.value += reduction === 'count' ? 1 : value;
      }
    },
    all: () =>
      [...cells.values()].map(({ column, line, value, count }) => ({
        ...{ column, line },
        value: reduction === 'avg' ? value / count : value,
      })),
  };
}

/** More columns or lines than these cannot be told apart on a page. */
export const MOST_COLUMNS = 60;
export const MOST_LINES = 40;

/** Names in the order they come; of more than `most` those with the largest sums. */
export function largest<T extends { readonly value: number }>(
  items: readonly T[],
  nameOf: (item: T) => string,
  most: number,
) {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(nameOf(item), (sums.get(nameOf(item)) ?? 0) + Math.abs(item.value));
  const kept = new Set(
    [...sums]
      .sort((a, b) => b[1] - a[1])
      .slice(0, most)
      .map(([name]) => name),
  );
  const index = new Map([...sums.keys()].filter((name) => kept.has(name)).map((name, at) => [name, at]));
  return { index, leftOut: sums.size - index.size };
}
