import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineConnection } from '../../src/engines/engine.ts';
import { postgresEngine } from '../../src/engines/postgres.ts';
import { decodeValue } from '../../src/engines/postgres-values.ts';
import type { Parameter } from '../../src/query/statement.ts';
import type { Rows } from '../../src/rows/rows.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

let database: TestDatabase;
let connection: EngineConnection;
const BOUNDS = { timeoutMs: 10_000, maxRows: 1000, maxBytes: 1_000_000 };
const read = (text: string, parameters: Parameter[] = [], columnNames?: string[]): Promise<Rows> =>
  connection.read({ text, parameters, ...(columnNames ? { columnNames } : {}) }, BOUNDS, new AbortController().signal);

beforeAll(async () => {
  database = await testDatabase({ empty: true });
  await database.sql.unsafe(`
    drop role if exists values_reader; create role values_reader login;
    create schema sales; grant usage on schema sales to values_reader;
    create domain sales.amount as numeric(10, 2);
    create type sales.mood as enum ('sad', 'happy');
    create table sales.orders (id bigint, at timestamptz, day date, total sales.amount, paid boolean, note jsonb, mood sales.mood, secret text);
    grant select (id, at, day, total, paid, note, mood) on sales.orders to values_reader;
    create table sales.parted (id int) partition by range (id);
    create table sales.part_one partition of sales.parted for values from (0) to (10);
    create view sales.totals as select sum(total) as total from sales.orders;
    create table sales.hidden (id int);
    create table "Odd.name" ("a ""b" int);
    grant select on sales.parted, sales.part_one, sales.totals, "Odd.name" to values_reader`);
  const { socketDir, database: name } = database.address as { socketDir: string; database: string };
  connection = postgresEngine.connect(
    `postgres://values_reader@localhost/${name}?host=${encodeURIComponent(socketDir)}`,
    { connections: 2, allowPrivileged: false, applicationName: 'values test' },
  );
});

afterAll(async () => {
  await connection.close();
  await database.close();
});

test.each([
  ['1::int2', 'number', 1],
  ['(-2147483648)::int4', 'number', -2147483648],
  ['9007199254740991::int8', 'number', 9007199254740991],
  ['9007199254740993::int8', 'number', '9007199254740993'],
  ['0.1::float4', 'number', 0.1],
  ['1e300::float8', 'number', 1e300],
  ['1.5e15::float8', 'number', 1.5e15],
  ['1.50::numeric', 'number', 1.5],
  ['12345678901234567890.12::numeric', 'number', '12345678901234567890.12'],
  ['123456789012345.67::numeric', 'number', 123456789012345.67],
  ['99999999999999.9999::numeric', 'number', '99999999999999.9999'],
  ['(10::numeric / 3)', 'number', 10 / 3],
  [`'NaN'::numeric`, 'number', null],
  [`'-Infinity'::float8`, 'number', null],
  ['true', 'boolean', true],
  ['null::boolean', 'boolean', null],
  [`date '2024-02-29'`, 'date', Date.UTC(2024, 1, 29)],
  [`date 'infinity'`, 'date', null],
  [`timestamp '2024-02-29 12:34:56.789012'`, 'time', Date.UTC(2024, 1, 29, 12, 34, 56, 789)],
  [`timestamptz '2024-02-29 12:00:00+05:45'`, 'time', Date.UTC(2024, 1, 29, 6, 15)],
  [`timestamp '0044-03-15 00:00:00 BC'`, 'time', Date.UTC(-43, 2, 15)],
  [`timestamp '0001-01-01'`, 'time', Date.parse('0001-01-01T00:00:00Z')],
  [`'{"a": [1, 2]}'::jsonb`, 'json', '{"a": [1, 2]}'],
  [`'text'`, 'text', 'text'],
  ['array[1, 2]', 'text', '{1,2}'],
  [`interval '1 day 2 hours'`, 'text', '1 day 02:00:00'],
  [`'\\xdeadbeef'::bytea`, 'text', '\\xdeadbeef'],
  [`'happy'::sales.mood`, 'text', 'happy'],
  ['1.5::sales.amount', 'number', 1.5],
])('%s arrives as %s %j', async (expression, type, value) => {
  const { columns, values } = await read(`select ${expression} as it`);
  expect([columns, values]).toEqual([[{ name: 'it', type }], [[value]]]);
});

test('parameters of every kind arrive as they were', async () => {
  const at = new Date('2024-05-01T10:20:30.456Z');
  const list = ['a', 'b"c', 'd\\e', '{}', 'NULL', ''];
  const { values } = await read(
    `select $1::timestamptz, $2::text, $3::numeric, $4::boolean, $5::text, array_to_json($6::text[])::text, $7::jsonb, $8::int + 1`,
    [at, `it's "x" $1 \\`, 1.25, false, null, list, '{"k": 1}', 41],
  );
  expect(values).toEqual([[at.getTime(), `it's "x" $1 \\`, 1.25, false, null, JSON.stringify(list), '{"k": 1}', 42]]);
});

test('columns of the same name are told apart, and given names win', async () => {
  expect((await read('select 1, 2, 3 as x')).columns.map((column) => column.name)).toEqual([
    '?column?',
    '?column?_2',
    'x',
  ]);
  const named = await read('select 1 as c1, 2 as c2', [], ['total "of" all', 'total "of" all']);
  expect(named.columns.map((column) => column.name)).toEqual(['total "of" all', 'total "of" all_2']);
});

test('no rows still have columns', async () => {
  expect(await read('select 1 as a, now() as b where false')).toEqual({
    columns: [
      { name: 'a', type: 'number' },
      { name: 'b', type: 'time' },
    ],
    values: [],
    truncation: null,
  });
});

test('a query that changes how dates print does not spoil later pieces', async () => {
  const { values } = await read(`
    select case when g = 1 then set_config('datestyle', 'SQL', false) end, timestamptz '2024-01-01 00:00Z'
    from generate_series(1, 60) g`);
  expect(values[55]?.[1]).toBe(Date.UTC(2024, 0, 1));
});

test('the catalogue holds what the login may read, with types', async () => {
  const { tables } = await connection.catalogue(new AbortController().signal);
  const own = tables.filter((table) => table.schema !== 'pg_catalog');
  expect(own.map((table) => `${table.schema}.${table.name}`)).toEqual([
    'public.Odd.name',
    'sales.orders',
    'sales.parted',
    'sales.totals',
  ]);
  expect(own.find((table) => table.name === 'orders')?.columns).toEqual([
    { name: 'id', type: 'number' },
    { name: 'at', type: 'time' },
    { name: 'day', type: 'date' },
    { name: 'total', type: 'number' },
    { name: 'paid', type: 'boolean' },
    { name: 'note', type: 'json' },
    { name: 'mood', type: 'text' },
  ]);
  expect(tables.some((table) => table.name === 'pg_stat_database')).toBe(true);
  expect(tables.some((table) => table.name === 'pg_authid')).toBe(false);
});

test('whole numbers never lose a digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
      expect(BigInt(decodeValue(String(number), 'number') as number | string)).toBe(number);
    }),
  );
});
