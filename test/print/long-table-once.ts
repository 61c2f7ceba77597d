/** Prints a table of 100 000 rows and 6 columns, with tags; run in a process of its own to see how much memory that takes. */
import { print, rowsOf } from './printing.ts';

const rows = Array.from({ length: 100_000 }, (_, row) => [
  row,
  `2026-01-${10 + (row % 19)} 10:${10 + (row % 50)}`,
  `host-${row % 50}`,
  (row % 997) + (row % 100) / 100,
  `select * from t where id = ${row}`,
  'ok',
]);
const { pages } = await print({
  widgets: [{ id: 't', kind: 'table', sql: 'rows', settings: { tagged: true } }],
  settings: { orientation: 'landscape' },
  answers: { rows: rowsOf('id:number time host ms:number sql state', rows) },
});
process.stdout.write(JSON.stringify({ pages, peakBytes: process.resourceUsage().maxRSS * 1024 }));
