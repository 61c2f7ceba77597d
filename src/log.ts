import type { Logger } from 'pino';
import { pino } from 'pino';

/** A structured logger; child loggers carry `request_id` or `run_id` on every line. */
export type Log = Logger;

const REDACTED_PATHS = ['password', 'secret', 'key', 'token', 'url', 'authorization', 'headers.pgrapikey'].flatMap(
  (name) => [name, `*.${name}`],
);

/** Log to stderr (stdout belongs to a command's JSON result). Secrets are masked by field name. */
export function createLog(level: string): Log {
  return pino({ level, base: null, redact: { paths: REDACTED_PATHS, censor: '***' } }, pino.destination(2));
}

/** A logger that drops everything: for library callers and tests that do not read logs. */
export const silentLog: Log = pino({ level: 'silent' });
