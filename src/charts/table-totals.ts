import type { Locale } from '../definition/definition.ts';
import type { Rows, Value } from '../rows/rows.ts';
import type { TableColumn, TableTotal } from './content.ts';
import { numberOf } from './mappings.ts';
import { formatFixed } from './numbers.ts';
import type { TableSettings, TotalKind } from './table-settings.ts';
import { chartWords } from './words.ts';

interface Totalled {
  readonly rows: Rows;
  /** The table's columns, by their place in the rows. */
  readonly used: readonly { readonly index: number; readonly key: string }[];
  readonly columns: readonly TableColumn[];
  readonly groups: number;
  readonly settings: TableSettings;
  /** True where there were more rows than these: the total says that it is of the first ones. */
  readonly cut: boolean;
  readonly locale: Locale;
}

/** The totals of groups, each below its last row, the innermost first, and that of all rows at the end. */
export function totalsOf(input: Totalled): TableTotal[] {
  const { rows, used, groups, settings, locale } = input;
  const kinds = kindsOf(input);
  if (kinds.every((kind) => kind === null)) return [];
  const levels = settings.subtotals ? groups : 0;
  const fresh = (): (Tally | null)[] => kinds.map((kind) => (kind === null ? null : createTally()));
  const tallies = Array.from({ length: levels + 1 }, fresh);
  const totals: TableTotal[] = [];
  const words = chartWords(locale);
  const close = (after: number, level: number, label: string): void => {
    const cells = kinds.map((kind, column) => totalCell(kind, tallies[level + 1]?.[column] ?? null, column, input));
    totals.push({ after, level, label, cells });
    tallies[level + 1] = fresh();
  };
  const { values } = rows;
  for (const [number, row] of values.entries()) {
    for (const tally of tallies) {
      for (const [column, { index }] of used.entries()) tally[column]?.add(row[index] ?? null);
    }
    const next = values[number + 1];
    const changed = next === undefined ? 0 : used.findIndex(({ index }) => next[index] !== row[index]);
    for (let level = levels - 1; level >= changed && changed >= 0; level -= 1) {
      const value = input.columns[level]?.format(row[used[level]?.index ?? 0] ?? null) ?? '';
      close(number + 1, level, words.totalOf(value));
    }
  }
  close(values.length, -1, input.cut ? words.totalOfFirst(formatFixed(values.length, 0, locale)) : words.total);
  return totals;
}

/** `*` sums what is a quantity: columns of numbers that are no groups and no identifiers. */
function kindsOf({ rows, used, groups, settings }: Totalled): (TotalKind | null)[] {
  return used.map(({ index, key }, column) => {
    if (column < groups) return null;
    const isQuantity = rows.columns[index]?.type === 'number' && !/(^|_)(year|id|pid|port|oid|год)$/i.test(key);
    return settings.totals.get(key) ?? (isQuantity ? (settings.totals.get('*') ?? null) : null);
  });
}

function totalCell(kind: TotalKind | null, tally: Tally | null, column: number, input: Totalled): string | null {
  if (kind === null || tally === null) return null;
  const result = tally.result(kind);
  const { locale, columns } = input;
  if (kind === 'count') return `n\u00a0=\u00a0${formatFixed(Number(result ?? 0), 0, locale)}`;
  const text = columns[column]?.format(result) ?? '';
  return kind === 'sum' ? text : `${chartWords(locale).calcs[kind]}\u00a0${text}`;
}

/** Numbers of one column, summed as they come. */
interface Tally {
  add(value: Value): void;
  /** Null where no number came, and for a count of nothing zero. */
  result(kind: TotalKind): number | string | null;
}

const MOST_SAFE_DIGITS = 15;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const PLACES = 12;

/**
 * Doubles are summed with the error of each step carried along (Neumaier 1974), so that ten thousand tenths are a
 * thousand; decimal strings beyond a double's digits as whole numbers of 10⁻¹², exactly.
 */
function createTally(): Tally {
  let [count, numbers, sum, lost] = [0, 0, 0, 0];
  let exact: bigint | null = null;
  let least: { number: number; value: Value } | null = null;
  let most: { number: number; value: Value } | null = null;
  return {
    add: (value) => {
      if (value === null) return;
      count += 1;
      const number = numberOf(value);
      if (number === null) return;
      numbers += 1;
      if (least === null || number < least.number) least = { number, value };
      if (most === null || number > most.number) most = { number, value };
      const big = typeof value === 'string' ? wholeOf(value) : null;
      if (big !== null) {
        exact = (exact ?? 0n) + big;
        return;
      }
      const next = sum + number;
      lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
      sum = next;
    },
    result: (kind) => {
      if (kind === 'count') return count;
      if (numbers === 0) return null;
      if (kind === 'min') return (least?.value as number | string) ?? null;
      if (kind === 'max') return (most?.value as number | string) ?? null;
      if (exact !== null && kind === 'sum' && sum === 0) return decimalOf(exact);
      const total = sum + lost + (exact === null ? 0 : Number(exact) / 10 ** PLACES);
      return kind === 'avg' ? total / numbers : total;
    },
  };
}

/** A long decimal string as a whole number of 10⁻¹²; null for what a double holds as well. */
function wholeOf(text: string): bigint | null {
  const [, sign = '', whole = '', decimals = ''] = DECIMAL.exec(text.trim()) ?? [];
  if (whole.length + decimals.length <= MOST_SAFE_DIGITS || decimals.length > PLACES) return null;
  const size = BigInt(whole + decimals.padEnd(PLACES, '0'));
  return sign === '-' ? -size : size;
}

function decimalOf(whole: bigint): string {
  const digits = (whole < 0n ? -whole : whole).toString().padStart(PLACES + 1, '0');
  const decimals = digits.slice(-PLACES).replace(/0+$/, '');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${decimals === '' ? '' : `.${decimals}`}`;
}
