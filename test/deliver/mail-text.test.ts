import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fillText,
  TEMPLATE_VARIABLES,
  type TemplateVariables,
  templateProblem,
} from '../../src/deliver/fill-template.ts';
import { oneLine, parseMailAddress, recipientText } from '../../src/deliver/mail-address.ts';
import { instantText, periodText, sizeText } from '../../src/deliver/mail-words.ts';
import { messageIdFor } from '../../src/deliver/message-id.ts';
import { wordNotice } from '../../src/deliver/notice-mail.ts';
import { type ReportMailFacts, wordReportMail } from '../../src/deliver/report-mail.ts';
import { type MailLocale, mailStrings } from '../../src/deliver/strings.ts';

const FACTS: ReportMailFacts = {
  locale: 'en',
  report: 'Weekly sales',
  subject: null,
  message: null,
  period: { from: new Date('2026-09-30T21:00:00Z'), to: new Date('2026-10-31T21:00:00Z') },
  timeZone: 'Europe/Moscow',
  scheduledFor: new Date('2026-11-01T06:00:00Z'),
  document: { id: 'd-1', name: 'Weekly sales.pdf', pages: 12, size: 1_234_567 },
  attached: true,
  alsoAttached: [],
  alsoLeft: [],
  pictureCid: null,
  link: null,
  partial: false,
  notes: [],
};
const LINK = {
  url: 'https://r.example/links/documents/d-1?expires=1&signature=s',
  expiresAt: new Date('2026-11-08T06:00:00Z'),
};
const LOCALES: MailLocale[] = ['en', 'ru', 'zh'];

const variables = Object.fromEntries(TEMPLATE_VARIABLES.map((name) => [name, `<${name}>`])) as TemplateVariables;

test('the standard subject is report and period, in the zone of the task', () => {
  expect(wordReportMail(FACTS).subject).toBe('Weekly sales — 1 – 31 Oct 2026');
  expect(wordReportMail({ ...FACTS, timeZone: 'UTC' }).subject).toBe(
    'Weekly sales — 30 Sept 2026, 21:00 – 31 Oct 2026, 21:00',
  );
  expect(wordReportMail({ ...FACTS, period: null }).subject).toBe('Weekly sales');
});

test.each(LOCALES)('%s: period, zone, pages, size and the words of the locale stand in both parts', (locale) => {
  const { text, html } = wordReportMail({ ...FACTS, locale });
  const words = mailStrings[locale];
  const shown = [
    periodText(FACTS.period as never, locale, 'Europe/Moscow'),
    'Europe/Moscow',
    '12',
    sizeText(1_234_567, locale),
  ];
  for (const part of [text, html]) {
    for (const fact of [...shown, words.attached, words.period, words.sentBy]) expect(part).toContain(fact);
    expect(part).not.toContain('undefined');
    expect(part).not.toMatch(/\{\{|\}\}/);
  }
});

test('a partial report says so in the subject, at the top and part by part', () => {
  const notes = [
    { name: 'Orders', state: 'failed', message: 'relation "orders" does not exist' },
    { name: 'Top', state: 'truncated', message: null },
  ] as const;
  const mail = wordReportMail({ ...FACTS, partial: true, notes, subject: 'Numbers of {{report}}' });
  expect(mail.subject).toBe('[partial] Numbers of Weekly sales');
  expect(mail.text).toContain('! This report is incomplete');
  expect(mail.text).toContain('- Orders: failed (relation "orders" does not exist)');
  expect(mail.text).toContain('- Top: truncated\n');
  expect(mail.html).toContain('This report is incomplete');
  expect(mail.html).toContain('&quot;orders&quot;');
});

test('what is not attached is linked, or named in the archive', () => {
  const linked = wordReportMail({ ...FACTS, attached: false, link: LINK });
  expect(linked.text).toContain(`${LINK.url}\nThe link is good until 8 Nov 2026, 09:00 (Europe/Moscow)`);
  expect(linked.html).toContain('href="https://r.example/links/documents/d-1?expires=1&amp;signature=s"');
  expect(linked.text).not.toContain('The report is attached');
  expect(wordReportMail({ ...FACTS, attached: false }).text).toContain('kept in the archive as document d-1');
});

test("a task's own subject and message are filled in, as text in the text and escaped in the HTML", () => {
  const mail = wordReportMail({
    ...FACTS,
    report: 'Sales <b>&</b> "more"',
    subject: '{{report}} ({{pages}} p.)\r\nBcc: x@y.test',
    message: 'Dear <all>,\n{{report}}\n\n{{#partial}}careful{{/partial}}{{^partial}}complete{{/partial}}',
  });
  expect(mail.subject).toBe('Sales <b>&</b> "more" (12 p.) Bcc: x@y.test');
  expect(mail.text).toContain('Dear <all>,\nSales <b>&</b> "more"\n\ncomplete');
  expect(mail.html).toContain('Dear &lt;all&gt;,\nSales &lt;b&gt;&amp;&lt;/b&gt; &quot;more&quot;</p>');
  expect(mail.html).not.toContain('<b>');
  expect(mail.problems).toEqual([]);
});

test('a broken template never costs the mail: ours is used, and the problem is told', () => {
  const mail = wordReportMail({ ...FACTS, subject: '{{#report}}', message: '{{report.constructor}}' });
  expect(mail.subject).toBe('Weekly sales — 1 – 31 Oct 2026');
  expect(mail.problems).toEqual([
    expect.stringMatching(/^subject: Unclosed/),
    expect.stringMatching(/^message: not a variable/),
  ]);
});

test.each([
  '{{report.constructor.constructor}}',
  '{{report.length}}',
  '{{__proto__.x}}',
  '{{#report}}{{constructor.name}}{{/report}}',
  '{{> partial}}',
  '{{=<% %>=}}',
  '{{#report}}',
  '{{nobody}}',
  '{{constructor}}',
  `{{report}}${' '.repeat(30_000)}`,
])('%s is told to be no template of ours', (template) => {
  expect(templateProblem(template)).toEqual(expect.any(String));
});

test('names of JavaScript own nothing here', () => {
  expect(fillText('[{{constructor}}][{{toString}}][{{__proto__}}][{{hasOwnProperty}}]', variables)).toBe('[][][][]');
});

test('whatever a template is, filling it gives text or an error, never more than its variables', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '#',
      '/',
      '^',
      '&',
      '>',
      '=',
      '!',
      '.',
      ' ',
      'report',
      'period',
      'constructor',
      '\n',
    ),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const template = pieces.join('');
      let filled: string;
      try {
        filled = fillText(template, variables);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        return;
      }
      expect(filled).not.toMatch(/function|\[native|\[object/);
    }),
    { numRuns: 500 },
  );
});

test('subjects stay short and on one line, whole characters kept', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (report) => {
      const { subject } = wordReportMail({ ...FACTS, report, period: null });
      expect([...subject].length).toBeLessThanOrEqual(200);
      expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(subject.isWellFormed() || !report.isWellFormed()).toBe(true);
    }),
  );
});

test.each(LOCALES)('%s: a notice tells what happened, why, and what to look for', (locale) => {
  for (const cause of ['FAILED', 'HELD', 'UNCERTAIN', 'REFUSED'] as const) {
    const facts = {
      locale,
      cause,
      report: 'Sales <1>',
      runId: 'run-9',
      scheduledFor: FACTS.scheduledFor,
      timeZone: 'UTC',
    };
    const { subject, text, html } = wordNotice({ ...facts, reason: 'a <b> reason\nand another', link: LINK });
    expect(subject).toBe(`Sales <1>: ${mailStrings[locale][cause].subject}`);
    expect(text).toContain(mailStrings[locale][cause].text);
    expect(text).toContain('a <b> reason\nand another');
    expect(text).toContain('run-9');
    expect(text).toContain(LINK.url);
    expect(html).toContain('a &lt;b&gt; reason');
    expect(html).not.toContain('<b>');
  }
});

test('instants and sizes in the words of the locale', () => {
  expect(instantText(FACTS.scheduledFor, 'en', 'Asia/Shanghai')).toBe('1 Nov 2026, 14:00');
  expect(instantText(FACTS.scheduledFor, 'ru', 'Asia/Shanghai')).toBe('1 нояб. 2026 г., 14:00');
  expect(instantText(FACTS.scheduledFor, 'zh', 'Asia/Shanghai')).toBe('2026年11月1日 14:00');
  expect([sizeText(10, 'en'), sizeText(1_572_864, 'en'), sizeText(1_572_864, 'ru')]).toEqual([
    '1 kB',
    '1.5 MB',
    '1,5 МБ',
  ]);
});

test('days around a clock change are still days', () => {
  const period = { from: new Date('2026-10-24T22:00:00Z'), to: new Date('2026-10-25T23:00:00Z') };
  expect(periodText(period, 'en', 'Europe/Berlin')).toBe('25 Oct 2026');
});

test('addresses: bare, with a name, in any script; nothing that could begin a line', () => {
  expect(parseMailAddress(' Anna <anna@box.test> ')).toEqual({ name: 'Anna', address: 'anna@box.test' });
  expect(parseMailAddress('"Иванова, Анна" <anna@почта.рф>')).toEqual({
    name: 'Иванова, Анна',
    address: 'anna@почта.рф',
  });
  expect(parseMailAddress('o’neil+x@b-c.test')?.address).toBe('o’neil+x@b-c.test');
  expect(recipientText('not\r\nan address')).toBe('not an address');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const parsed = parseMailAddress(`${text}@box.test`);
      if (parsed) expect(parsed.address).not.toMatch(/[\s<>\p{Cc}]/u);
      expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }),
  );
});

test('a Message-ID is the same for the same run and recipient, in any letter case, and for no other', () => {
  const id = messageIdFor('run-1', 'Anna@box.test', 'Reports <r@mail.test>');
  expect(id).toMatch(/^<run-1\.[0-9a-f]{24}@mail\.test>$/);
  expect(messageIdFor('run-1', 'anna@BOX.test', 'r@mail.test')).toBe(id);
  expect(messageIdFor('run-2', 'anna@box.test', 'r@mail.test')).not.toBe(id);
  expect(messageIdFor('run-1', 'boris@box.test', 'r@mail.test')).not.toBe(id);
});
