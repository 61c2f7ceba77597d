import type { Rows } from '../../src/rows/rows.ts';

/** The table that all print: 6 columns, the texts that `bench/jasper/TableReport.java` makes too. */
export const COLUMNS = ['id', 'time', 'host', 'ms', 'sql', 'state'] as const;

export const cellsOf = (index: number): readonly string[] => [
  String(index),
  `2026-01-${two((index % 28) + 1)} 10:${two(index % 60)}`,
  `host-${index % 50}`,
  `${index % 997}.${index % 100}`,
  `select * from t where id = ${index}`,
  'ok',
];

const two = (value: number): string => String(value).padStart(2, '0');

export function benchRows(count: number): Rows {
  return {
    columns: COLUMNS.map((name) => ({ name, type: name === 'id' || name === 'ms' ? 'number' : 'text' })),
    values: Array.from({ length: count }, (_, index) => {
      const [id = '', time = '', host = '', ms = '', sql = '', state = ''] = cellsOf(index);
      return [Number(id), time, host, Number(ms), sql, state];
    }),
    truncation: null,
  };
}
