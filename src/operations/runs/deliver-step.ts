import type { StepHandler, StepResult } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { deliverOne } from '../deliveries/deliver-one.ts';
import type { DeliveryResult, NoticeCause } from '../deliveries/post.ts';
import { noticeRun } from '../notices/notice-run.ts';
import { DELIVER_TIMEOUT_SECONDS, NOTICE_TIMEOUT_SECONDS, type RunParts } from './parts.ts';

const LEAST_WAIT_SECONDS = 1;

/** The step *Deliver*: one document to one recipient. The ledger says what happened; the step follows it. */
export const deliverStep = (ctx: Ctx, parts: RunParts): StepHandler => ({
  timeoutMs: DELIVER_TIMEOUT_SECONDS * 1000,
  run: async (step) => {
    const inner = { ...ctx, signal: step.signal, log: step.log };
    const input = { deliveryId: String(step.subtask.input.delivery_id) };
    const result = await deliverOne({ ctx: inner, post: parts.post, input });
    const level = result.state === 'SENT' ? 'info' : 'warn';
    await step.note(level, `${result.recipient}: ${result.state}: ${result.response}`, { attempts: result.attempts });
    return stepResultOf(result);
  },
});

/** UNCERTAIN is an end, not a failure: the mail may have arrived, and a retry must not send it again by itself. */
function stepResultOf({ state, response, retryAfterMs }: DeliveryResult): StepResult {
  if (state === 'SENT' || state === 'UNCERTAIN') return { kind: 'done' };
  if (state === 'RETRYING') {
    const afterSeconds = Math.max(LEAST_WAIT_SECONDS, Math.ceil((retryAfterMs ?? 0) / 1000));
    return { kind: 'again', afterSeconds, code: 'retrying', message: response };
  }
  return { kind: 'failed', code: state.toLowerCase(), message: response };
}

/** The step *Send notice*: tell the owner and the admins about a run that went wrong. */
export const noticeStep = (ctx: Ctx, parts: RunParts): StepHandler => ({
  timeoutMs: NOTICE_TIMEOUT_SECONDS * 1000,
  backoffSeconds: (failures) => Math.min(60 * failures, 600),
  run: async (step) => {
    const { run_id: runId, cause } = step.subtask.input as { run_id: string; cause: NoticeCause };
    await noticeRun({ ctx: { ...ctx, signal: step.signal, log: step.log }, post: parts.post, input: { runId, cause } });
    return { kind: 'done' };
  },
});
