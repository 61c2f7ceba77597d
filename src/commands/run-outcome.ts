import type { RanOnce } from '../operations/report-tasks/run-once.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/**
 * What a run's end means to a CronJob. A run that somebody has done already is done; one that has failed already is
 * still a failure, so that a job tried again does not turn green over it.
 */
export function exitCodeOfRun({ state, run, alreadyDone }: Pick<RanOnce, 'state' | 'run' | 'alreadyDone'>): ExitCode {
  const hasDocument = run.document !== null && run.document !== undefined;
  if (state === 'FAILED' || state === 'CANCELED') return hasDocument ? EXIT.deliveryFailed : EXIT.failed;
  if (alreadyDone || state === 'SUCCESSFUL' || state === 'SKIPPED') return EXIT.ok;
  const ledger = run.deliveries as readonly { readonly state: string }[];
  return ledger.some((delivery) => delivery.state !== 'SENT') ? EXIT.deliveryFailed : EXIT.partial;
}

/** The JSON that `run` prints. */
export const runResult = ({ run, scheduledFor, state, deduplicated }: RanOnce) => ({
  task_id: run.task_id,
  run_id: run.id,
  scheduled_for: scheduledFor,
  state,
  reason: run.reason,
  error: run.error,
  deduplicated,
  document: run.document,
  documents: run.documents,
  deliveries: run.deliveries,
});
