import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { BroadsheetError, type ErrorCode, isPassing } from '../../errors.ts';

const STATUS: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  not_acceptable: 406,
  conflict: 409,
  too_large: 413,
  blocked: 422,
  unprocessable: 422,
  rate_limited: 429,
  canceled: 503,
  unavailable: 503,
  timeout: 504,
};

/** The family's application code of a delete that blocking relations refuse (reference: 422, 11011). */
const BLOCKED_BY_RELATIONS = 11_011;

/**
 * Two callers at once, seen by the store: a name that was free when it was looked up, an object deleted meanwhile; and a
 * question that takes the store too long. SQLSTATE → what the caller may do about it.
 */
const COLLISIONS: Readonly<Record<string, BroadsheetError>> = {
  '23505': new BroadsheetError('conflict', 'Conflict'),
  '23503': new BroadsheetError('conflict', 'Conflict'),
  '57014': new BroadsheetError('timeout', 'Gateway Timeout'),
};

/** The error as the family answers it; undefined for a defect. */
export function refusalOf(error: unknown): BroadsheetError | undefined {
  if (error instanceof BroadsheetError) return error;
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  const collision = typeof cause?.code === 'string' ? COLLISIONS[cause.code] : undefined;
  if (collision) return collision;
  return isPassing(error)
    ? new BroadsheetError('unavailable', 'Service Unavailable', undefined, { cause: error })
    : undefined;
}

/**
 * The one place where the family turns errors into answers: `{ error, error_code }`, `error_code` repeating the status.
 * A refused delete is the family's exception: its `error_code` is the application code 11011 (or `detail.error_code`),
 * and `relations` lists the blockers. Anything else is a defect and says nothing but its status.
 */
export function errorReply(c: Context, thrown: unknown): Response {
  const error = refusalOf(thrown);
  if (!error) return c.json({ error: 'Internal Server Error', error_code: 500 }, 500);
  const status = STATUS[error.code];
  if (error.code === 'rate_limited') c.header('Retry-After', String(error.detail?.retry_after ?? 1));
  if (error.code !== 'blocked') return c.json({ error: error.message, error_code: status }, status);
  const { error_code: code = BLOCKED_BY_RELATIONS, relations = {} } = error.detail ?? {};
  return c.json({ error: error.message, error_code: code, relations }, status);
}
