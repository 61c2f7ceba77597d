import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { engineOfUrl } from '../../src/engines/engines.ts';
import { type MovingAddress, movingAddress } from '../harness/moving-address.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';

const [kind] = watchableServers();
let first: WatchedServer;
let second: WatchedServer;
let address: MovingAddress | undefined;

/** Two real servers with the same databases, and something in each that the other has not. */
beforeAll(async () => {
  [first, second] = await Promise.all([startWatchedServer(kind?.bin ?? ''), startWatchedServer(kind?.bin ?? '')]);
  for (const [server, table] of [
    [first, 'of_the_first'],
    [second, 'of_the_second'],
  ] as const) {
    await server.sql.unsafe('create database other');
    const other = server.connect({ database: 'other' });
    for (const sql of [server.sql, other]) await sql.unsafe(`create table ${table} (n int)`);
    await other.end();
  }
}, 120_000);
afterEach(() => address?.close());
afterAll(() => Promise.all([first.remove(), second.remove()]));

async function capture(portOf: (connection: number) => number) {
  address = await movingAddress(portOf);
  const watch = engineOfUrl('postgres://x').watch?.(`postgres://monitor@127.0.0.1:${address.port}/app`);
  if (!watch) throw new Error('PostgreSQL is not watched');
  return watch.capture({ knows: () => false, maxScopes: 10, statementTimeoutMs: 10_000 }, AbortSignal.timeout(60_000));
}

const systemOf = async ({ sql }: WatchedServer): Promise<string> => {
  const [row] = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`;
  return row?.id ?? '';
};

describe('a server that another one takes the place of while it is read', () => {
  it('is not mixed with it: all is read again, of the new one alone', async () => {
    const { identity, parts, missing } = await capture((connection) => (connection === 0 ? first.port : second.port));
    expect(address?.reached[0]).toBe(first.port);
    expect(new Set(address?.reached.slice(1))).toEqual(new Set([second.port]));
    expect(identity.system).toBe(await systemOf(second));
    expect(missing.filter(({ view }) => view === 'database')).toEqual([]);
    const tables = parts.filter(({ view }) => view === 'tables');
    expect(tables.map(({ scope }) => scope).toSorted()).toEqual(['app', 'other', 'postgres']);
    const text = JSON.stringify(parts);
    expect(text).toContain('of_the_second');
    expect(text).not.toContain('of_the_first');
  });

  it('and back again while that is read: the capture fails, so that it is tried later and noted', async () => {
    const moving = capture((connection) => (connection % 2 === 0 ? first.port : second.port));
    const seen = moving.then(({ identity }) => identity.system);
    await expect(seen).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('replaced') });
  });

  it('is read once where it stays', async () => {
    const { identity } = await capture(() => first.port);
    expect(identity.system).toBe(await systemOf(first));
    expect(address?.reached).toHaveLength(3);
  });
});
