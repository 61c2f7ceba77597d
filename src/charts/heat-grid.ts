import type { ChartEnvironment, SeriesRows } from './environment.ts';
import type { HeatTable, Reduction } from './heat-table.ts';
import { cellSums, largest, MOST_COLUMNS, MOST_LINES } from './heat-table.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, isNumber, isText, numberOf, shortText } from './mappings.ts';
import { formatExact } from './numbers.ts';
import { chartWords } from './words.ts';

/** Two category columns, the first named or found is the columns', the second the lines'. */
export function categoryGrid(
  series: readonly SeriesRows[],
  mappings: Mappings,
  reduction: Reduction,
  env: ChartEnvironment,
): HeatTable | null {
  const found: { column: string; line: string; value: number }[] = [];
  const words = chartWords(env.locale);
  const name = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return words.noName;
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (typeof value !== 'number') return shortText(String(value));
    return Number.isFinite(value) ? formatExact(value, env.locale) : words.noName;
  };
  let measured: string | null = null;
  let isOrdered = true;
  for (const { name: own, rows } of series) {
    const x = columnIndex(rows, mappings.x, [], isText, () => true);
    const y = columnIndex(rows, mappings.group, [x], isText);
    const value = columnIndex(rows, mappings.y ?? mappings.field, [x, y], isNumber);
    measured ??= rows.columns[value]?.name ?? null;
    isOrdered &&= isNumber(rows.columns[x] ?? { name: '', type: 'text' });
    for (const row of rows.values) {
      const amount = value < 0 ? 1 : numberOf(row[value]);
      if (x < 0 || amount === null) continue;
      found.push({ column: name(row[x]), line: y < 0 ? own : name(row[y]), value: amount });
    }
  }
  if (found.length === 0) return null;
  const columns = largest(found, ({ column }) => column, MOST_COLUMNS);
  const lines = largest(found, ({ line }) => line, MOST_LINES);
  const sums = cellSums(measured === null ? 'sum' : reduction);
  for (const { column, line, value } of found) {
    const [at, of] = [columns.index.get(column), lines.index.get(line)];
    if (at !== undefined && of !== undefined) sums.add(at, of, value);
  }
  return {
    columns: [...columns.index.keys()].map((label) => ({ label, from: 0, to: 0 })),
    lines: [...lines.index.keys()],
    cells: sums.all(),
    ...{ time: null, isOrdered, isCount: measured === null, column: measured },
    leftOut: { columns: columns.leftOut, lines: lines.leftOut },
  };
}
