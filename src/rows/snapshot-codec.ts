import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Value } from './rows.ts';
import type { PartColumn, SnapshotPart } from './snapshot.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

type Row = readonly Value[];

/** A part as it is stored: its rows, or what changed since the same part of another snapshot. */
interface StoredPart {
  readonly v: 1;
  readonly columns: readonly (readonly [PartColumn['name'], PartColumn['kind'], PartColumn['unit']])[];
  readonly rows: readonly Row[];
  /** Keys of rows that the base has and this part has not; set only in a part that needs its base. */
  readonly gone?: readonly Row[];
}

/** Nothing that a capture reads unpacks to more: protects against a damaged payload. */
const MAX_UNPACKED = 512 * 1024 * 1024;

/** The whole part, as arrays of JSON under gzip: a tenth of the same rows as objects. */
export const encodePart = (part: SnapshotPart): Promise<Buffer> =>
  pack({ v: 1, columns: columnsOf(part), rows: part.rows });

/**
 * What changed since `base`, a whole part of the same view; null where that cannot be told (other columns, no keys, keys
 * that are not unique) or does not pay (more than half of the rows changed).
 */
export async function encodeChanges(part: SnapshotPart, base: SnapshotPart): Promise<Buffer | null> {
  if (JSON.stringify(columnsOf(part)) !== JSON.stringify(columnsOf(base))) return null;
  const keyOf = keyFunction(part.columns);
  const before = new Map(base.rows.map((row) => [keyOf(row), row]));
  const now = new Map(part.rows.map((row) => [keyOf(row), row]));
  if (before.size !== base.rows.length || now.size !== part.rows.length) return null;
  const rows = [...now].filter(([key, row]) => !isSameRow(row, before.get(key))).map(([, row]) => row);
  if (part.rows.length > 0 && rows.length > part.rows.length / 2) return null;
  const gone = [...before].filter(([key]) => !now.has(key)).map(([, row]) => keyValues(part.columns, row));
  return pack({ v: 1, columns: columnsOf(part), rows, gone });
}

/**
 * @param base the whole part that a part of changes was made from; null for a whole one.
 * @throws Error for a payload that is damaged, or without the base it needs.
 */
export async function decodePart(
  view: string,
  scope: string,
  payload: Uint8Array,
  base: SnapshotPart | null,
): Promise<SnapshotPart> {
  const stored = JSON.parse((await decompress(payload, { maxOutputLength: MAX_UNPACKED })).toString()) as StoredPart;
  if (stored.v !== 1) throw new Error(`snapshot part ${view}: unknown form ${String(stored.v)}`);
  const columns = stored.columns.map(([name, kind, unit]) => ({ name, kind, unit }));
  if (stored.gone === undefined) return { view, scope, columns, rows: stored.rows };
  if (base === null) throw new Error(`snapshot part ${view}: its base is missing`);
  const keyOf = keyFunction(columns);
  const gone = new Set(stored.gone.map((key) => JSON.stringify(key)));
  const rows = new Map(base.rows.map((row) => [keyOf(row), row]));
  for (const key of gone) rows.delete(key);
  for (const row of stored.rows) rows.set(keyOf(row), row);
  return { view, scope, columns, rows: [...rows.values()] };
}

const pack = (stored: StoredPart): Promise<Buffer> => compress(JSON.stringify(stored), { level: 6 });

const columnsOf = (part: SnapshotPart): StoredPart['columns'] =>
  part.columns.map(({ name, kind, unit }) => [name, kind, unit] as const);

const keyValues = (columns: readonly PartColumn[], row: Row): Row => row.filter((_, at) => columns[at]?.kind === 'key');

/** The row's key as one text; a part without key columns has one row at most. */
export function keyFunction(columns: readonly PartColumn[]): (row: Row) => string {
  return (row) => JSON.stringify(keyValues(columns, row));
}

const isSameRow = (a: Row, b: Row | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((value, at) => value === b[at]);
