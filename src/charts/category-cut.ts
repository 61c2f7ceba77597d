import type { Category, CategoryTable } from './category-table.ts';

/** A table cut to what can be read, and how many categories and groups there were. */
export interface CutTable extends CategoryTable {
  readonly allCategories: number;
  readonly allGroups: number;
  /** True where the last category is the sum of those cut off. */
  readonly hasOther: boolean;
}

const MOST_CATEGORIES = 30;
const TOP_CATEGORIES = 20;
const MOST_GROUPS = 8;

/**
 * More than thirty categories become the twenty largest, by size, and more than eight groups the seven largest. What is
 * left is summed as `other` where sums make sense, else left out.
 */
export function cutTable(table: CategoryTable, other: string | null): CutTable {
  const grouped = cutGroups(table, other);
  const { categories } = grouped;
  const sizes = { allCategories: categories.length, allGroups: table.groups.length, hasOther: false };
  if (categories.length <= (table.ordered ? MOST_CATEGORIES * 2 : MOST_CATEGORIES)) return { ...grouped, ...sizes };
  const bySize = categories.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const top = bySize.slice(0, TOP_CATEGORIES);
  const rest = bySize.slice(TOP_CATEGORIES);
  const sum = { label: other ?? '', values: sumValues(rest, grouped.groups.length) };
  // A rest that dwarfs all else would be a chart of the rest.
  const isTelling = other !== null && top[0] !== undefined && sizeOf(sum) <= sizeOf(top[0]) * 1.25;
  return { ...grouped, ...sizes, categories: isTelling ? [...top, sum] : top, hasOther: isTelling };
}

const sizeOf = ({ values }: Category): number => values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);

const sumValues = (categories: readonly Category[], groups: number): (number | null)[] =>
  Array.from({ length: groups }, (_, index) =>
    categories.reduce<number | null>((sum, { values }) => {
      const value = values[index] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );

function cutGroups(table: CategoryTable, other: string | null): CategoryTable {
  if (table.groups.length <= MOST_GROUPS) return table;
  const weights = table.groups.map((_, index) =>
    table.categories.reduce((sum, { values }) => sum + Math.abs(values[index] ?? 0), 0),
  );
  const ranked = weights.map((weight, index) => ({ weight, index })).toSorted((a, b) => b.weight - a.weight);
  const kept = ranked
    .slice(0, MOST_GROUPS - 1)
    .map(({ index }) => index)
    .toSorted((a, b) => a - b);
  const rest = ranked.slice(MOST_GROUPS - 1).map(({ index }) => index);
  const categories = table.categories.map(({ label, values }) => {
    const left = rest.map((index) => values[index] ?? null).filter((value) => value !== null);
    const sum = left.length === 0 ? null : left.reduce((total, value) => total + value, 0);
    return { label, values: [...kept.map((index) => values[index] ?? null), ...(other === null ? [] : [sum])] };
  });
  const groups = kept.flatMap((index) => table.groups[index] ?? []);
  return { ...table, categories, groups: other === null ? groups : [...groups, other] };
}
