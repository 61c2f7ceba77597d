import type { Rows } from '../rows/rows.ts';

/** What a placeholder may be bound to. A Date is an instant. */
export type Parameter = string | number | boolean | null | Date | readonly string[] | readonly number[];

/** One SQL statement with its bound parameters, in the dialect of the source it is meant for. Never built from input text. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  /** Names of the result's columns by position, instead of those in the text: an alias never has to reach SQL. */
  readonly columnNames?: readonly string[];
}

/** The limits of one read. A statement that reaches a row or byte bound is cut and says so in `Rows.truncation`. */
export interface ReadBounds {
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** What a source has: tables and views by qualified name, each with its columns in order. */
export interface Catalogue {
  readonly tables: readonly CatalogueTable[];
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: import('../rows/rows.ts').ColumnType }[];
}

/** What reads rows of one source: bounded, read-only, cancelable. The pipeline knows sources only by this. */
export interface SourceReader {
  /** The SQL dialect's key: `postgres`, later `mysql`, `clickhouse`. */
  readonly dialect: string;
  catalogue(signal: AbortSignal): Promise<Catalogue>;
  /** @throws BroadsheetError `timeout`, `canceled`, `unavailable` (no connection) or `unprocessable` (the source refused the statement). */
  read(statement: Statement, signal: AbortSignal): Promise<Rows>;
}
