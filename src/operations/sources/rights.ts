import { forbidden } from '../../errors.ts';
import { isAdmin } from '../access/rights.ts';
import type { Actor } from '../context.ts';

/**
 * Series of mode `sql` may be read for actors with the role `sql` or `admin`. It is asked at every read, of whoever the
 * report is read for (its owner, on a schedule), besides being asked of whoever saves such a series: rights are taken
 * away as well as given. The text of such a series is the user's own and reaches the source as written, so the right
 * amounts to everything that the source's login may read.
 * @throws BroadsheetError `forbidden`
 */
export function requireSql(actor: Actor): void {
  if (isAdmin(actor) || actor.roles.includes('sql')) return;
  throw forbidden('the series is SQL, and the report’s owner does not have the right "sql"');
}
