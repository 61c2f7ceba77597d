import postgres from 'postgres';
import { BroadsheetError, messageOf } from '../errors.ts';

/** SQLSTATE classes that speak of the server or the connection, not of the statement. */
const UNAVAILABLE = /^(08|28|3D|53|57P|58|40|F0|XX)/;

/** Words for postgres.js's codes, whose messages are meant for programmers. */
const CONNECTION_REASONS: ReadonlyMap<string, string> = new Map([
  ['CONNECTION_CLOSED', 'the connection was lost'],
  ['CONNECTION_DESTROYED', 'the connection was cut'],
  ['CONNECT_TIMEOUT', 'it does not answer'],
  ['SASL_SIGNATURE_MISMATCH', 'it could not prove who it is'],
]);

/**
 * What a failed exchange with a source means: `unavailable` when no connection or no resources were to be had (trying
 * again may help), else `unprocessable`: the source refused the statement. Messages are the server's own; they never
 * hold the URL or the password.
 */
export function sourceError(error: unknown): BroadsheetError {
  if (error instanceof BroadsheetError) return error;
  if (error instanceof postgres.PostgresError) {
    const message = error.message.slice(0, 1000);
    if (UNAVAILABLE.test(error.code)) {
      return new BroadsheetError('unavailable', `the source is not available: ${message}`, { sqlstate: error.code });
    }
    const hint = error.hint === undefined ? '' : ` (${error.hint.slice(0, 300)})`;
    return new BroadsheetError('unprocessable', `the source refused the statement: ${message}${hint}`, {
      sqlstate: error.code,
    });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = CONNECTION_REASONS.get(code) ?? messageOf(error).slice(0, 300);
  return new BroadsheetError('unavailable', `the source cannot be reached: ${reason}`);
}

export const canceled = (): BroadsheetError => new BroadsheetError('canceled', 'the read of the source was canceled');
