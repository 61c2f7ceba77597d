import type postgres from 'postgres';
import type { Sql } from './database.ts';

/** A statement is prepared when it comes for this time: what comes once is not worth keeping. */
const WORTHWHILE = 3;
/** Statements prepared on each connection at most; each keeps its plan in the server's memory. */
const MOST_PREPARED = 250;
/** Texts that are counted at once; of more, all but the prepared are forgotten. */
const MOST_COUNTED = 2_000;
/** Longer ones are inserts of many rows, whose text hardly comes again. */
const LONGEST = 16_384;

type Client = Pick<Sql, 'unsafe'>;
type Unsafe = Client['unsafe'];

/**
 * The same client for drizzle, which leaves its statements unprepared: postgres.js asks the server for the parameters of
 * each before it binds them, which is two round trips and a plan every time. The ones that come again are prepared here:
 * one round trip, and a plan that is kept.
 */
export function preparing(sql: Sql): Sql {
  const isPrepared = createCounter();
  const wrap = <C extends Client>(client: C): C =>
    new Proxy(client, {
      get: (target, name) => {
        if (name === 'unsafe') return unsafeOf(target);
        if (name === 'begin' || name === 'savepoint') return scopeOf(target, name);
        return Reflect.get(target, name) as unknown;
      },
    });
  const unsafeOf =
    (client: Client): Unsafe =>
    (text, values = [], options) =>
      client.unsafe(text, values, values.length > 0 && isPrepared(text) ? { ...options, prepare: true } : options);
  const scopeOf =
    (client: object, name: 'begin' | 'savepoint') => (work: (inner: postgres.TransactionSql) => unknown) =>
      (client as Record<typeof name, (work: (inner: postgres.TransactionSql) => unknown) => unknown>)[name]((inner) =>
        work(wrap(inner)),
      );
  return wrap(sql);
}

/** Counts how often a text was asked about; true from the third time on, for a bounded number of texts. */
function createCounter(): (text: string) => boolean {
  const prepared = new Set<string>();
  const counts = new Map<string, number>();
  return (text) => {
    if (prepared.has(text)) return true;
    if (text.length > LONGEST || prepared.size >= MOST_PREPARED) return false;
    const count = (counts.get(text) ?? 0) + 1;
    if (count < WORTHWHILE) {
      if (counts.size >= MOST_COUNTED) counts.clear();
      counts.set(text, count);
      return false;
    }
    counts.delete(text);
    prepared.add(text);
    return true;
  };
}
