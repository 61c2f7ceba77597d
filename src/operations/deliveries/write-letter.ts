import type { Letter } from '../../deliver/channel.ts';
import { parseMailAddress } from '../../deliver/mail-address.ts';
import { wordReportMail } from '../../deliver/report-mail.ts';
import type { MailLocale } from '../../deliver/strings.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { documentLink } from './document-link.ts';
import { enclose } from './enclose.ts';
import { type LoadedDelivery, namedRecipients } from './load-delivery.ts';
import type { Post } from './post.ts';

export type DeliverableRow = LoadedDelivery & { document: NonNullable<LoadedDelivery['document']> };

/** Locale and zone of a run's mails: what the run was asked for, else its task's, else the configured ones. */
export function mailSettings(
  ctx: Ctx,
  row: { run: LoadedDelivery['run']; task: LoadedDelivery['task'] },
): { locale: MailLocale; timeZone: string } {
  const wanted = row.run.params.locale ?? row.task?.locale ?? ctx.config.LOCALE;
  const locale: MailLocale = wanted === 'ru' || wanted === 'zh' ? wanted : 'en';
  return { locale, timeZone: row.run.params.time_zone ?? row.task?.timeZone ?? ctx.config.TIME_ZONE };
}

/**
 * The letter of a delivery. The document and its further formats are attached as far as they fit into
 * ATTACHMENT_LIMIT_BYTES together, the document first, unless `withoutDocument` says so; of the others a signed link stands
 * in the letter, or, without PUBLIC_URL, the id in the archive. With PUBLIC_URL the document's link stands beside an
 * attachment as well. Its date is the document's, so a repeat is the same letter;
 * only the link's end is counted from `at`.
 */
export async function writeLetter(args: {
  ctx: Ctx;
  post: Post;
  row: DeliverableRow;
  at: Date;
  withoutDocument: boolean;
}): Promise<Letter> {
  const { ctx, post, row, at } = args;
  const { delivery, run, document, task } = row;
  const limit = args.withoutDocument ? 0 : ctx.config.ATTACHMENT_LIMIT_BYTES;
  const enclosed = await enclose({ ctx, post, document, limit });
  const { left } = enclosed;
  const words = wordReportMail({
    ...mailSettings(ctx, row),
    report: row.reportName ?? document.name,
    subject: task?.subject ?? null,
    message: task?.message ?? null,
    period: periodOf(document.manifest),
    scheduledFor: run.scheduledFor,
    document,
    attached: !left.includes(document),
    alsoAttached: enclosed.attached.filter((file) => file !== document).map((file) => file.name),
    alsoLeft: left
      .filter((file) => file !== document)
      .map(({ id, name, size }) => ({ id, name, size, url: documentLink(ctx, id, at)?.url ?? null })),
    pictureCid: enclosed.picture?.cid ?? null,
    link: documentLink(ctx, document.id, at),
    partial: run.widgets.some((widget) => widget.state === 'failed' || widget.state === 'timed out'),
    notes: run.widgets.flatMap(noteOf),
  });
  if (words.problems.length > 0) ctx.log.warn({ problems: words.problems }, 'mail template not used');
  return {
    messageId: delivery.messageId,
    from: ctx.config.MAIL_FROM,
    recipient: delivery.recipient,
    ...(await headersTo(ctx, delivery)),
    replyTo: task?.replyTo && parseMailAddress(task.replyTo) ? task.replyTo : null,
    date: document.createdAt,
    subject: words.subject,
    text: words.text,
    html: words.html,
    attachments: enclosed.attachments,
    picture: enclosed.picture,
    headers: { 'X-Broadsheet-Run': run.id, ...(run.taskId ? { 'X-Broadsheet-Task': run.taskId } : {}) },
  };
}

async function headersTo(ctx: Ctx, delivery: LoadedDelivery['delivery']): Promise<{ to: string[]; cc: string[] }> {
  const named = (await namedRecipients(ctx, delivery.runId)).filter((row) => parseMailAddress(row.recipient));
  if (named.length === 0) return { to: delivery.role === 'bcc' ? [] : [delivery.recipient], cc: [] };
  const of = (role: string): string[] => named.filter((row) => row.role === role).map((row) => row.recipient);
  return { to: of('to'), cc: of('cc') };
}

function noteOf(widget: WidgetOutcome) {
  const { name, state, message } = widget;
  return state === 'ok' || state === 'empty' ? [] : [{ name, state, message }];
}

/** The manifest is stored JSON: an older version's may lack the period. */
function periodOf(manifest: Record<string, unknown>): { from: Date; to: Date } | null {
  const period = manifest.period as { from?: unknown; to?: unknown } | null | undefined;
  if (typeof period?.from !== 'string' || typeof period.to !== 'string') return null;
  const from = new Date(period.from);
  const to = new Date(period.to);
  return from <= to ? { from, to } : null;
}
