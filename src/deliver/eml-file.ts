import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../errors.ts';
import type { Channel, Letter, Outcome } from './channel.ts';
import { composeMessage } from './compose.ts';
import { parseMailAddress } from './mail-address.ts';
import { createSlots } from './slots.ts';

const FILES_AT_ONCE = 4;

/**
 * E-mail without a relay: every letter becomes `<Message-ID>.eml` in a folder, whole or not at all. A repeat of the
 * same letter replaces its file, so a crash never leaves two. `X-Envelope-To` names the recipient of this copy, which
 * a hidden recipient's headers do not.
 */
export function openEmlFiles(folder: string): Channel {
  const target = resolve(folder);
  const slots = createSlots(FILES_AT_ONCE);
  return {
    destination: target,
    send: async (letter, signal, handOver): Promise<Outcome> => {
      if (!parseMailAddress(letter.recipient)) return { state: 'REFUSED', response: 'not a mail address' };
      let leave: (() => void) | null = null;
      try {
        leave = await slots.enter(signal);
        if (!(await handOver())) return { state: 'RETRYING', response: 'somebody else has this letter' };
        const file = await writeLetter(target, letter, signal);
        return { state: 'SENT', response: `written to ${file}` };
      } catch (error) {
        return signal.aborted
          ? { state: 'RETRYING', response: 'stopped', stopped: true }
          : { state: 'RETRYING', response: messageOf(error) };
      } finally {
        leave?.();
      }
    },
  };
}

async function writeLetter(folder: string, letter: Letter, signal: AbortSignal): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${letter.messageId.replace(/[^A-Za-z0-9.@-]/g, '')}.eml`);
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    const message = composeMessage(letter, { 'X-Envelope-To': letter.recipient });
    await pipeline(message, createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true }), { signal });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return file;
}
