import type { Value } from './rows.ts';

/**
 * What a column of a part is: `key` names the row, `counter` only grows while its epoch lasts and is subtracted, `gauge`
 * is a level, `text` a label or fact, `reset` the instant since which the row's (or the whole part's) counters count.
 */
export type PartColumnKind = 'key' | 'counter' | 'gauge' | 'text' | 'reset';

/** Units are the same for all engines: an engine converts its own (picoseconds, centiseconds, blocks) once, at capture. */
export type PartUnit = 'count' | 'bytes' | 'ms' | 's' | 'blocks' | 'pages' | 'ratio' | null;

export interface PartColumn {
  readonly name: string;
  readonly kind: PartColumnKind;
  readonly unit: PartUnit;
}

/**
 * One view of a server as it was read at a snapshot, in a form that no engine owns: it says of itself what its columns
 * are. Values are those of rows (instants in epoch milliseconds; a decimal string where a double would lose digits).
 */
export interface SnapshotPart {
  /** The engine's word for it, e.g. `database`, `statements`, `tables`. */
  readonly view: string;
  /** Empty for the whole cluster; else the database (PostgreSQL) or tenant (OceanBase) it was read in. */
  readonly scope: string;
  readonly columns: readonly PartColumn[];
  /** Row-major, one value per column. */
  readonly rows: readonly (readonly Value[])[];
}

/** A part that could not be read, and why: named on the report, never silently absent. */
export interface MissingPart {
  readonly view: string;
  readonly scope: string;
  /** One sentence without secrets, e.g. `permission denied for view pg_stat_statements`. */
  readonly reason: string;
}

/** What names a server, and its life (PostgreSQL: since the postmaster's start). Instants are the server's own clock. */
export interface ServerIdentity {
  /** The same on a primary and its physical standbys, kept over restarts: PostgreSQL `system_identifier`. */
  readonly system: string;
  /** The server that was reached: counters belong to it. `address:port` as the server tells it, or as it was asked for. */
  readonly node: string;
  readonly capturedAt: number;
  readonly startedAt: number;
  readonly version: string;
  /** Comparable number of the major version: 15 for PostgreSQL 15.20. */
  readonly major: number;
  readonly timeline: number | null;
  readonly inRecovery: boolean;
}

/** The performance counters of a server at one moment. */
export interface Snapshot {
  /** Of the store; 0 for one that is not stored. */
  readonly id: number;
  /** Key of the table of engines: `postgres`. */
  readonly engine: string;
  readonly identity: ServerIdentity;
  readonly parts: readonly SnapshotPart[];
  readonly missing: readonly MissingPart[];
}

/** A text that is stored once per cluster: a statement by its id, an index's definition by its oid. */
export interface ServerText {
  readonly kind: 'sql' | 'index';
  readonly scope: string;
  readonly key: string;
  readonly text: string;
  /** Length before it was cut. */
  readonly fullLength: number;
  /** When a snapshot first had it; missing where none was stored. */
  readonly firstSeenAt?: Date;
}

/** What the text of an index is kept under: a renamed index has another text. */
export const indexTextKey = (oid: unknown, name: unknown): string => `${oid} ${name}`;
