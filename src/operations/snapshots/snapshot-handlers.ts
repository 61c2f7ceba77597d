import type { Handlers } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { captureStep } from './capture-step.ts';
import { CAPTURE_SNAPSHOT } from './parts.ts';

/** The handlers of snapshots, for the worker that the composition root starts. `ctx` acts as the service. */
export const createSnapshotHandlers = (ctx: Ctx): Pick<Handlers, 'steps'> => ({
  steps: { [CAPTURE_SNAPSHOT]: captureStep(ctx) },
});
