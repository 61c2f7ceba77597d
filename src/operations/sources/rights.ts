import { forbidden } from '../../errors.ts';
import { isAdmin } from '../access/rights.ts';
import type { Actor } from '../context.ts';

/**
 * Whether series of mode `sql` may be read for this actor: roles `sql` and `admin`. It is asked twice: of whoever saves
 * such a series, and again at every read of whoever the report is read for (its owner, on a schedule), because rights
 * are taken away as well as given. The text of such a series is the user's own and reaches the source as written, so
 * the right amounts to everything that the source's login may read.
 */
export const mayUseSql = (actor: Actor): boolean => isAdmin(actor) || actor.roles.includes('sql');

/** @throws BroadsheetError `forbidden` */
export function requireSql(actor: Actor): void {
  if (!mayUseSql(actor)) throw forbidden('the series is SQL, and the report’s owner does not have the right "sql"');
}
