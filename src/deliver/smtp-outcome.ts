import type { Outcome } from './channel.ts';
import { oneLine } from './mail-address.ts';

/**
 * How an attempt over SMTP ends, by where it stood when it ended:
 *
 *   connecting ──▶ greeting, TLS, login ──▶ MAIL, RCPT, DATA ──▶ message ──▶ final dot ──▶ answer
 *   ╰───── any trouble, 4xx and 5xx: ─────╯╰─ 4xx, no answer: ────────────╯╰─ no answer: ──────╯
 *                RETRYING                      RETRYING; 5xx: REFUSED         UNCERTAIN; 4xx: RETRYING, 5xx: REFUSED
 *
 * Before the login is done the relay itself is the trouble (down, wrong password, certificate): its 5xx says nothing
 * about the recipient. After the final dot the relay may have taken the letter even though its answer was lost: only
 * a 4xx or 5xx, read to its end, proves that it did not (RFC 5321 §4.2.5, §6.1).
 */
export interface Progress {
  /** Greeting, TLS and login are done: from here on answers are about this letter. */
  ready: boolean;
  /** The message was read to its end, so that the final dot may be on its way. */
  ended: boolean;
}

/** What is known of a failure: the fields that nodemailer puts on its errors. */
export interface SmtpFailure {
  readonly message: string;
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
}

/** "Bad sequence of commands" is about the session, not the letter: a new connection may do. */
const BAD_SEQUENCE = 503;
/** RFC 1870, RFC 5321: the message is larger than the relay, or the mailbox, takes. */
const TOO_LARGE = 552;
const RESPONSE_LENGTH = 500;

/** The outcome of an attempt that did not end with a 2xx answer. */
export function outcomeOfFailure(failure: SmtpFailure, progress: Progress): Outcome {
  const response = describe(failure, progress);
  const code = failure.responseCode;
  if (code !== undefined && code >= 400 && code < 600) {
    const permanent = code >= 500 && code !== BAD_SEQUENCE && progress.ready;
    return permanent
      ? { state: 'REFUSED', response, ...(code === TOO_LARGE ? { tooLarge: true } : {}) }
      : { state: 'RETRYING', response };
  }
  if (progress.ready && isOwnRefusal(failure)) {
    return { state: 'REFUSED', response, ...(failure.code === 'EMESSAGE' ? { tooLarge: true } : {}) };
  }
  return { state: progress.ended ? 'UNCERTAIN' : 'RETRYING', response };
}

/** Nodemailer itself refuses to begin: the announced SIZE is too small, or the envelope is not one. */
const isOwnRefusal = (failure: SmtpFailure): boolean =>
  (failure.code === 'EMESSAGE' && failure.command === 'MAIL FROM') ||
  (failure.code === 'EENVELOPE' && failure.command === 'API');

function describe(failure: SmtpFailure, progress: Progress): string {
  const said = failure.response ?? failure.message;
  const where = progress.ended ? 'after the message: ' : progress.ready ? '' : 'connecting to the relay: ';
  return oneLine(`${where}${said}`).slice(0, RESPONSE_LENGTH);
}
