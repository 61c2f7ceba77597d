import { and, eq } from 'drizzle-orm';
import type { Letter } from '../../deliver/channel.ts';
import { messageIdFor } from '../../deliver/message-id.ts';
import { wordNotice } from '../../deliver/notice-mail.ts';
import { BroadsheetError, notFound } from '../../errors.ts';
import { reports, reportTasks } from '../../store/schema/definitions.ts';
import { documents, notices, runs } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { documentLink } from '../deliveries/document-link.ts';
import type { NoticeCause, Post } from '../deliveries/post.ts';
import { mailSettings } from '../deliveries/write-letter.ts';
import { noticeRecipients } from './notice-recipients.ts';
import { reasonOf } from './reason-of.ts';

export interface NoticeRunInput {
  readonly runId: string;
  readonly cause: NoticeCause;
}

/**
 * Tell the owner of a run's task, and all admins, what went wrong with it: once per task, cause and day (in the task's
 * zone). The row in `notices` comes first and decides: of two processes, or two runs on one day, one sends. The run that
 * wrote the row may call again, so that a notice survives the loss of its worker; its mails then have the same
 * Message-IDs. A run without a task has nobody to tell: who asked for it has got the answer.
 * @throws BroadsheetError `unavailable` when nobody could be reached now, and a later call may do better.
 */
export async function noticeRun({ ctx, post, input }: { ctx: Ctx; post: Post; input: NoticeRunInput }): Promise<void> {
  const row = await loadRun(ctx, input.runId);
  if (!row.task) return;
  const at = await ctx.clock.now();
  const { timeZone } = mailSettings(ctx, row);
  const log = ctx.log.child({ cause: input.cause });
  if (!(await isOurs(ctx, { ...input, taskId: row.task.id, day: dayIn(timeZone, at), at }))) {
    log.info('notice was sent today already');
    return;
  }
  const recipients = await noticeRecipients(ctx, row.task.ownerId);
  const outcomes = await Promise.all(
    (await lettersTo(ctx, row, { input, recipients, at })).map((letter) =>
      post.channels.email.send(letter, ctx.signal, async () => true),
    ),
  );
  const sent = outcomes.filter((outcome) => outcome.state === 'SENT' || outcome.state === 'UNCERTAIN').length;
  const failures = outcomes.filter((outcome) => outcome.state !== 'SENT').map((outcome) => outcome.response);
  if (failures.length > 0) log.error({ failures: failures.slice(0, 5) }, 'notice not sent to everybody');
  log.info({ recipients: recipients.length, sent }, 'notice');
  if (sent === 0 && outcomes.some((outcome) => outcome.state === 'RETRYING')) {
    throw new BroadsheetError('unavailable', `the notice could not be sent: ${failures[0] ?? ''}`);
  }
}

async function loadRun(ctx: Ctx, runId: string) {
  const [row] = await ctx.db
    .select({ run: runs, task: reportTasks, reportName: reports.name, document: documents })
    .from(runs)
    .leftJoin(reportTasks, eq(reportTasks.id, runs.taskId))
    .leftJoin(reports, eq(reports.id, runs.reportId))
    .leftJoin(documents, and(eq(documents.runId, runs.id), eq(documents.role, 'main')))
    .where(eq(runs.id, runId));
  if (!row) throw notFound('run not found');
  return row;
}

type LoadedRun = Awaited<ReturnType<typeof loadRun>>;

interface Day {
  readonly taskId: string;
  readonly cause: string;
  readonly day: string;
  readonly runId: string;
  readonly at: Date;
}

async function isOurs(ctx: Ctx, { taskId, cause, day, runId, at }: Day): Promise<boolean> {
  const inserted = await ctx.db
    .insert(notices)
    .values({ taskId, cause, day, runId, createdAt: at })
    .onConflictDoNothing()
    .returning({ runId: notices.runId });
  if (inserted.length > 0) return true;
  const [there] = await ctx.db
    .select({ runId: notices.runId })
    .from(notices)
    .where(and(eq(notices.taskId, taskId), eq(notices.cause, cause), eq(notices.day, day)));
  return there?.runId === runId;
}

async function lettersTo(
  ctx: Ctx,
  row: LoadedRun,
  { input, recipients, at }: { input: NoticeRunInput; recipients: readonly string[]; at: Date },
): Promise<Letter[]> {
  const words = wordNotice({
    ...mailSettings(ctx, row),
    cause: input.cause,
    report: row.reportName ?? row.run.id,
    runId: row.run.id,
    scheduledFor: row.run.scheduledFor,
    reason: await reasonOf(ctx, row.run),
    link: row.document && documentLink(ctx, row.document.id, at),
  });
  return recipients.map((recipient) => ({
    messageId: messageIdFor(`${row.run.id}.${input.cause}`, recipient, ctx.config.MAIL_FROM),
    from: ctx.config.MAIL_FROM,
    recipient,
    to: [recipient],
    cc: [],
    replyTo: null,
    date: at,
    ...words,
    attachments: [],
    picture: null,
    headers: { 'X-Broadsheet-Run': row.run.id, 'X-Broadsheet-Notice': input.cause },
  }));
}

/** The date in a zone, `YYYY-MM-DD`. */
const dayIn = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
