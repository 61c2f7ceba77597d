import { createServer, type Server } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineConnection } from '../../src/engines/engine.ts';
import { postgresEngine } from '../../src/engines/postgres.ts';
import type { BroadsheetError } from '../../src/errors.ts';
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

needs('postgresql')('a server of its own', () => {
  let server: OwnServer;
  let connection: EngineConnection;
  const url = (password: string): string => `postgres://reader:${password}@127.0.0.1:${server.port}/postgres`;

  beforeAll(async () => {
    server = await startOwnServer();
    const admin = postgres(`postgres://postgres:${SUPERUSER_PASSWORD}@127.0.0.1:${server.port}/postgres`, { max: 1 });
    await admin.unsafe(`create role reader login password 'p%40ss:w/rd'`);
    await admin.end();
    connection = connect(url(encodeURIComponent('p%40ss:w/rd')));
  });

  afterAll(async () => {
    await connection.close();
    server.remove();
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

  test('sslmode require fails where the server has no TLS', async () => {
    const error = await failure(read(connect(`${url(encodeURIComponent('p%40ss:w/rd'))}?sslmode=require`), 'select 1'));
    expect(error.code).toBe('unavailable');
  });

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
