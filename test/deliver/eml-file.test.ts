import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmlFiles } from '../../src/deliver/eml-file.ts';
import { openChannels } from '../../src/deliver/open-channels.ts';
import { agreed, letterTo, never } from './letters.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-eml-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a letter becomes a file that names its recipient; repeated, it is the same file with the same bytes', async () => {
  const channel = openEmlFiles(join(folder, 'mail'));
  const letter = letterTo('hidden@box.test', { to: ['anna@box.test'] });
  const outcome = await channel.send(letter, never, agreed);
  const [name = ''] = readdirSync(join(folder, 'mail'));
  const path = join(folder, 'mail', name);
  expect(outcome).toEqual({ state: 'SENT', response: `written to ${path}` });
  const first = readFileSync(path);
  await channel.send(letter, never, agreed);
  expect(readdirSync(join(folder, 'mail'))).toEqual([name]);
  expect(readFileSync(path).equals(first)).toBe(true);
  expect(statSync(path).mode & 0o077).toBe(0);
  const mail = await PostalMime.parse(first);
  expect(mail.headers.find((one) => one.key === 'x-envelope-to')?.value).toBe('hidden@box.test');
});

test('a Message-ID with path characters stays in the folder', async () => {
  const channel = openEmlFiles(join(folder, 'mail'));
  await channel.send(letterTo('anna@box.test', { messageId: '<../../evil/x@mail.test>' }), never, agreed);
  expect(readdirSync(folder)).toEqual(['mail']);
  expect(readdirSync(join(folder, 'mail'))).toHaveLength(1);
});

test('a folder that cannot be written is RETRYING, and nothing half-written is left', async () => {
  writeFileSync(join(folder, 'mail'), 'a file in the way');
  expect((await openEmlFiles(join(folder, 'mail')).send(letterTo('anna@box.test'), never, agreed)).state).toBe(
    'RETRYING',
  );
  expect(readdirSync(folder)).toEqual(['mail']);
});

test('stopped, it leaves nothing behind and counts as no attempt', async () => {
  const outcome = await openEmlFiles(join(folder, 'mail')).send(letterTo('anna@box.test'), AbortSignal.abort(), agreed);
  expect(outcome).toMatchObject({ state: 'RETRYING', stopped: true });
  expect(readdirSync(folder)).toEqual([]);
});

test('without SMTP_URL mails are files, and the log says so; a MAIL_FROM that is no address is refused at start', () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const config = { SMTP_URL: undefined, MAIL_FROM: 'r@mail.test', MAIL_TIMEOUT_MS: 1_000, DATA_DIR: folder };
  expect(openChannels(config, log).email.destination).toBe(join(folder, 'mail'));
  expect(lines.join()).toMatch(/no SMTP_URL: mails are not sent but written as \.eml files/);
  expect(() => openChannels({ ...config, MAIL_FROM: 'nobody' }, log)).toThrow(/MAIL_FROM/);
});
