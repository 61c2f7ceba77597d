import type { Handlers } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { captureStep } from './capture-step.ts';
import { CAPTURE_SNAPSHOT } from './parts.ts';
import { snapshotHooks } from './snapshot-hooks.ts';

/** The handlers of snapshots, for the worker that the composition root starts. `ctx` acts as the service. */
export const createSnapshotHandlers = (ctx: Ctx): Omit<Handlers, 'expandRun'> => ({
  steps: { [CAPTURE_SNAPSHOT]: captureStep(ctx) },
  ...snapshotHooks(ctx),
});
