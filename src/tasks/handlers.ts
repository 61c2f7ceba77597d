import type { Log } from '../log.ts';
import type { Db } from '../store/database.ts';
import type { Lane, subtasks, taskInstances } from '../store/schema/tasks.ts';

export type TaskRow = typeof taskInstances.$inferSelect;
export type SubtaskRow = typeof subtasks.$inferSelect;

/** A step to be: `dependsOn` names keys of the same list, and keys have no meaning beyond it. */
export interface NewStep {
  readonly key: string;
  /** What people see. */
  readonly name: string;
  /** A key of `Handlers.steps`. */
  readonly handler: string;
  readonly input?: Record<string, unknown>;
  readonly dependsOn?: readonly string[];
  readonly lane?: Lane;
  /** Tries before the step's own failure is final; default 1. A lost worker does not count. */
  readonly attempts?: number;
}

export interface NewTask {
  readonly name: string;
  /** A key of `Handlers.finished`, e.g. `report-run`. */
  readonly kind: string;
  /** Instance uuid, or SHARED_QUEUE. */
  readonly queue: string;
  readonly creatorId?: string | null;
  readonly context?: Record<string, unknown>;
  readonly steps: readonly NewStep[];
}

/** What a handler gets to work with. */
export interface Step {
  readonly subtask: SubtaskRow;
  readonly task: TaskRow;
  /** Aborted on cancel, timeout, shutdown and when the step was given to another worker: stop at once. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Add a line to the step's own log, which people read over the API. Never secrets. */
  note(level: 'info' | 'warn' | 'error', message: string, detail?: Record<string, unknown>): Promise<void>;
}

/** What a step's effects may do inside the transaction that finishes it. */
export interface Finishing {
  readonly tx: Db;
  readonly at: Date;
  /** Add steps to the task that begin when this one has succeeded. Answers their ids by key. */
  addSteps(steps: readonly NewStep[]): Promise<ReadonlyMap<string, number>>;
}

/**
 * How a step ended. `commit` runs in the one transaction that settles the step, behind its fence: either both are
 * there or neither, and a worker that was given up for lost cannot commit at all.
 */
export type StepResult =
  | { readonly kind: 'done'; readonly commit?: (finishing: Finishing) => Promise<void> }
  | { readonly kind: 'again'; readonly afterSeconds: number; readonly code: string; readonly message: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export interface StepHandler {
  /** A throw counts as a failure: retried while attempts are left, unless its code says that it would be in vain. */
  run(step: Step): Promise<StepResult>;
  readonly timeoutMs: number;
  /** Seconds before the next try, by the number of failures so far (1, 2, …). Default 2, 4, 8 … at most 300. */
  backoffSeconds?(failures: number): number;
}

/** By task kind: called in the transaction in which a task became FAILED or SUCCESSFUL. */
export type Finishers = Readonly<Record<string, (tx: Db, task: TaskRow, at: Date) => Promise<void>>>;

/** The table the composition root gives: this room knows no report. */
export interface Handlers {
  readonly steps: Readonly<Record<string, StepHandler>>;
  /** Turn a run into a task, once: the step to work under this job, or null when there is nothing to do. */
  expandRun(runId: string): Promise<number | null>;
  readonly finished: Finishers;
}
