import type { TaskHooks } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { captureFinisher } from './capture-step.ts';
import { SNAPSHOT_TASK } from './parts.ts';

/** What happens when a task of this noun ends: a capture that failed is a row too. */
export const snapshotHooks = (ctx: Ctx): TaskHooks => ({
  finished: { [SNAPSHOT_TASK]: captureFinisher(ctx) },
  reopened: {},
});
