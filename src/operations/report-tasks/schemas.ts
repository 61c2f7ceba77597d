import { z } from 'zod';
import { templateProblem } from '../../deliver/fill-template.ts';
import { parseMailAddress } from '../../deliver/mail-address.ts';
import { outputKinds } from '../archive/schemas.ts';
import { instant, line, uuid } from '../resources/schemas.ts';

const MAX_ADDRESSES = 200;
const MAX_MESSAGE = 20_000;
/** Line breaks and tabs are what a message may have of control characters. */
const CONTROL = /[^\P{Cc}\n\r\t]/u;

const mailbox = line(320).refine((text) => parseMailAddress(text) !== null, 'not an e-mail address');
const mailboxes = z.array(mailbox).max(MAX_ADDRESSES).nullish();
const word = z.string().max(1_000).nullish();

/** A mustache template that a mail can be filled from. */
const template = (text: z.ZodString) =>
  text.superRefine((value, context) => {
    const problem = templateProblem(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/**
 * The three documented fields are any text here, absent or null included: the verb checks them in the documented order,
 * each with its documented text. For our additions null means "the default".
 */
const fields = {
  interval: word,
  instance: word,
  time_zone: z.string().max(100).nullish(),
  locale: z.enum(['en', 'ru', 'zh']).nullish(),
  enabled: z.boolean().nullish(),
  /** The first instant that may fire. */
  start_at: instant.nullish(),
  /** The first instant that may not fire any more. */
  end_at: instant.nullish(),
  misfire_policy: z.enum(['skip', 'once', 'all']).nullish(),
  overlap_policy: z.enum(['skip', 'queue', 'parallel']).nullish(),
  on_partial: z.enum(['send', 'hold']).nullish(),
  /** Kinds of file, the document itself first. */
  outputs: outputKinds.nullish(),
  /** Show the first page as a picture in the mail. */
  mail_preview: z.boolean().nullish(),
  recipients: z.object({ to: mailboxes, cc: mailboxes, bcc: mailboxes }).nullish(),
  reply_to: mailbox.nullish(),
  subject: template(line(500)).nullish(),
  message: template(
    z
      .string()
      .max(MAX_MESSAGE)
      .refine((text) => !CONTROL.test(text), 'control characters are not allowed'),
  ).nullish(),
};

export const createTaskSchema = z.object({
  ...fields,
  report_id: word,
  /** Keep the report's former task: this one is listed beside it in the report's `tasks`. */
  additional: z.boolean().nullish(),
});

export const updateTaskSchema = z.object({ ...fields, id: uuid });

export type CreateTaskInput = z.output<typeof createTaskSchema>;
export type UpdateTaskInput = z.output<typeof updateTaskSchema>;
