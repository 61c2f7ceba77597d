import type { Log } from '../log.ts';
import type { Db } from '../store/database.ts';
import type { Lane, subtasks, TaskType, taskInstances } from '../store/schema/tasks.ts';

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
  /** What the step may take. The longer one of this and its handler's own bound counts. */
  readonly timeoutSeconds?: number;
  /** Which of several steps alike that run side by side, from 0. */
  readonly parallelIdx?: number;
  /** Once it has begun, the task cannot be rolled back: what it does cannot be undone. */
  readonly prohibitRollback?: boolean;
}

export interface NewTask {
  readonly name: string;
  /** A key of `Handlers.finished`, e.g. `report-run`. */
  readonly kind: string;
  /** Instance uuid, or SHARED_QUEUE. */
  readonly queue: string;
  readonly creatorId?: string | null;
  /** Default MANUAL. */
  readonly type?: TaskType;
  /** Never to be rolled back. */
  readonly prohibitRollback?: boolean;
  /** What it is about; the ids `cluster_id`, `tenant_id` and `host_id` in it are what tasks are found by. */
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
  /**
   * Undo what the step has done, or begun to do: nothing may be there, or all of it, and a second call must find nothing
   * to do. Fails and is tried again like `run`; its `commit` adds no steps. Without it there is nothing to undo.
   */
  rollback?(step: Step): Promise<StepResult>;
  readonly timeoutMs: number;
  /** Seconds before the next try, by the number of failures so far (1, 2, …). Default 2, 4, 8 … at most 300. */
  backoffSeconds?(failures: number): number;
}

/**
 * By task kind: called in the transaction in which a task became FAILED or SUCCESSFUL. Not for a task that is being
 * rolled back: whatever it was for has failed, and stays so.
 */
export type Finishers = Readonly<Record<string, (tx: Db, task: TaskRow, at: Date) => Promise<void>>>;

/** By task kind: called in the transaction in which a task that had ended is RUNNING again. `steps`: those to be done again. */
export type Reopeners = Readonly<
  Record<string, (tx: Db, task: TaskRow, at: Date, steps: readonly SubtaskRow[]) => Promise<void>>
>;

/** Who is told about the ends of tasks. */
export interface TaskHooks {
  readonly finished: Finishers;
  readonly reopened: Reopeners;
}

/** The table the composition root gives: this room knows no report. */
export interface Handlers extends TaskHooks {
  readonly steps: Readonly<Record<string, StepHandler>>;
  /** Turn a run into a task, once: the step to work under this job, or null when there is nothing to do. */
  expandRun(runId: string): Promise<number | null>;
}
