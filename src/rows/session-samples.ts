/** A session that was at work, or idle in a transaction, when it was looked at. */
export interface SampledSession {
  readonly pid: number;
  readonly database: string | null;
  readonly user: string | null;
  readonly backend: string;
  readonly state: string;
  /** See `SampleGroup.waitClass`. */
  readonly waitClass: string;
  readonly waitEvent: string | null;
  readonly queryId: string | null;
  readonly transactionSeconds: number;
  /** Since its state last changed: how long an idle transaction has been idle. */
  readonly stateSeconds: number;
  /** Its work counts for the statement, not as a session. */
  readonly isParallelWorker: boolean;
}

/** One edge of the graph of waiters; the blocker's pid 0 is a prepared transaction. */
export interface SampledLock {
  readonly waiterPid: number;
  readonly waiterQueryId: string | null;
  readonly waiterUser: string | null;
  readonly blockerPid: number;
  readonly lockType: string;
  readonly mode: string | null;
  /** The server's own id of the relation. */
  readonly relation: string | null;
  readonly database: string | null;
  readonly waitSeconds: number;
  readonly blockerState: string | null;
  readonly blockerTransactionSeconds: number;
  /** Of the statement it runs, or ran last. */
  readonly blockerQueryId: string | null;
  readonly blockerUser: string | null;
}

/** One look at the sessions of a server. */
export interface SessionSample {
  /** Epoch milliseconds of the server's clock. */
  readonly at: number;
  readonly sessions: readonly SampledSession[];
  /** Null when nobody waited for a lock, or when it was not asked. */
  readonly locks: readonly SampledLock[] | null;
}

/**
 * Sessions at work in one minute (or less, where a server was watched for a short time), from samples a second apart: one entry per distinct group.
 * `seconds` is samples × the real time between them; gaps of more than 5 s are not filled.
 */
export interface SampleMinute {
  /** Epoch milliseconds of the minute's start. */
  readonly minute: number;
  readonly samples: number;
  /** Seconds of the minute that samples cover. */
  readonly covered: number;
  readonly groups: readonly SampleGroup[];
  readonly blockers: readonly SampledBlocker[];
  /** The look of this minute at which sessions had waited longest for locks; missing where none waited. */
  readonly queue?: SampledQueue;
}

/** Who waited for whom at one look: one edge a waiter, 20 at most. */
export interface SampledQueue {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly edges: readonly SampledLock[];
}

export interface SampleGroup {
  readonly database: string | null;
  readonly user: string | null;
  /** Statement id, null where the server does not tell. */
  readonly queryId: string | null;
  readonly state: string;
  /** Wait class in the report's words: CPU, IO, LWLock, Lock, IPC, Client, BufferPin, Timeout, Extension, Idle in transaction. */
  readonly waitClass: string;
  readonly waitEvent: string | null;
  readonly backend: string;
  readonly seconds: number;
  readonly sessionsMax: number;
  readonly transactionSecondsMax: number;
  /** Longest time in this state, e.g. idle in transaction. */
  readonly stateSecondsMax: number;
}

/** Who held others up: the root of a tree of waiters. */
export interface SampledBlocker {
  readonly pid: number;
  readonly state: string | null;
  readonly transactionSeconds: number;
  readonly lockType: string;
  readonly mode: string | null;
  /** The server's own id of the relation: the part `tables` of that database has its name. */
  readonly relation: string | null;
  readonly database: string | null;
  readonly user: string | null;
  /** Statement ids of root (last or current) and waiters, where known. */
  readonly queryId: string | null;
  readonly waiterQueryIds: readonly string[];
  /** Σ over waiters of the seconds they stood. */
  readonly blockedSeconds: number;
  readonly longestWaitSeconds: number;
}
