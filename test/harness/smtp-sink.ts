import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { freePort } from './free-port.ts';
import { untilListening } from './smtp-ports.ts';

/** Postfix's test server: takes mails and throws them away, or fails at the command it is told to. */
export interface SmtpSink {
  readonly url: string;
  stop(): Promise<void>;
}

const BACKLOG = '100';

/** `faults` as smtp-sink's own options, e.g. `-f RCPT`. */
export async function startSmtpSink(faults: readonly string[]): Promise<SmtpSink> {
  const port = await freePort();
  const program = existsSync('/usr/sbin/smtp-sink') ? '/usr/sbin/smtp-sink' : 'smtp-sink';
  const user = process.getuid?.() === 0 ? ['-u', 'postfix'] : [];
  const child = spawn(program, [...user, ...faults, `127.0.0.1:${port}`, BACKLOG], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilListening(port, false);
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
