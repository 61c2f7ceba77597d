import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineConnection } from '../../src/engines/engine.ts';
import { postgresEngine } from '../../src/engines/postgres.ts';
import type { ReadBounds } from '../../src/query/statement.ts';
import type { Rows } from '../../src/rows/rows.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

const LOGIN = 'fence_reader';
const BOUNDS: ReadBounds = { timeoutMs: 10_000, maxRows: 1000, maxBytes: 4 * 1024 * 1024 };
const never = new AbortController().signal;

let database: TestDatabase;
let connection: EngineConnection;
const open: EngineConnection[] = [];

const urlOf = (login: string): string => {
  const { socketDir, database: name } = database.address as { socketDir: string; database: string };
  return `postgres://${login}:secret@localhost/${name}?host=${encodeURIComponent(socketDir)}`;
};
const connectAs = (login: string, connections = 2, allowPrivileged = false): EngineConnection => {
  const made = postgresEngine.connect(urlOf(login), { connections, allowPrivileged, applicationName: 'fence test' });
  open.push(made);
  return made;
};
const read = (text: string, bounds: Partial<ReadBounds> = {}, signal = never): Promise<Rows> =>
  connection.read({ text, parameters: [] }, { ...BOUNDS, ...bounds }, signal);
const refused = (text: string) => expect(read(text)).rejects.toMatchObject({ code: 'unprocessable' });
const backends = async (): Promise<number> => {
  const [row] = await database.sql<{ n: number }[]>`
    select count(*)::int as n from pg_stat_activity where usename = ${LOGIN} and state <> 'idle'`;
  return row?.n ?? -1;
};

beforeAll(async () => {
  database = await testDatabase({ empty: true });
  await database.sql.unsafe(`
    create table victim (id int primary key, note text);
    insert into victim select g, 'row ' || g from generate_series(1, 5) g;
    create sequence victim_sequence;
    create function write_victim() returns int language plpgsql volatile as
      $$ begin insert into public.victim values (99, 'written'); return 1; end $$;
    create function write_while_planning() returns int language plpgsql immutable as
      $$ begin insert into public.victim values (98, 'written'); return 1; end $$;
    drop role if exists ${LOGIN};
    create role ${LOGIN} login password 'secret';
    grant all on all tables in schema public to ${LOGIN};
    grant all on all sequences in schema public to ${LOGIN};
    grant create, usage on schema public to ${LOGIN};`);
  connection = connectAs(LOGIN);
});

afterAll(async () => {
  await Promise.all(open.map((made) => made.close()));
  await database.close();
});

describe('statements that are more than a read', () => {
  test.each([
    ['a second statement that ends our transaction', 'select 1; commit; drop table victim'],
    ['a commit hidden after a comment', 'select 1 /* x */; commit; begin; delete from victim'],
    ['COPY to a program', `copy victim to program 'touch /tmp/broadsheet-fence'`],
    ['COPY behind a select', `select 1; copy (select 1) to program 'touch /tmp/broadsheet-fence'`],
    ['COPY to the client', 'copy victim to stdout'],
    ['an insert', `insert into victim values (6, 'x') returning id`],
    ['a data-modifying WITH', 'with gone as (delete from victim returning *) select * from gone'],
    ['select into', 'select * into stolen from victim'],
    ['a locking select', 'select * from victim for update'],
    ['a function that writes', 'select write_victim()'],
    ['a function that writes while the query is planned', 'select * from victim where id = write_while_planning()'],
    ['a sequence', `select nextval('victim_sequence')`],
    ['LISTEN', 'listen channel'],
    ['DO', 'do $$ begin delete from victim; end $$'],
    ['a temporary table', 'create temp table t as select 1'],
    ['PREPARE', 'prepare p as select 1'],
    ['SET', 'set statement_timeout = 0'],
    ['CALL', 'call pg_catalog.something()'],
    ['nothing', '   '],
    ['only a comment', '-- nothing'],
    ['the way out of READ ONLY', `select set_config('transaction_read_only', 'off', true)`],
    ['a large object', 'select lo_create(0)'],
  ])('%s is refused', async (_, text) => {
    await refused(text);
    expect(await database.sql`select count(*)::int as n from victim`).toEqual([{ n: 5 }]);
  });

  test('a set_config of READ ONLY before a write in the same query does not help', async () => {
    await refused(`select set_config('transaction_read_only', 'off', false), write_victim()`);
    await refused(
      `select a, write_victim() from (select set_config('default_transaction_read_only', 'off', false) a) s`,
    );
    expect(await database.sql`select count(*)::int as n from victim`).toEqual([{ n: 5 }]);
  });

  test('what a query may say: with, values, table, comments and a trailing semicolon', async () => {
    expect((await read('with a as (select 1 as x) select x from a;')).values).toEqual([[1]]);
    expect((await read('values (1), (2) -- the end')).values).toEqual([[1], [2]]);
    expect((await read('table victim')).values).toHaveLength(5);
  });
});

describe('time', () => {
  test('a query that takes too long is stopped', async () => {
    const start = performance.now();
    await expect(read('select pg_sleep(30)', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - start).toBeLessThan(2500);
    await expect.poll(backends).toBe(0);
  });

  test('a query that switches the server’s timeout off is stopped all the same', async () => {
    const text = `select set_config('statement_timeout', '0', false), pg_sleep(0.2) from generate_series(1, 500)`;
    const start = performance.now();
    await expect(read(text, { timeoutMs: 700 })).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - start).toBeLessThan(3000);
    await expect.poll(backends).toBe(0);
  });

  test('the server’s timeout is set afresh for every piece', async () => {
    const text = `
      select case when g = 1 then set_config('statement_timeout', '0', false) else current_setting('statement_timeout') end
      from generate_series(1, 60) g`;
    const { values } = await read(text, { timeoutMs: 9000 });
    expect(values[49]).toEqual(['0']);
    expect(String(values[55])).toMatch(/^[1-9]\d*(ms|s)$/);
  });

  test('an abort stops the query within a second, on the server too', async () => {
    const controller = new AbortController();
    const pending = read('select pg_sleep(30)', {}, controller.signal);
    await expect.poll(backends).toBe(1);
    const start = performance.now();
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'canceled' });
    expect(performance.now() - start).toBeLessThan(1000);
    await expect.poll(backends).toBe(0);
  });

  test('an abort before the read opens nothing', async () => {
    await expect(read('select 1', {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'canceled' });
  });
});

describe('bounds', () => {
  test('ten million rows cost no more memory than the rows that are kept', async () => {
    const before = process.memoryUsage().rss;
    const { values, truncation } = await read(`select g, repeat('x', 100) from generate_series(1, 10000000) g`);
    expect(values).toHaveLength(1000);
    expect(truncation).toEqual({ by: 'rows', limit: 1000 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('exactly as many rows as allowed are not called cut', async () => {
    const { values, truncation } = await read('select generate_series(1, 1000)');
    expect([values.length, truncation]).toEqual([1000, null]);
  });

  test('bytes cut a result, and what was read before stays', async () => {
    const { values, truncation } = await read(`select g, repeat('x', 100000) from generate_series(1, 1000) g`, {
      maxBytes: 1_000_000,
    });
    expect(truncation).toEqual({ by: 'bytes', limit: 1_000_000 });
    expect(values).toHaveLength(9);
    expect((await read('select 1')).values).toEqual([[1]]);
  });

  test('a huge row after small ones is not assembled', async () => {
    const text = `select case when g < 60 then 'small' else repeat('x', 100000000) end from generate_series(1, 60) g`;
    const before = process.memoryUsage().rss;
    const { values, truncation } = await read(text, { maxBytes: 1_000_000 });
    expect([values.length, truncation?.by]).toEqual([59, 'bytes']);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  test('a first row beyond the bound is an error that says so', async () => {
    await expect(read(`select repeat('x', 30000000)`, { maxBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('1000000 bytes'),
    });
    expect((await read('select 1')).values).toEqual([[1]]);
  });
});

describe('sessions', () => {
  test('nothing of a read is left for the next one', async () => {
    const single = connectAs(LOGIN, 1);
    const one = (text: string) => single.read({ text, parameters: [] }, BOUNDS, never);
    const first = await one(`select pg_backend_pid(), pg_advisory_lock(7), set_config('role', 'none', false),
      set_config('search_path', 'pg_temp', false), set_config('my.secret', 'x', false)`);
    const second = await one(`select pg_backend_pid(), current_setting('my.secret', true),
      (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()), current_setting('search_path')`);
    expect(second.values[0]?.[0]).toBe(first.values[0]?.[0]);
    expect(second.values[0]?.slice(1)).toEqual([expect.toBeOneOf([null, '']), 0, '"$user", public']);
  });

  test('no more connections than allowed are opened, and waiting reads get their turn', async () => {
    const pair = connectAs(LOGIN, 2);
    const pids = await Promise.all(
      Array.from({ length: 8 }, () =>
        pair.read({ text: 'select pg_backend_pid(), pg_sleep(0.05)', parameters: [] }, BOUNDS, never),
      ),
    );
    expect(new Set(pids.map((rows) => rows.values[0]?.[0])).size).toBeLessThanOrEqual(2);
  });

  test('a read that waits for its turn can be canceled', async () => {
    const single = connectAs(LOGIN, 1);
    const enough = new AbortController();
    const busy = single.read({ text: 'select pg_sleep(30)', parameters: [] }, BOUNDS, enough.signal);
    const signal = AbortSignal.timeout(50);
    await expect(single.read({ text: 'select 1', parameters: [] }, BOUNDS, signal)).rejects.toMatchObject({
      code: 'canceled',
    });
    enough.abort();
    await expect(busy).rejects.toMatchObject({ code: 'canceled' });
    expect((await single.read({ text: 'select 1', parameters: [] }, BOUNDS, never)).values).toEqual([[1]]);
  });

  test('a session that the server ends is a typed error, and the next read has a new one', async () => {
    // Expected from the beginning: it may fail before the statement that ends its session is answered.
    const ended = expect(read('select pg_sleep(30)')).rejects.toMatchObject({ code: 'unavailable' });
    await expect.poll(backends).toBe(1);
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${LOGIN}`;
    await ended;
    expect((await read('select 1')).values).toEqual([[1]]);
  });

  test('a connection that died while it rested is replaced unnoticed', async () => {
    await read('select 1');
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${LOGIN}`;
    expect((await read('select 1')).values).toEqual([[1]]);
  });
});

describe('logins', () => {
  test.each([
    ['fence_super', 'superuser', ''],
    ['fence_programs', '', 'grant pg_execute_server_program to fence_programs'],
    ['fence_files', '', 'grant pg_write_server_files to fence_files'],
    ['fence_heir', 'noinherit', 'grant fence_programs to fence_heir'],
  ])('%s is refused unless the configuration allows it', async (login, attributes, grant) => {
    await database.sql.unsafe(`drop role if exists ${login}; create role ${login} login ${attributes}; ${grant}`);
    const statement = { text: 'select 1', parameters: [] };
    const strict = connectAs(login);
    await expect(strict.read(statement, BOUNDS, never)).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining(login),
    });
    expect(await strict.test(never)).toMatchObject({ login, privileged: true, problems: [expect.any(String)] });
    const lenient = connectAs(login, 1, true);
    expect((await lenient.read(statement, BOUNDS, never)).values).toEqual([[1]]);
    expect(await lenient.test(never)).toMatchObject({ privileged: true, problems: [] });
  });

  test('a login that can only monitor is fine', async () => {
    await database.sql.unsafe(
      'drop role if exists fence_monitor; create role fence_monitor login; grant pg_monitor to fence_monitor',
    );
    expect(await connectAs('fence_monitor').test(never)).toMatchObject({ privileged: false, problems: [] });
  });
});
