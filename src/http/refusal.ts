import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { BroadsheetError, type ErrorCode, isPassing } from '../errors.ts';

/** The HTTP status of each kind of error, in every family. */
export const STATUS: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
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

/**
 * Two callers at once, seen by the store: a name that was free when it was looked up, an object deleted meanwhile; and a
 * question that takes the store too long. SQLSTATE → what the caller may do about it.
 */
const COLLISIONS: Readonly<Record<string, BroadsheetError>> = {
  '23505': new BroadsheetError('conflict', 'Conflict', { rule: 'collision' }),
  '23503': new BroadsheetError('conflict', 'Conflict', { rule: 'collision' }),
  '57014': new BroadsheetError('timeout', 'Gateway Timeout'),
};

/** The error as callers may see it; undefined for a defect. */
export function refusalOf(error: unknown): BroadsheetError | undefined {
  if (error instanceof BroadsheetError) return error;
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  const collision = typeof cause?.code === 'string' ? COLLISIONS[cause.code] : undefined;
  if (collision) return collision;
  return isPassing(error)
    ? new BroadsheetError('unavailable', 'Service Unavailable', undefined, { cause: error })
    : undefined;
}
