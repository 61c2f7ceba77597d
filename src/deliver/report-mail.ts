import { messageOf } from '../errors.ts';
import { fillMail, fillText, type TemplateVariables } from './fill-template.ts';
import { oneLine } from './mail-address.ts';
import { instantText, LANGUAGE_TAGS, periodText, sizeText } from './mail-words.ts';
import { type MailLocale, mailStrings } from './strings.ts';

/** Longer subjects are cut: lists show far less, and a header should stay one. */
const SUBJECT_LENGTH = 200;
const NOTES = 20;
const NOTE_LENGTH = 300;

/** What a report mail says: facts, no wording. */
export interface ReportMailFacts {
  readonly locale: MailLocale;
  readonly report: string;
  /** The task's own templates; null = ours. */
  readonly subject: string | null;
  readonly message: string | null;
  readonly period: { readonly from: Date; readonly to: Date } | null;
  readonly timeZone: string;
  readonly scheduledFor: Date;
  readonly document: { readonly id: string; readonly name: string; readonly pages: number; readonly size: number };
  readonly attached: boolean;
  /** Names of its further formats in the letter. */
  readonly alsoAttached: readonly string[];
  /** Further formats for which there was no room; `url` is null where links are not possible. */
  readonly alsoLeft: readonly {
    readonly id: string;
    readonly name: string;
    readonly size: number;
    readonly url: string | null;
  }[];
  /** Of the picture of the first page, where the letter has one. */
  readonly pictureCid: string | null;
  readonly link: { readonly url: string; readonly expiresAt: Date } | null;
  /** A widget failed: said in the subject and at the top. */
  readonly partial: boolean;
  readonly notes: readonly {
    readonly name: string;
    readonly state: 'failed' | 'timed out' | 'truncated';
    readonly message: string | null;
  }[];
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Templates of the task that could not be used, and why. */
  readonly problems: readonly string[];
}

/** Word a report mail. A task's template that is broken gives way to ours: a typing error never costs a delivery. */
export function wordReportMail(facts: ReportMailFacts): MailText {
  const words = mailStrings[facts.locale];
  const variables = variablesOf(facts);
  const problems: string[] = [];
  const own = (kind: string, template: string | null): string | null => {
    if (template === null || template.trim() === '') return null;
    try {
      return fillText(template, variables);
    } catch (error) {
      problems.push(`${kind}: ${messageOf(error)}`);
      return null;
    }
  };
  const standard = variables.period === '' ? facts.report : `${facts.report} — ${variables.period}`;
  const subject = oneLine(own('subject', facts.subject) ?? standard) || standard;
  const message = own('message', facts.message);
  const view = {
    words,
    language: LANGUAGE_TAGS[facts.locale],
    subject,
    report: oneLine(facts.report),
    message,
    paragraphs: message === null ? [] : message.trim().split(/\r?\n(?:[ \t]*\r?\n)+/),
    partial: facts.partial,
    rows: rowsOf(facts, variables),
    attached: facts.attached,
    tooLarge: !facts.attached,
    link: facts.link && {
      url: facts.link.url,
      until: `${instantText(facts.link.expiresAt, facts.locale, facts.timeZone)} (${facts.timeZone})`,
    },
    documentId: facts.document.id,
    picture: facts.pictureCid && { cid: facts.pictureCid, alt: `${words.firstPage}: ${standard}` },
    left: facts.alsoLeft.map(({ id, name, size, url }) => {
      return { id, name: oneLine(name), size: sizeText(size, facts.locale), url };
    }),
    notes: facts.notes.slice(0, NOTES).map((note) => ({
      name: oneLine(note.name),
      state: words[note.state],
      message: note.message === null ? null : oneLine(note.message).slice(0, NOTE_LENGTH),
    })),
    moreNotes: Math.max(0, facts.notes.length - NOTES),
  };
  const marked = facts.partial ? `[${words.partial}] ${subject}` : subject;
  return { subject: cut(marked), ...fillMail('report', view), problems };
}

function rowsOf(facts: ReportMailFacts, variables: TemplateVariables): { label: string; value: string }[] {
  const words = mailStrings[facts.locale];
  const rows = [
    { label: words.period, value: variables.period },
    { label: words.timeZone, value: variables.time_zone },
    { label: words.scheduledFor, value: variables.scheduled_for },
    { label: words.document, value: variables.document },
    { label: words.alsoAttached, value: facts.alsoAttached.map(oneLine).join(', ') },
    { label: words.pages, value: variables.pages },
    { label: words.size, value: variables.size },
  ];
  return rows.filter((row) => row.value !== '');
}

function variablesOf(facts: ReportMailFacts): TemplateVariables {
  const { locale, timeZone, period } = facts;
  return {
    report: facts.report,
    period: period ? periodText(period, locale, timeZone) : '',
    period_from: period ? instantText(period.from, locale, timeZone) : '',
    period_to: period ? instantText(period.to, locale, timeZone) : '',
    time_zone: timeZone,
    scheduled_for: instantText(facts.scheduledFor, locale, timeZone),
    document: facts.document.name,
    pages: facts.document.pages === 0 ? '' : String(facts.document.pages),
    size: sizeText(facts.document.size, locale),
    partial: facts.partial ? mailStrings[locale].partial : '',
    link: facts.link?.url ?? '',
  };
}

/** Cut between characters as people see them, never inside a surrogate pair. */
function cut(subject: string): string {
  const letters = [...subject];
  return letters.length <= SUBJECT_LENGTH ? subject : `${letters.slice(0, SUBJECT_LENGTH - 1).join('')}…`;
}
