/**
 * Columns with types and values, as a source gave them. Charts, tables, CSV and XLSX are made from rows.
 *
 * Values by column type: `number` a JS number, or a decimal string where a double would lose digits; `time` an instant
 * in epoch milliseconds; `date` a calendar day as epoch milliseconds of its midnight UTC; `boolean`; `text` a string;
 * `json` its JSON text. Null is null in all. NaN and infinities of the source arrive as null.
 */
export type ColumnType = 'number' | 'text' | 'time' | 'date' | 'boolean' | 'json';

export type Value = number | string | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Set when the source had more than was read: which bound cut it, and its value (rows or bytes). */
export interface Truncation {
  readonly by: 'rows' | 'bytes';
  readonly limit: number;
}

export interface Rows {
  readonly columns: readonly Column[];
  /** Row-major; each row has one value per column. */
  readonly values: readonly (readonly Value[])[];
  readonly truncation: Truncation | null;
}
