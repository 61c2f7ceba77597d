import type { Outcome } from '../../deliver/channel.ts';
import type { DeliveryState } from '../../store/schema/runs.ts';

/*
 * A delivery, one row of the ledger per (run, channel, recipient):
 *
 *   PENDING, RETRYING ──the relay takes the message now──▶ SENDING
 *          │                                                  ├─ answered 2xx ──▶ SENT
 *          ├─ answered 5xx ───────────────────────────────────┼─ answered 5xx ──▶ REFUSED
 *          ├─ 4xx, hang, no connection ───────────────────────┼─ 4xx, cut in the message ──▶ RETRYING, again after a
 *          │                                                  │                              pause; FAILED after all tries
 *          │                                                  └─ no answer after the message, worker lost ──▶ UNCERTAIN
 *          ├─ its document is gone ──▶ FAILED
 *          └─ its run was canceled ──▶ CANCELED
 *
 *   FAILED, REFUSED, UNCERTAIN ──somebody asks for it (retryDelivery)──▶ PENDING
 *   UNCERTAIN ──the worker thought lost tells what happened──▶ SENT | REFUSED | FAILED
 *
 * SENDING is written, and committed, at the last moment before the message itself goes out, and by one worker only. A
 * row found in SENDING when its step is worked again is one whose worker was lost: the mail may have left, so it becomes
 * UNCERTAIN and nothing sends it again but a person. A worker lost before that moment costs nothing: the row is as it
 * was. What is RETRYING left nothing behind. SENT and CANCELED are for good.
 */

/** States in which a delivery may be begun. */
export const BEGINNABLE = ['PENDING', 'RETRYING'] as const;

/** States from which a person may ask for another try. */
export const RETRYABLE = ['FAILED', 'REFUSED', 'UNCERTAIN'] as const;

/** What an attempt makes of its row. `attempts` counts the one that has just ended. */
export function stateAfter(
  outcome: Pick<Outcome, 'state' | 'stopped'>,
  attempts: number,
  maxAttempts: number,
): DeliveryState {
  if (outcome.state !== 'RETRYING' || outcome.stopped) return outcome.state;
  return attempts >= maxAttempts ? 'FAILED' : 'RETRYING';
}

/** What a late answer makes of a row that was given up as UNCERTAIN: the fact, but never a step that nobody works. */
export const stateAfterDoubt = (state: DeliveryState): DeliveryState => (state === 'RETRYING' ? 'FAILED' : state);

const FIRST_PAUSE_MS = 30_000;
const GROWTH = 4;
const LONGEST_PAUSE_MS = 60 * 60_000;

/**
 * Pause before the next attempt, after `attempts` (1, 2, …) have failed: 30 s, 2 min, 8 min, 32 min, then every hour.
 * The default five attempts span 42 minutes, longer than the usual greylisting and relay restarts.
 */
export const retryPauseMs = (attempts: number): number =>
  Math.min(FIRST_PAUSE_MS * GROWTH ** Math.max(0, attempts - 1), LONGEST_PAUSE_MS);
