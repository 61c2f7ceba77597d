import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import { BroadsheetError, isPassing, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Claim } from '../store/claim-subtask.ts';
import type { Database, Db } from '../store/database.ts';
import { subtasks, taskInstances } from '../store/schema/tasks.ts';
import type { Handlers, StepHandler, StepResult, SubtaskRow, TaskRow } from './handlers.ts';
import { type Settled, type Settlement, settleStep } from './settle-step.ts';
import { writeStepLog } from './step-log.ts';

/** Why a step was told to stop. */
export type StopReason = 'canceled' | 'fenced' | 'timeout' | 'stopping';

/** The steps this process works on, by subtask id: how a cancel, a lost fence or a shutdown reaches them. */
export type RunningSteps = Map<number, { readonly claim: Claim; stop(reason: StopReason): void }>;

export interface Workplace {
  readonly database: Pick<Database, 'sql' | 'db'>;
  readonly handlers: Handlers;
  readonly clock: Clock;
  readonly log: Log;
  readonly running: RunningSteps;
  /** True once running steps are being handed back: one that was claimed and not yet begun goes back as well. */
  readonly handingBack: () => boolean;
}

/** A handler that does not heed its signal is given up after this long. */
const HEED_MS = 2_000;
const SETTLE_AGAIN_MS = 1_000;

/** Failures that another try would only repeat. */
const IN_VAIN: ReadonlySet<string> = new Set([
  'bad_request',
  'forbidden',
  'not_found',
  'conflict',
  'blocked',
  'unprocessable',
  'too_large',
]);

/**
 * Work a claimed step to its settlement. `also` joins the transaction that settles it. Never throws: while the store
 * can't be reached it tries to settle again and again, because nobody else may take the step from a living worker.
 */
export async function workStep(place: Workplace, claim: Claim, also?: (tx: Db) => Promise<void>): Promise<Settled> {
  const claimed = await readClaimed(place, claim);
  if (!claimed) return 'fenced';
  const { task, subtask } = claimed;
  const log = place.log.child({ task_id: task.id, subtask_id: subtask.id, attempt: claim.attempt, ...task.context });
  const { outcome, why } = await runHandler(place, { claim, task, subtask, log });
  if (why === 'fenced') return 'fenced';
  const settled = await settle(place, {
    claim,
    outcome,
    handler: place.handlers.steps[subtask.handler],
    subtask,
    also,
  });
  log.info({ step: subtask.name, state: settled }, 'step settled');
  return settled;
}

type Outcome = Settlement['result'] | { readonly kind: 'threw'; readonly error: unknown };

interface Ran {
  readonly outcome: Outcome;
  readonly why: StopReason | null;
}

async function runHandler(
  place: Workplace,
  { claim, task, subtask, log }: { claim: Claim; task: TaskRow; subtask: SubtaskRow; log: Log },
): Promise<Ran> {
  const handler = place.handlers.steps[subtask.handler];
  if (!handler) return ran(failure('unavailable', `no handler ${subtask.handler} in this process`));
  if (subtask.state === 'CANCELING') return ran(failure('canceled', 'canceled'));
  if (place.handingBack()) return ran({ kind: 'handed back' }, 'stopping');
  const controller = new AbortController();
  let why: StopReason | null = null;
  const stop = (reason: StopReason): void => {
    why ??= reason;
    controller.abort(
      new BroadsheetError(reason === 'timeout' ? 'timeout' : 'canceled', `the step was stopped: ${reason}`),
    );
  };
  const timer = setTimeout(() => stop('timeout'), Math.max(handler.timeoutMs, subtask.timeoutSeconds * 1000));
  place.running.set(subtask.id, { claim, stop });
  const note: Parameters<StepHandler['run']>[0]['note'] = async (level, message, detail) => {
    const line = { subtaskId: subtask.id, attempt: claim.attempt, level, message, ...(detail ? { detail } : {}) };
    await writeStepLog(place.database.db, line, await place.clock.now());
  };
  try {
    const step = { subtask, task, signal: controller.signal, log, note };
    const result = task.operation === 'ROLLBACK' ? (handler.rollback?.(step) ?? NOTHING_TO_UNDO) : handler.run(step);
    return ran(await Promise.race([result, unheeded(controller.signal)]), why);
  } catch (error) {
    if (why === 'stopping') return ran({ kind: 'handed back' }, why);
    if (why === 'canceled') return ran(failure('canceled', 'canceled'), why);
    return ran({ kind: 'threw', error }, why);
  } finally {
    clearTimeout(timer);
    place.running.delete(subtask.id);
  }
}

const NOTHING_TO_UNDO: StepResult = { kind: 'done' };

const ran = (outcome: Outcome, why: StopReason | null = null): Ran => ({ outcome, why });
const failure = (code: string, message: string): StepResult => ({ kind: 'failed', code, message });

/** Rejects a while after the signal. A handler that still runs then can do no harm: its fence will be gone. */
function unheeded(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason as Error), HEED_MS).unref(), {
      once: true,
    });
  });
}

interface ToSettle {
  readonly claim: Claim;
  readonly outcome: Outcome;
  readonly handler: StepHandler | undefined;
  readonly subtask: SubtaskRow;
  readonly also: ((tx: Db) => Promise<void>) | undefined;
}

async function settle(place: Workplace, toSettle: ToSettle): Promise<Settled> {
  let { outcome } = toSettle;
  for (;;) {
    try {
      const at = await place.clock.now();
      const settlement: Settlement = {
        claim: toSettle.claim,
        ...meaningOf(outcome, toSettle),
        at,
        ...(toSettle.also ? { also: toSettle.also } : {}),
      };
      const settled = await settleStep(place.database.db, place.handlers, settlement);
      await noteFailure(place, settlement, at);
      return settled;
    } catch (error) {
      place.log.error({ subtask_id: toSettle.claim.id, error: messageOf(error) }, 'step could not be settled');
      if (outcome.kind === 'done' && !isPassing(error)) outcome = { kind: 'threw', error };
      else await sleep(SETTLE_AGAIN_MS);
    }
  }
}

function meaningOf(outcome: Outcome, { handler, subtask }: ToSettle): Pick<Settlement, 'result' | 'retryIn'> {
  if (outcome.kind !== 'threw') return { result: outcome, retryIn: null };
  const code = outcome.error instanceof BroadsheetError ? outcome.error.code : 'internal';
  const result = failure(code, messageOf(outcome.error));
  if (IN_VAIN.has(code) || subtask.attemptsLeft <= 1) return { result, retryIn: null };
  const failures = subtask.maxAttempts - subtask.attemptsLeft + 1;
  return { result, retryIn: handler?.backoffSeconds?.(failures) ?? Math.min(2 ** failures, 300) };
}

async function noteFailure(place: Workplace, { claim, result, retryIn }: Settlement, at: Date): Promise<void> {
  if (result.kind === 'done') return;
  const next = result.kind === 'again' ? result.afterSeconds : retryIn;
  const message =
    result.kind === 'handed back'
      ? 'handed back: the process is shutting down'
      : `${result.code}: ${result.message}${next === null ? '' : ` (again in ${next} s)`}`;
  const level = result.kind === 'failed' ? 'error' : 'warn';
  await writeStepLog(place.database.db, { subtaskId: claim.id, attempt: claim.attempt, level, message }, at).catch(
    (error: unknown) => place.log.warn({ error: messageOf(error) }, 'step log not written'),
  );
}

/** Null when the step is gone altogether. Waits for the store, for the reason given at workStep. */
async function readClaimed({ database, log }: Workplace, claim: Claim) {
  for (;;) {
    try {
      const [row] = await database.db
        .select({ task: taskInstances, subtask: subtasks })
        .from(subtasks)
        .innerJoin(taskInstances, eq(taskInstances.id, subtasks.taskInstanceId))
        .where(eq(subtasks.id, claim.id));
      return row ?? null;
    } catch (error) {
      log.error({ subtask_id: claim.id, error: messageOf(error) }, 'claimed step could not be read');
      await sleep(SETTLE_AGAIN_MS);
    }
  }
}
