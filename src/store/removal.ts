import { execute, type Transaction } from './execute.ts';

/** Remove what is older than `before`, at most `limit` rows; the number of those that went. */
type Removal = (tx: Transaction, before: Date, limit: number) => Promise<number>;

/** @param statement a `delete … returning` of which `$1` is the instant and `$2` the limit. */
export const removal =
  (statement: string): Removal =>
  async (tx, before, limit) =>
    (await execute(tx, statement, [before.toISOString(), limit])).length;
