import { fillMail } from './fill-template.ts';
import { oneLine } from './mail-address.ts';
import { instantText, LANGUAGE_TAGS } from './mail-words.ts';
import { type MailLocale, mailStrings } from './strings.ts';

const REASON_LENGTH = 2_000;
const SUBJECT_LENGTH = 200;

/** What a notice about a run says. */
export interface NoticeMailFacts {
  readonly locale: MailLocale;
  readonly cause: 'FAILED' | 'HELD' | 'UNCERTAIN' | 'REFUSED';
  readonly report: string;
  readonly runId: string;
  readonly scheduledFor: Date;
  readonly timeZone: string;
  readonly reason: string;
  /** The document, where there is one and links are possible. */
  readonly link: { readonly url: string; readonly expiresAt: Date } | null;
}

/** Word the mail that tells a task's owner and the admins what went wrong. */
export function wordNotice(facts: NoticeMailFacts): { subject: string; text: string; html: string } {
  const words = mailStrings[facts.locale];
  const cause = words[facts.cause];
  const subject = [...oneLine(`${facts.report}: ${cause.subject}`)].slice(0, SUBJECT_LENGTH).join('');
  const at = (instant: Date): string => `${instantText(instant, facts.locale, facts.timeZone)} (${facts.timeZone})`;
  const view = {
    words,
    language: LANGUAGE_TAGS[facts.locale],
    subject,
    report: oneLine(facts.report),
    text: cause.text,
    reason: facts.reason.trim().slice(0, REASON_LENGTH),
    rows: [
      { label: words.report, value: oneLine(facts.report) },
      { label: words.scheduledFor, value: at(facts.scheduledFor) },
      { label: words.run, value: facts.runId },
    ],
    link: facts.link && { url: facts.link.url, until: at(facts.link.expiresAt) },
  };
  return { subject, ...fillMail('notice', view) };
}
