import { createHash } from 'node:crypto';
import type { Rows } from '../../rows/rows.ts';

const ROWS_PER_PIECE = 1_000;

/**
 * SHA-256 of rows, hexadecimal: of a line of JSON `[[name, type], …]` for the columns, and a line `[value, …]` for each
 * row, each ended by a line feed. The same query with other data has another hash.
 */
export function rowsHash({ columns, values }: Rows): string {
  const hash = createHash('sha256');
  hash.update(`${JSON.stringify(columns.map(({ name, type }) => [name, type]))}\n`);
  for (let start = 0; start < values.length; start += ROWS_PER_PIECE) {
    hash.update(linesOf(values.slice(start, start + ROWS_PER_PIECE)));
  }
  return hash.digest('hex');
}

/** Written as one list and cut into its rows, which is faster, unless a text has what parts them. */
function linesOf(rows: Rows['values']): string {
  const lines = JSON.stringify(rows).slice(1, -1).split('],[');
  if (lines.length === rows.length) return `${lines.join(']\n[')}\n`;
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** SHA-256 of any plain value, whatever the order of its keys; bytes (of pictures) count by their own hash. */
export function valueHash(value: unknown): string {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, inner: unknown) {
    // As the value is itself: a Buffer has been made a list of numbers already, and in another thread it is no Buffer.
    const { [key]: own } = this;
    if (own instanceof Uint8Array) return createHash('sha256').update(own).digest('hex');
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(text).digest('hex');
}
