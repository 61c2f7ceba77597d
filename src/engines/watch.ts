import type { SessionSample } from '../rows/session-samples.ts';
import type { MissingPart, ServerIdentity, ServerText, SnapshotPart } from '../rows/snapshot.ts';

/** What one capture asked for and found. */
export interface Capture {
  readonly identity: ServerIdentity;
  readonly parts: readonly SnapshotPart[];
  readonly missing: readonly MissingPart[];
  /** What the cluster has: databases (PostgreSQL), tenants (OceanBase), by the server's own number. */
  readonly tenants: readonly { readonly number: number; readonly name: string }[];
  /** Only those that were not known before. */
  readonly texts: readonly ServerText[];
  readonly statementsSent: number;
}

export interface CaptureRequest {
  /** Keys of texts the store has already, by kind and scope: they are not read again. */
  readonly knows: (text: Pick<ServerText, 'kind' | 'scope' | 'key'>) => boolean;
  /** Databases (tenants) at most, the largest first; each further one is a missing part. */
  readonly maxScopes: number;
  /** Milliseconds a statement may run. */
  readonly statementTimeoutMs: number;
}

/** A connection that looks at sessions once a second or so. */
export interface SessionSampler {
  /** @throws BroadsheetError `unavailable`, `timeout` or `canceled`; the sampler is of no use any more then. */
  sample(wantsLocks: boolean, signal: AbortSignal): Promise<SessionSample>;
  close(): void;
}

/** A right that the login lacks or a setting that hides facts, and what it would add to the report. */
export interface WatchAdvice {
  /** e.g. `pg_monitor`, `pg_stat_statements`, `track_io_timing`. */
  readonly name: string;
  readonly problem: string;
  /** What to do, e.g. `GRANT pg_monitor TO report;`. */
  readonly remedy: string;
  readonly adds: string;
}

/** A look at a cluster before it is added: who it is, and what is missing for a full report. */
export interface WatchCheck {
  readonly identity: ServerIdentity;
  readonly login: string;
  /** Databases or tenants. */
  readonly scopes: readonly string[];
  readonly advice: readonly WatchAdvice[];
}

/**
 * Reads a server's performance counters: the part of an engine that clusters are watched with. All reads are read-only,
 * bounded and need no more than the engine's monitoring right.
 */
export interface ClusterWatch {
  check(signal: AbortSignal): Promise<WatchCheck>;
  /** @throws BroadsheetError `unavailable` (no connection), `timeout`, `canceled`, `conflict` when the server was replaced while it was read. */
  capture(request: CaptureRequest, signal: AbortSignal): Promise<Capture>;
  /** @throws BroadsheetError `unavailable` or `canceled`. */
  openSampler(signal: AbortSignal): Promise<SessionSampler>;
}
