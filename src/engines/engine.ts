import type { Catalogue, ReadBounds, Statement } from '../query/statement.ts';
import type { Rows } from '../rows/rows.ts';
import type { ClusterWatch } from './watch.ts';

/** What a connection test found. `problems` are sentences for people; any refusal makes the source unusable. */
export interface ConnectionReport {
  readonly version: string;
  readonly login: string;
  /** The login is superuser or may run server programs: refused unless the configuration allows it. */
  readonly privileged: boolean;
  readonly problems: readonly string[];
}

/** A pool of connections to one database. Every method is bounded by the signal and by its own timeout. */
export interface EngineConnection {
  test(signal: AbortSignal): Promise<ConnectionReport>;
  catalogue(signal: AbortSignal): Promise<Catalogue>;
  /** Runs exactly one statement behind the read-only fence. */
  read(statement: Statement, bounds: ReadBounds, signal: AbortSignal): Promise<Rows>;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly connections: number;
  readonly allowPrivileged: boolean;
  readonly applicationName: string;
}

/** One kind of database. The table of engines has one entry a file, all with these keys. */
export interface Engine {
  readonly kind: string;
  /** URL schemes that name this kind, e.g. `postgres:`, `postgresql:`. */
  readonly schemes: readonly string[];
  readonly dialect: string;
  /** @throws BroadsheetError `bad_request` for a URL that this engine can't use. Opens no connection yet. */
  connect(url: string, options: EngineOptions): EngineConnection;
  /**
   * Reads the performance counters of the server, where this kind can be watched; null where it can't. Opens no connection yet.
   * @throws BroadsheetError `bad_request` for a URL that this engine can't use.
   */
  readonly watch: ((url: string) => ClusterWatch) | null;
  /** The URL without its secrets, to be shown to people. */
  maskUrl(url: string): string;
}
