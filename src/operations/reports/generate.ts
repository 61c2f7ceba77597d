import { setTimeout as pause } from 'node:timers/promises';
import { and, eq } from 'drizzle-orm';
import { BroadsheetError, badRequest } from '../../errors.ts';
import { normaliseTimeZone } from '../../period/cron.ts';
import { resolvePeriod } from '../../period/period.ts';
import { documents, type RunParams, runs } from '../../store/schema/runs.ts';
import { type DocumentFile, fileOf } from '../archive/open-file.ts';
import type { GenerateInput } from '../archive/schemas.ts';
import { type Ctx, withTransaction } from '../context.ts';
import { getResource } from '../resources/get.ts';
import { createRun } from '../runs/create-run.ts';
import { requireRoom } from '../runs/under-way.ts';
import { oncePerKey } from './once-per-key.ts';
import { reportResource } from './resource.ts';

export type Generated =
  | { readonly kind: 'ready'; readonly runId: string; readonly file: DocumentFile }
  /** Not ready in time: the run goes on. */
  | { readonly kind: 'pending'; readonly runId: string };

const FIRST_LOOK_MS = 20;
const LONGEST_PAUSE_MS = 250;

/**
 * Print a report now, for who sees it: a run without a task, on the queue that every process serves. Waits
 * `GENERATE_WAIT_MS` for its document. With an idempotency key the same request within 24 hours is the same run.
 * @throws BroadsheetError `not_found` "report not found", `forbidden`, `bad_request` for a wrong period or zone,
 * `unprocessable` when the key was used for another request, or when the report can't be printed, `rate_limited` for who
 * has too many orders under way.
 */
export async function generateReport({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GenerateInput & { readonly reportId: string; readonly idempotencyKey: string | null };
}): Promise<Generated> {
  await getResource({ ctx, resource: reportResource, input: { id: input.reportId, relations: [] } });
  const scheduledFor = await ctx.clock.now();
  const params = paramsOf(ctx, input, scheduledFor);
  const runId = await withTransaction(ctx, (inner) => {
    const create = async (): Promise<string> => {
      await requireRoom(inner);
      const order = { reportId: input.reportId, scheduledFor, trigger: 'on_demand', params } as const;
      return (await createRun({ ctx: inner, input: order })).id;
    };
    const { idempotencyKey: key } = input;
    const reportId = input.reportId.toLowerCase();
    return key === null
      ? create()
      : oncePerKey(inner, { key, request: { reportId, params }, at: scheduledFor }, create);
  });
  return settled(ctx, runId);
}

function paramsOf(ctx: Ctx, input: GenerateInput, now: Date): RunParams {
  const zone = input.time_zone ? zoneOf(input.time_zone) : null;
  const period = input.period?.length ? [...input.period] : null;
  if (period) resolvePeriod(period, now, zone ?? ctx.config.TIME_ZONE);
  return {
    ...(period ? { period } : {}),
    ...(zone ? { time_zone: zone } : {}),
    ...(input.locale ? { locale: input.locale } : {}),
    ...(input.format && input.format !== 'pdf' ? { outputs: [input.format] } : {}),
  };
}

function zoneOf(name: string): string {
  try {
    return normaliseTimeZone(name);
  } catch {
    throw badRequest('Bad Request: time_zone: not the name of a time zone');
  }
}

async function settled(ctx: Ctx, runId: string): Promise<Generated> {
  const until = performance.now() + ctx.config.GENERATE_WAIT_MS;
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    const found = await outcomeOf(ctx, runId);
    if (found) return found;
    const left = until - performance.now();
    if (left <= 0) return { kind: 'pending', runId };
    await pause(Math.min(wait, left), undefined, { signal: ctx.signal });
  }
}

async function outcomeOf(ctx: Ctx, runId: string): Promise<Generated | null> {
  const [found] = await ctx.db
    .select({ state: runs.state, error: runs.error, finishedAt: runs.finishedAt, documentId: documents.id })
    .from(runs)
    .leftJoin(documents, and(eq(documents.runId, runs.id), eq(documents.role, 'main')))
    .where(eq(runs.id, runId));
  if (found?.documentId) return { kind: 'ready', runId, file: await fileOf(ctx, found.documentId) };
  if (found && found.finishedAt === null) return null;
  const why = found?.error?.message ?? (found?.state === 'CANCELED' ? 'the run was canceled' : 'its document is gone');
  throw new BroadsheetError('unprocessable', `the report could not be generated: ${why}`, { run_id: runId });
}
