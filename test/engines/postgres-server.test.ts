import { createServer, type Server } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineConnection } from '../../src/engines/engine.ts';
import { postgresEngine } from '../../src/engines/postgres.ts';
import type { BroadsheetError } from '../../src/errors.ts';
import { buildQuery } from '../../src/query/build-query.ts';
import { postgresDialect } from '../../src/query/postgres-dialect.ts';
import { needs } from '../harness/needs.ts';
import { type OwnServer, SUPERUSER_PASSWORD, startOwnServer } from './own-server.ts';

const BOUNDS = { timeoutMs: 20_000, maxRows: 100, maxBytes: 1_000_000 };
const never = new AbortController().signal;
const connect = (url: string): EngineConnection =>
  postgresEngine.connect(url, { connections: 2, allowPrivileged: false, applicationName: 'test' });
const read = (connection: EngineConnection, text: string) => connection.read({ text, parameters: [] }, BOUNDS, never);
const failure = async (work: Promise<unknown>): Promise<BroadsheetError> =>
  work.then(
    () => expect.unreachable('it should fail'),
    (error: BroadsheetError) => error,
  );

needs('postgresql', 'openssl')('a server of its own', () => {
  let server: OwnServer;
  let connection: EngineConnection;
  const url = (password: string): string => `postgres://reader:${password}@127.0.0.1:${server.port}/postgres`;

  beforeAll(async () => {
    server = await startOwnServer();
    const admin = postgres(`postgres://postgres:${SUPERUSER_PASSWORD}@127.0.0.1:${server.port}/postgres`, { max: 1 });
    await admin.unsafe(`create role reader login password 'p%40ss:w/rd';
      create table ticks as select t as at, (t at time zone 'UTC')::date as day
        from generate_series(timestamptz '2024-03-30 00:00Z', timestamptz '2024-04-01 00:00Z', interval '1 minute') t;
      grant select on ticks to reader`);
    await admin.end();
    connection = connect(url(encodeURIComponent('p%40ss:w/rd')));
  });

  afterAll(async () => {
    await connection?.close();
    server?.remove();
  });

  test('is read over TCP with a password of awkward characters', async () => {
    expect((await read(connection, 'select current_user')).values).toEqual([['reader']]);
    expect(await connection.test(never)).toMatchObject({ login: 'reader', privileged: false, problems: [] });
  });

  test('a wrong password is "unavailable" and is not in the error', async () => {
    const error = await failure(read(connect(url('hunter2-hunter2')), 'select 1'));
    expect(error).toMatchObject({ code: 'unavailable', detail: { sqlstate: '28P01' } });
    expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain('hunter2');
  });

  test('our own PGPASSWORD is never sent to a source', async () => {
    process.env.PGPASSWORD = 'p%40ss:w/rd';
    try {
      const bare = `postgres://reader@127.0.0.1:${server.port}/postgres`;
      expect(await failure(read(connect(bare), 'select 1'))).toMatchObject({ code: 'unavailable' });
    } finally {
      delete process.env.PGPASSWORD;
    }
  });

  const withMode = (mode: string): EngineConnection =>
    connect(`${url(encodeURIComponent('p%40ss:w/rd')).replace('127.0.0.1', 'localhost')}?sslmode=${mode}`);
  const ENCRYPTED = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

  test.each([
    ['disable', false],
    ['prefer', true],
    ['require', true],
  ])('sslmode %s: encrypted %s', async (mode, encrypted) => {
    expect((await read(withMode(mode), ENCRYPTED)).values).toEqual([[encrypted]]);
  });

  test.each(['verify-ca', 'verify-full'])(
    'sslmode %s does not trust a certificate that nobody signed',
    async (mode) => {
      expect(await failure(read(withMode(mode), 'select 1'))).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('self-signed'),
      });
    },
  );

  test('over TLS, too, a read is stopped by abort, by time and by bytes', async () => {
    const secure = withMode('require');
    const sleep = { text: 'select pg_sleep(20)', parameters: [] };
    const start = performance.now();
    const signal = AbortSignal.timeout(300);
    expect((await failure(secure.read(sleep, BOUNDS, signal))).code).toBe('canceled');
    expect((await failure(secure.read(sleep, { ...BOUNDS, timeoutMs: 300 }, never))).code).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(3000);
    const active = `select count(*) from pg_stat_activity where query like '%pg_sleep(20)%' and state = 'active' and pid <> pg_backend_pid()`;
    await expect.poll(async () => (await read(secure, active)).values).toEqual([[0]]);
    const huge = `select case when g < 60 then 'small' else repeat('x', 100000000) end from generate_series(1, 60) g`;
    const before = process.memoryUsage().rss;
    expect((await read(secure, huge)).truncation).toEqual({ by: 'bytes', limit: BOUNDS.maxBytes });
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  test.each(['1s', '5s', '1m', '15m', '1h', '6h', '1d', '3d', '1w', '2w', '1M', '3M', '1y', '2y'])(
    'buckets of %s are computed by this version as well',
    async (interval) => {
      const catalogue = await connection.catalogue(never);
      const period = { from: new Date('2024-03-31T00:30:00Z'), to: new Date('2024-03-31T01:30:00Z') };
      for (const column of ['at', 'day']) {
        const statement = buildQuery(
          {
            dataset: 'ticks',
            distinct: false,
            fields: [
              { field: '*', alias: null, format: null, aggregation: { func: 'count', distinct: false, args: [] } },
            ],
            filters: [],
            groupBy: [column],
            orderBy: [],
            limit: null,
            offset: null,
            interval,
          },
          catalogue,
          { dialect: postgresDialect, period, zone: 'Europe/Berlin', now: period.to },
        );
        const rows = await connection.read(statement, { ...BOUNDS, maxRows: 10_000 }, never);
        const total = rows.values.reduce((sum, row) => sum + Number(row[1]), 0);
        expect(total).toBe(column === 'at' ? 60 : 0);
      }
    },
  );

  test('a database that does not exist is "unavailable"', async () => {
    const other = url(encodeURIComponent('p%40ss:w/rd')).replace(/postgres$/, 'nowhere');
    expect(await failure(read(connect(other), 'select 1'))).toMatchObject({ detail: { sqlstate: '3D000' } });
  });

  test.each(['fast', 'immediate'] as const)(
    'a %s restart in the middle of a query: a typed error, then all is well',
    async (mode) => {
      await read(connection, 'select 1');
      const pending = failure(read(connection, 'select pg_sleep(20)'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      server.stop(mode);
      expect((await pending).code).toBe('unavailable');
      expect((await failure(read(connection, 'select 1'))).code).toBe('unavailable');
      server.start();
      expect((await read(connection, 'select 1')).values).toEqual([[1]]);
    },
  );
});

test('nobody listening is "unavailable"', async () => {
  expect(await failure(read(connect('postgres://u:sesame@127.0.0.1:1/x'), 'select 1'))).toMatchObject({
    code: 'unavailable',
    message: expect.not.stringContaining('sesame'),
  });
});

test('a server that accepts and never answers is given up on abort', async () => {
  const silent: Server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const connection = connect(`postgres://u:p@127.0.0.1:${port}/x?sslmode=disable`);
  const start = performance.now();
  const signal = AbortSignal.timeout(200);
  const error = await failure(connection.read({ text: 'select 1', parameters: [] }, BOUNDS, signal));
  expect(error.code).toBe('canceled');
  expect(performance.now() - start).toBeLessThan(2500);
  silent.close();
});
