/**
 * The closed union of what can go wrong on purpose. Each API family maps a code to its own shape and status in one
 * place; every other thrown value is a defect and leaves as a fixed sentence with a request id.
 */
export type ErrorCode =
  | 'bad_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'conflict'
  | 'blocked'
  | 'unprocessable'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'timeout'
  | 'canceled';

/** An error whose message may be shown to the caller: it never holds a secret, SQL of ours or a stack. */
export class BroadsheetError extends Error {
  readonly code: ErrorCode;
  /** Structured facts for the caller, e.g. the blocking relations of a refused delete. */
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, detail?: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BroadsheetError';
    this.code = code;
    this.detail = detail;
  }
}

export const badRequest = (message: string, detail?: Record<string, unknown>): BroadsheetError =>
  new BroadsheetError('bad_request', message, detail);

export const notFound = (message = 'Not Found', detail?: Record<string, unknown>): BroadsheetError =>
  new BroadsheetError('not_found', message, detail);

export const forbidden = (message = 'Forbidden'): BroadsheetError => new BroadsheetError('forbidden', message);

/** The message of anything thrown, for logs and stored error texts. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whether the store failed in a way that another try may not meet: no or a lost connection, a deadlock, want of
 * resources, a shutdown. Knows SQLSTATEs, the codes of postgres.js and those of sockets.
 */
export function isPassing(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = 'code' in current ? String(current.code) : '';
    if (/^(08|40|53|57)...$|^CONN|^ECONN|^EPIPE$/.test(code)) return true;
    if ('syscall' in current && current.syscall === 'connect') return true;
  }
  return false;
}
