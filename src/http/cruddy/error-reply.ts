import type { Context } from 'hono';
import { refusalOf, STATUS } from '../refusal.ts';

/** The family's application code of a delete that blocking relations refuse (reference: 422, 11011). */
const BLOCKED_BY_RELATIONS = 11_011;

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
