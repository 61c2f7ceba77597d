import { badRequest } from '../../errors.ts';
import { normaliseTimeZone, parseInterval } from '../../period/cron.ts';
import type { Recipients, reportTasks } from '../../store/schema/definitions.ts';
import type { Ctx } from '../context.ts';
import { uuid } from '../resources/schemas.ts';
import type { CreateTaskInput, UpdateTaskInput } from './schemas.ts';

/** The documented checks of an instance: its format only, any uuid may be one. */
export function checkInstance(instance: string | null | undefined): string {
  if (!instance) throw badRequest('missing instance for report generate task');
  if (!uuid.safeParse(instance).success) throw badRequest('instance id should be uuid format');
  return instance.toLowerCase();
}

/** @throws BroadsheetError `bad_request` with the documented texts, in the documented order. */
export function checkInterval(interval: string | null | undefined): string {
  if (!interval?.trim()) throw badRequest('missing mandatory field: interval');
  return parseInterval(interval);
}

/** The zone given, or the configured one. @throws BroadsheetError `bad_request` "invalid interval format" */
export const zoneOf = (ctx: Ctx, zone: string | null | undefined): string =>
  normaliseTimeZone(zone ?? ctx.config.TIME_ZONE);

/** @throws BroadsheetError `bad_request` */
export function checkWindow(startAt: Date | null, endAt: Date | null): void {
  if (startAt && endAt && startAt >= endAt) throw badRequest('Bad Request: end_at: not after start_at');
}

type Columns = Partial<typeof reportTasks.$inferInsert>;

/** The columns, besides the schedule's, that a write names: absent stays as it is, null becomes the default. */
export function mailColumns(ctx: Ctx, input: CreateTaskInput | UpdateTaskInput): Columns {
  const columns: Columns = {};
  if (input.locale !== undefined) columns.locale = input.locale ?? ctx.config.LOCALE;
  if (input.misfire_policy !== undefined) columns.misfirePolicy = input.misfire_policy ?? 'once';
  if (input.overlap_policy !== undefined) columns.overlapPolicy = input.overlap_policy ?? 'queue';
  if (input.on_partial !== undefined) columns.onPartial = input.on_partial ?? 'send';
  if (input.outputs !== undefined) columns.outputs = input.outputs ?? ['pdf'];
  if (input.mail_preview !== undefined) columns.mailPreview = input.mail_preview ?? true;
  if (input.recipients !== undefined) columns.recipients = recipientsOf(input.recipients);
  if (input.reply_to !== undefined) columns.replyTo = input.reply_to;
  if (input.subject !== undefined) columns.subject = input.subject;
  if (input.message !== undefined) columns.message = input.message;
  return columns;
}

const recipientsOf = (given: CreateTaskInput['recipients']): Recipients => ({
  to: given?.to ?? [],
  cc: given?.cc ?? [],
  bcc: given?.bcc ?? [],
});
