import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { HandOver, Outcome } from './channel.ts';
import { oneLine } from './mail-address.ts';
import { outcomeOfFailure, type Progress, type SmtpFailure } from './smtp-outcome.ts';
import type { Relay } from './smtp-url.ts';

/** How long the relay may take to answer QUIT: nothing depends on it. */
const QUIT_MS = 2_000;

export interface Dispatch {
  readonly relay: Relay;
  /** Longest wait for any one answer. */
  readonly timeoutMs: number;
  readonly sender: string;
  readonly recipient: string;
  readonly size: number;
  readonly message: () => Readable;
  /** Asked after the relay has agreed to take the message (354), before its first byte. */
  readonly handOver: HandOver;
}

/**
 * One message to one recipient over a connection of its own. Nodemailer's connection, not its transport: the transport
 * does not tell whether the final dot was sent when a connection breaks, and that decides between a retry and doubt.
 * The dot goes out after the message stream has ended, so its `end` event is the moment from which there is doubt.
 */
export function dispatch(job: Dispatch, signal: AbortSignal): Promise<Outcome> {
  const progress: Progress = { ready: false, ended: false };
  const connection = new SMTPConnection({
    ...job.relay.options,
    connectionTimeout: job.timeoutMs,
    greetingTimeout: job.timeoutMs,
    dnsTimeout: job.timeoutMs,
    socketTimeout: job.timeoutMs,
    socketCloseTimeout: QUIT_MS,
  });
  return new Promise((resolve) => {
    let settled = false;
    const settle = (outcome: Outcome): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      if (outcome.state === 'SENT') leave(connection);
      else connection.close();
      resolve(outcome);
    };
    const fail = (failure: SmtpFailure): void => settle(outcomeOfFailure(failure, progress));
    const onAbort = (): void => settle(outcomeOfAbort(signal, progress));
    signal.addEventListener('abort', onAbort, { once: true });
    connection.on('error', fail);
    connection.on('end', () => fail({ message: 'connection closed' }));
    openSession(connection, job.relay, (failure) => {
      if (settled) return;
      if (failure) fail(failure);
      else transmit(connection, job, progress, settle);
    });
    if (signal.aborted) onAbort();
  });
}

function openSession(connection: SMTPConnection, relay: Relay, done: (failure?: SmtpFailure | null) => void): void {
  connection.connect((failure) => {
    if (failure || !relay.login) {
      done(failure);
    } else if (!connection.allowsAuth) {
      done({ message: 'the relay offers no AUTH on this connection, but SMTP_URL names a user' });
    } else {
      connection.login({ credentials: relay.login, user: relay.login.user }, done);
    }
  });
}

function transmit(
  connection: SMTPConnection,
  job: Dispatch,
  progress: Progress,
  settle: (outcome: Outcome) => void,
): void {
  progress.ready = true;
  const message = Readable.from(consented(job), { objectMode: false });
  message.once('end', () => {
    progress.ended = true;
  });
  connection.send({ from: job.sender, to: [job.recipient], size: job.size }, message, (failure, info) => {
    if (failure) settle(outcomeOfFailure(failure, progress));
    else if (progress.ended) settle({ state: 'SENT', response: oneLine(info.response) });
    else settle({ state: 'UNCERTAIN', response: oneLine(`answered before the message ended: ${info.response}`) });
  });
}

/** Runs no sooner than the message is read, which nodemailer does when DATA has been answered. */
async function* consented({ handOver, message }: Dispatch): AsyncGenerator<Buffer> {
  if (!(await handOver())) throw new Error('somebody else has this letter');
  yield* message() as AsyncIterable<Buffer>;
}

function outcomeOfAbort(signal: AbortSignal, progress: Progress): Outcome {
  const timedOut = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  const why = timedOut ? 'the whole attempt took too long' : 'stopped';
  if (progress.ended) return { state: 'UNCERTAIN', response: `after the message: ${why}` };
  return timedOut ? { state: 'RETRYING', response: why } : { state: 'RETRYING', response: why, stopped: true };
}

function leave(connection: SMTPConnection): void {
  connection.quit();
  setTimeout(() => connection.close(), QUIT_MS).unref();
}
