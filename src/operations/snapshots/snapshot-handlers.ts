import type { Handlers } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { captureFinisher, captureStep } from './capture-step.ts';
import { CAPTURE_SNAPSHOT, SNAPSHOT_TASK } from './parts.ts';

/** The handlers of snapshots, for the worker that the composition root starts. `ctx` acts as the service. */
export const createSnapshotHandlers = (ctx: Ctx): Pick<Handlers, 'steps' | 'finished'> => ({
  steps: { [CAPTURE_SNAPSHOT]: captureStep(ctx) },
  finished: { [SNAPSHOT_TASK]: captureFinisher(ctx) },
});
