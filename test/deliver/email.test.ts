import { createHash, randomBytes } from 'node:crypto';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { openEmail } from '../../src/deliver/email.ts';
import { agreed, letterTo, never } from './letters.ts';
import { startScriptedRelay } from './scripted-relay.ts';

interface Received {
  readonly from: string;
  readonly to: string[];
  readonly mail: Email;
  readonly raw: string;
}

interface Relay {
  readonly url: string;
  readonly received: Received[];
  most: number;
}

const servers: SMTPServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(resolve))));
});

/** A real SMTP server in this process. */
async function startRelay(options: SMTPServerOptions = {}): Promise<Relay> {
  const relay = { url: '', received: [] as Received[], most: 0 };
  let open = 0;
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    onConnect: (_session, done) => {
      open += 1;
      relay.most = Math.max(relay.most, open);
      done();
    },
    onClose: () => {
      open -= 1;
    },
    onData: (stream, session, done) => {
      const receive = async (): Promise<void> => {
        const pieces: Buffer[] = [];
        for await (const piece of stream) pieces.push(piece as Buffer);
        const raw = Buffer.concat(pieces);
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((one) => one.address);
        const mail = await PostalMime.parse(raw);
        relay.received.push({ from: mailFrom ? mailFrom.address : '', to, mail, raw: raw.toString('latin1') });
      };
      receive().then(
        () => done(null, 'taken'),
        (error: unknown) => done(error as Error),
      );
    },
    ...options,
  });
  server.on('error', () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address() as { port: number };
  relay.url = `smtp://127.0.0.1:${address.port}`;
  return relay;
}

const openAt = (url: string) => openEmail({ smtpUrl: url, sender: 'reports@mail.test', timeoutMs: 10_000 });
const sha256 = (bytes: ArrayBuffer | Uint8Array): string =>
  createHash('sha256').update(new Uint8Array(bytes)).digest('hex');

const only = (relay: Relay): Received => {
  expect(relay.received).toHaveLength(1);
  return relay.received[0] as Received;
};

test('Russian and Chinese subjects, names, texts and file names arrive as they were written', async () => {
  const relay = await startRelay();
  const name = 'Отчёт «Продажи» 第一季度 (итог).pdf';
  const bytes = randomBytes(40_000);
  const letter = letterTo('anna@box.test', {
    from: 'Отчёты 报告 <reports@mail.test>',
    subject: `Продажи за октябрь — 每周销售报告 ${'очень длинная тема '.repeat(8)}`.trim(),
    text: 'Уважаемые коллеги!\n.точка в начале строки\n.\n最后一行',
    html: '<p>Уважаемые <b>коллеги</b> 你好</p>',
    attachments: [{ name, mediaType: 'application/pdf', bytes }],
  });
  expect((await openAt(relay.url).send(letter, never, agreed)).state).toBe('SENT');
  const { mail, raw } = only(relay);
  expect(mail.from).toMatchObject({ name: 'Отчёты 报告', address: 'reports@mail.test' });
  expect(mail.subject).toBe(letter.subject);
  expect(mail.text?.replaceAll('\r\n', '\n').trim()).toBe(letter.text);
  expect(mail.html?.trim()).toBe(letter.html);
  expect(mail.attachments).toHaveLength(1);
  expect(mail.attachments[0]).toMatchObject({ filename: name, mimeType: 'application/pdf', disposition: 'attachment' });
  expect(sha256(mail.attachments[0]?.content as ArrayBuffer)).toBe(sha256(bytes));
  expect(raw).toMatch(/filename\*\d?\*?=utf-8''/i);
  expect(raw.split('\r\n').every((line) => line.length <= 998 && /^[\t -~]*$/.test(line))).toBe(true);
});

test('says that no person wrote it, who answers go to, and when it was made', async () => {
  const relay = await startRelay();
  const more = { replyTo: 'Help <help@mail.test>', headers: { 'X-Broadsheet-Run': 'run-1' } };
  await openAt(relay.url).send(letterTo('anna@box.test', more), never, agreed);
  const { mail } = only(relay);
  const header = (key: string) => mail.headers.find((one) => one.key === key)?.value;
  expect(header('auto-submitted')).toBe('auto-generated');
  expect(header('precedence')).toBe('bulk');
  expect(header('x-broadsheet-run')).toBe('run-1');
  expect(mail.replyTo).toMatchObject([{ name: 'Help', address: 'help@mail.test' }]);
  expect(new Date(mail.date ?? '')).toEqual(new Date('2026-11-21T09:00:00Z'));
  expect(mail.messageId).toBe('<run-1.0123456789abcdef@mail.test>');
});

test('a hidden recipient is in the envelope and nowhere else', async () => {
  const relay = await startRelay();
  const letter = letterTo('hidden@box.test', { to: ['anna@box.test'], cc: ['boris@box.test'] });
  await openAt(relay.url).send(letter, never, agreed);
  const { to, mail, raw } = only(relay);
  expect(to).toEqual(['hidden@box.test']);
  expect(mail.to?.map((one) => one.address)).toEqual(['anna@box.test']);
  expect(mail.cc?.map((one) => one.address)).toEqual(['boris@box.test']);
  expect(raw).not.toContain('hidden@');
});

test('a mail to hidden recipients only names nobody', async () => {
  const relay = await startRelay();
  await openAt(relay.url).send(letterTo('hidden@box.test', { to: [] }), never, agreed);
  expect(only(relay).raw).toMatch(/^To: "?undisclosed-recipients"?:\s?;\r$/m);
});

test('line breaks in subject, sender, names and headers begin no header of their own', async () => {
  const relay = await startRelay();
  const evil = 'x\r\nBcc: victim@box.test\r\n\r\n<script>\u2028\u0000';
  const letter = letterTo('anna@box.test', {
    subject: evil,
    replyTo: `"${evil}" <help@mail.test>`,
    headers: { 'X-Broadsheet-Run': evil },
    attachments: [{ name: `${evil}.pdf`, mediaType: 'application/pdf', bytes: Buffer.from('x') }],
  });
  expect((await openAt(relay.url).send(letter, never, agreed)).state).toBe('SENT');
  const { mail, to } = only(relay);
  expect(to).toEqual(['anna@box.test']);
  expect(mail.bcc ?? []).toEqual([]);
  expect(mail.headers.map((one) => one.key)).not.toContain('bcc');
  expect(mail.subject).toBe('x Bcc: victim@box.test <script>');
  expect(mail.text?.trim()).toBe(letter.text);
  expect(mail.attachments).toHaveLength(1);
  expect(mail.attachments[0]?.filename ?? '').not.toMatch(/[\r\n]/);
});

test.each([
  'anna@box.test\r\nRCPT TO:<victim@box.test>',
  'anna@box.test>\r\nDATA',
  'anna@box.test,victim@box.test',
  'no address',
  '@box.test',
  'a@',
  'a b@box.test',
  `${'a'.repeat(65)}@box.test`,
  'anna@box..test',
  '',
])('%j is no address: REFUSED without a word to the relay', async (recipient) => {
  const relay = await startRelay();
  const outcome = await openAt(relay.url).send(letterTo(recipient, { to: [] }), never, agreed);
  expect(outcome).toEqual({ state: 'REFUSED', response: 'not a mail address' });
  expect(relay.most).toBe(0);
});

test('an attachment of 10 MB arrives whole, and its size is announced beforehand', async () => {
  const announced: number[] = [];
  const relay = await startRelay({
    size: 20_000_000,
    onMailFrom: (address, _session, done) => {
      announced.push(Number((address.args as { SIZE?: string }).SIZE));
      done();
    },
  });
  const bytes = randomBytes(10 * 1024 * 1024);
  const attachments = [{ name: 'large.pdf', mediaType: 'application/pdf', bytes }];
  expect((await openAt(relay.url).send(letterTo('anna@box.test', { attachments }), never, agreed)).state).toBe('SENT');
  const { mail, raw } = only(relay);
  expect(sha256(mail.attachments[0]?.content as ArrayBuffer)).toBe(sha256(bytes));
  expect(announced).toEqual([raw.length]);
});

test('a thousand recipients share a bounded number of connections, and each gets one mail', async () => {
  const relay = await startScriptedRelay({});
  const channel = openAt(relay.url);
  const people = Array.from({ length: 1_000 }, (_, n) => `person-${n}@box.test`);
  const outcomes = await Promise.all(people.map((person) => channel.send(letterTo(person), never, agreed)));
  await relay.close();
  expect(outcomes.filter((outcome) => outcome.state === 'SENT')).toHaveLength(1_000);
  expect(relay.heard.filter((event) => event === '.')).toHaveLength(1_000);
  expect(relay.mostAtOnce()).toBeGreaterThan(1);
  expect(relay.mostAtOnce()).toBeLessThanOrEqual(8);
});

test('waiting for a connection ends with the signal', async () => {
  const relay = await startRelay({ onRcptTo: () => undefined });
  const stop = new AbortController();
  const channel = openAt(relay.url);
  const all = Promise.all(
    Array.from({ length: 9 }, (_, n) => channel.send(letterTo(`p${n}@box.test`), stop.signal, agreed)),
  );
  setTimeout(() => stop.abort(), 300);
  expect(await all).toEqual(
    Array.from({ length: 9 }, () => expect.objectContaining({ state: 'RETRYING', stopped: true })),
  );
});

test('without STARTTLS a password does not leave: tls=required is RETRYING', async () => {
  const seen: string[] = [];
  const relay = await startRelay({
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => {
      seen.push(auth.username ?? '');
      done(null, { user: 'x' });
    },
  });
  const url = `${relay.url.replace('smtp://', 'smtp://user:secret@')}?tls=required`;
  expect((await openAt(url).send(letterTo('anna@box.test'), never, agreed)).state).toBe('RETRYING');
  expect(seen).toEqual([]);
});

test('a relay without AUTH is told apart from one that takes the mail without', async () => {
  const relay = await startRelay({ disabledCommands: ['STARTTLS', 'AUTH'] });
  const outcome = await openAt(relay.url.replace('smtp://', 'smtp://user:secret@')).send(
    letterTo('a@box.test'),
    never,
    agreed,
  );
  expect(outcome).toMatchObject({ state: 'RETRYING', response: /offers no AUTH/ });
});
