import type { Handlers } from '../../tasks/handlers.ts';
import type { Ctx } from '../context.ts';
import { deliverStep, noticeStep } from './deliver-step.ts';
import { expandRun } from './expand-run.ts';
import { makeDocumentStep } from './make-document-step.ts';
import { DELIVER, MAKE_DOCUMENT, type RunParts, SEND_NOTICE } from './parts.ts';
import { runHooks } from './run-hooks.ts';

/** The handlers of runs, for the worker that the composition root starts. `ctx` acts as the service. */
export const createRunHandlers = (ctx: Ctx, parts: RunParts): Handlers => ({
  steps: {
    [MAKE_DOCUMENT]: makeDocumentStep(ctx, parts),
    [DELIVER]: deliverStep(ctx, parts),
    [SEND_NOTICE]: noticeStep(ctx, parts),
  },
  expandRun: (runId) => expandRun({ ctx, input: { runId } }),
  ...runHooks(ctx),
});
