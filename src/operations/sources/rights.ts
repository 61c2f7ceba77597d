import { forbidden } from '../../errors.ts';
import { isAdmin } from '../access/rights.ts';
import type { Actor } from '../context.ts';

/** Somebody in whose name a source is read. */
export interface Principal {
  readonly actor: Actor;
  /** As error texts call it: `the report’s owner`. */
  readonly title: string;
}

export const reportOwner = (actor: Actor): Principal => ({ actor, title: 'the report’s owner' });

/**
 * Series of mode `sql` may be read for actors with the role `sql` or `admin`. It is asked at every read, of everybody in
 * whose name the report is read, besides being asked of whoever saves such a series: rights are taken away as well as
 * given. The text of such a series is the user's own and reaches the source as written, so the right amounts to
 * everything that the source's login may read.
 * @throws BroadsheetError `forbidden`
 */
export function requireSql({ actor, title }: Principal): void {
  if (isAdmin(actor) || actor.roles.includes('sql')) return;
  throw forbidden(`the series is SQL, and ${title} does not have the right "sql"`);
}
