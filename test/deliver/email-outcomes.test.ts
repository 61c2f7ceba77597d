import { afterEach, expect, test } from 'vitest';
import { openEmail } from '../../src/deliver/email.ts';
import { freePort } from '../harness/free-port.ts';
import { agreed, letterTo, never } from './letters.ts';
import { cut, hang, type Script, type ScriptedRelay, say, sayAndCut, startScriptedRelay } from './scripted-relay.ts';

/** How long a relay is waited for that does not answer. */
const WAIT_MS = 1_000;
/** One that answers is never given up, however slow the machine. */
const PATIENT_MS = 20_000;
const LARGE = Buffer.alloc(3_000_000, 7);

const relays: ScriptedRelay[] = [];
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
});

async function outcomeWith(
  script: Script,
  signal = never,
  attachment: Buffer | null = null,
  timeoutMs = Object.values(script).includes(hang) ? WAIT_MS : PATIENT_MS,
) {
  const relay = await startScriptedRelay(script);
  relays.push(relay);
  const channel = openEmail({ smtpUrl: relay.url, sender: 'reports@mail.test', timeoutMs });
  const letter = letterTo('anna@box.test', {
    attachments: attachment ? [{ name: 'a.bin', mediaType: 'application/octet-stream', bytes: attachment }] : [],
  });
  return { ...(await channel.send(letter, signal, agreed)), heard: relay.heard };
}

test('an answered message is SENT with the answer', async () => {
  const outcome = await outcomeWith({});
  expect(outcome).toMatchObject({ state: 'SENT', response: '250 taken' });
  expect(outcome.heard.slice(0, 6)).toEqual(['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', '.']);
});

const before: [string, Script][] = [
  ['the connection is cut instead of a greeting', { CONNECT: cut }],
  ['the greeting never comes', { CONNECT: hang }],
  ['the greeting is a refusal', { CONNECT: say('554 5.3.2 not today') }],
  ['the greeting is no SMTP', { CONNECT: say('HTTP/1.1 400 Bad Request') }],
  ['the connection is cut at EHLO', { EHLO: cut }],
  ['the connection hangs at MAIL', { MAIL: hang }],
  ['the connection is cut at RCPT', { RCPT: cut }],
  ['RCPT is answered 4xx', { RCPT: say('451 4.7.1 greylisted, come back later') }],
  ['MAIL is answered 421', { MAIL: sayAndCut('421 4.3.0 shutting down\r\n') }],
  ['the connection is cut at DATA', { DATA: cut }],
  ['the connection hangs at DATA', { DATA: hang }],
  ['DATA is answered 4xx', { DATA: say('451 4.3.0 no queue space') }],
  ['the commands are out of sequence for the relay', { RCPT: say('503 5.5.1 need MAIL first') }],
  ['the message is answered 4xx', { '.': say('450 4.3.0 try again') }],
  ['the message is answered 421', { '.': sayAndCut('421 4.3.0 shutting down\r\n') }],
];

test.each(before)('%s: RETRYING, nothing was handed over', async (_name, script) => {
  expect((await outcomeWith(script)).state).toBe('RETRYING');
});

const refusals: [string, Script][] = [
  ['MAIL', { MAIL: say('550 5.7.1 sender rejected') }],
  ['RCPT', { RCPT: say('550 5.1.1 no such person') }],
  ['DATA', { DATA: say('554 5.5.1 no valid recipients') }],
  ['the message', { '.': say('554 5.7.1 looks like spam') }],
];

test.each(refusals)('%s answered 5xx: REFUSED with the answer', async (_name, script) => {
  const outcome = await outcomeWith(script);
  expect(outcome.state).toBe('REFUSED');
  expect(outcome.response).toMatch(/55[04] 5\./);
});

const doubts: [string, Script][] = [
  ['the connection is cut after the message', { '.': cut }],
  ['the connection is closed politely after the message', { '.': (socket) => socket.end() }],
  ['no answer comes after the message', { '.': hang }],
  ['half of a good answer comes after the message', { '.': sayAndCut('250 2.0.0 O') }],
  ['an answer beyond SMTP comes after the message', { '.': say('299') }],
];

test.each(doubts.slice(0, 4))('%s: UNCERTAIN', async (_name, script) => {
  expect(await outcomeWith(script)).toMatchObject({ state: 'UNCERTAIN', response: /after the message/ });
});

test('an answer of the success class ends the doubt, whatever its number', async () => {
  expect((await outcomeWith(doubts[4]?.[1] ?? {})).state).toBe('SENT');
});

test('a large message cut in its middle is RETRYING: the dot cannot have left', async () => {
  const outcome = await outcomeWith({ MESSAGE: cut }, never, LARGE);
  expect(outcome.state).toBe('RETRYING');
  expect(outcome.heard).not.toContain('.');
});

test('a refusal in the middle of a large message is read, not lost in the noise of the cut', async () => {
  const outcome = await outcomeWith({ MESSAGE: say('552 5.3.4 too large') }, never, LARGE);
  expect(outcome).toMatchObject({ state: 'REFUSED', tooLarge: true, response: /552/ });
});

test('a relay that nobody answers for is RETRYING', async () => {
  const channel = openEmail({
    smtpUrl: `smtp://127.0.0.1:${await freePort()}`,
    sender: 'a@b.test',
    timeoutMs: WAIT_MS,
  });
  const outcome = await channel.send(letterTo('anna@box.test'), never, agreed);
  expect(outcome).toMatchObject({ state: 'RETRYING', response: /ECONNREFUSED/ });
});

test('a name that does not resolve is RETRYING', async () => {
  const channel = openEmail({ smtpUrl: 'smtp://relay.invalid', sender: 'a@b.test', timeoutMs: WAIT_MS });
  expect((await channel.send(letterTo('anna@box.test'), never, agreed)).state).toBe('RETRYING');
});

test('stopping before the message does not count as an attempt', async () => {
  const stop = new AbortController();
  const outcome = await outcomeWith({ RCPT: () => stop.abort() }, stop.signal);
  expect(outcome).toMatchObject({ state: 'RETRYING', stopped: true });
});

test('stopping while the answer to the message is awaited is UNCERTAIN', async () => {
  const stop = new AbortController();
  const outcome = await outcomeWith({ '.': () => stop.abort() }, stop.signal);
  expect(outcome.state).toBe('UNCERTAIN');
});

test('an attempt that was stopped before it began does nothing', async () => {
  const stopped = AbortSignal.abort();
  expect(await outcomeWith({}, stopped)).toMatchObject({ state: 'RETRYING', stopped: true, heard: [] });
});

test('a relay that answers every command at the last moment is bounded in all', async () => {
  let lines = 0;
  const began = performance.now();
  const dripping: Script = {
    EHLO: (socket) => {
      const drip = setInterval(() => {
        lines += 1;
        socket.write('250-x\r\n');
      }, WAIT_MS / 4);
      socket.once('close', () => clearInterval(drip));
    },
  };
  const outcome = await outcomeWith(dripping, never, null, WAIT_MS);
  expect(outcome).toMatchObject({ state: 'RETRYING', response: /too long/ });
  expect(performance.now() - began).toBeLessThan(WAIT_MS * 8);
  expect(lines).toBeGreaterThan(3);
});

test('the letter is handed over once the relay agrees to take it, and never before', async () => {
  const asked: string[][] = [];
  const relay = await startScriptedRelay({});
  relays.push(relay);
  const channel = openEmail({ smtpUrl: relay.url, sender: 'a@b.test', timeoutMs: PATIENT_MS });
  const outcome = await channel.send(letterTo('anna@box.test'), never, async () => {
    asked.push([...relay.heard]);
    return true;
  });
  expect(outcome.state).toBe('SENT');
  expect(asked).toEqual([['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA']]);
});

test('refused before that, it is not handed over at all', async () => {
  const relay = await startScriptedRelay({ RCPT: say('550 no') });
  relays.push(relay);
  const channel = openEmail({ smtpUrl: relay.url, sender: 'a@b.test', timeoutMs: PATIENT_MS });
  const handOver = () => Promise.reject(new Error('not to be asked'));
  expect((await channel.send(letterTo('anna@box.test'), never, handOver)).state).toBe('REFUSED');
});

test.each([
  ['somebody else has it', async () => false],
  ['it cannot be written down', () => Promise.reject(new Error('no store'))],
])('%s: nothing of the letter leaves, RETRYING', async (_why, handOver) => {
  const relay = await startScriptedRelay({});
  relays.push(relay);
  const channel = openEmail({ smtpUrl: relay.url, sender: 'a@b.test', timeoutMs: PATIENT_MS });
  const outcome = await channel.send(letterTo('anna@box.test'), never, handOver);
  expect(outcome).toMatchObject({ state: 'RETRYING', response: /somebody else|no store/ });
  expect(relay.heard).not.toContain('.');
});
