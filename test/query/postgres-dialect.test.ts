import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BuilderQuery } from '../../src/definition/definition.ts';
import type { EngineConnection } from '../../src/engines/engine.ts';
import { postgresEngine } from '../../src/engines/postgres.ts';
import { planSeries } from '../../src/query/plan-series.ts';
import type { SourceReader } from '../../src/query/statement.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

const BOUNDS = { timeoutMs: 10_000, maxRows: 10_000, maxBytes: 10_000_000 };
const signal = new AbortController().signal;
let database: TestDatabase;
let connection: EngineConnection;
let reader: SourceReader;

beforeAll(async () => {
  database = await testDatabase({ empty: true });
  await database.sql.unsafe(`
    set timezone = 'UTC';
    drop role if exists dialect_reader; create role dialect_reader login;
    create table ticks (at timestamptz, plain timestamp, day date, amount int, ratio float8, name text, kind uuid, tags text[]);
    insert into ticks
      select t, t at time zone 'UTC', (t at time zone 'UTC')::date, extract(epoch from t)::bigint % 7, 0.5,
             case when extract(hour from t) < 12 then 'am%' end, '00000000-0000-0000-0000-000000000001', '{a,b}'
      from generate_series(timestamptz '2024-01-01 00:00Z', timestamptz '2024-12-31 23:45Z', interval '15 minutes') t;
    alter role dialect_reader set timezone = 'Asia/Tokyo';
    grant select on ticks to dialect_reader`);
  const { socketDir, database: name } = database.address as { socketDir: string; database: string };
  const url = `postgres://dialect_reader@localhost/${name}?host=${encodeURIComponent(socketDir)}`;
  connection = postgresEngine.connect(url, { connections: 2, allowPrivileged: false, applicationName: 'dialect test' });
  reader = {
    dialect: 'postgres',
    catalogue: (given) => connection.catalogue(given),
    read: (statement, given) => connection.read(statement, BOUNDS, given),
  };
});

afterAll(async () => {
  await connection.close();
  await database.close();
});

interface Asked {
  query?: Partial<BuilderQuery>;
  sql?: string;
  from: string;
  to: string;
  zone?: string;
}

async function run({ query, sql, from, to, zone = 'UTC' }: Asked) {
  const full: BuilderQuery = {
    dataset: 'ticks',
    distinct: false,
    fields: [{ field: '*', alias: null, format: null, aggregation: { func: 'count', distinct: false, args: [] } }],
    filters: [],
    groupBy: [],
    orderBy: [],
    limit: null,
    offset: null,
    interval: null,
    ...query,
  };
  const series = { name: 's', source: 's', period: null, sql: sql ?? null, query: full };
  const period = { from: new Date(from), to: new Date(to) };
  const scope = { period, zone, now: period.to };
  const statement = await planSeries({ ...series, mode: sql === undefined ? 'query' : 'sql' }, reader, scope, signal);
  return reader.read(statement, signal);
}
const buckets = async (asked: Asked): Promise<[string, number][]> => {
  const { values } = await run(asked);
  return values.map(([at, count]) => [new Date(Number(at)).toISOString(), Number(count)]);
};
const NEW_YORK = 'America/New_York';

test('days of a zone have 23 and 25 hours when its clocks change', async () => {
  const spring = { from: '2024-03-09T05:00Z', to: '2024-03-12T04:00Z', zone: NEW_YORK, query: { interval: '1d' } };
  expect(await buckets(spring)).toEqual([
    ['2024-03-09T05:00:00.000Z', 96],
    ['2024-03-10T05:00:00.000Z', 92],
    ['2024-03-11T04:00:00.000Z', 96],
  ]);
  const autumn = { from: '2024-11-03T04:00Z', to: '2024-11-04T05:00Z', zone: NEW_YORK, query: { interval: '1d' } };
  expect(await buckets(autumn)).toEqual([['2024-11-03T04:00:00.000Z', 100]]);
});

test.each(['1h', '30m', '15m'])('the repeated hour is two buckets’ worth, in widths of %s', async (interval) => {
  const rows = await buckets({
    from: '2024-11-03T04:00Z',
    to: '2024-11-03T08:00Z',
    zone: NEW_YORK,
    query: { interval },
  });
  const width = { '1h': 4, '30m': 2, '15m': 1 }[interval] ?? 0;
  expect(rows).toHaveLength(16 / width);
  expect(rows.every(([, count]) => count === width)).toBe(true);
  expect(rows[0]?.[0]).toBe('2024-11-03T04:00:00.000Z');
});

test('buckets of several hours begin at the same times of day all year', async () => {
  const query = { interval: '6h' };
  const rows = await buckets({ from: '2024-03-10T05:00Z', to: '2024-03-12T04:00Z', zone: NEW_YORK, query });
  expect(rows.map(([at]) => at.slice(8, 13))).toEqual([
    '10T05',
    '10T10',
    '10T16',
    '10T22',
    '11T04',
    '11T10',
    '11T16',
    '11T22',
  ]);
  expect(rows.map(([, count]) => count)).toEqual([20, 24, 24, 24, 24, 24, 24, 24]);
});

test('half-hour buckets begin on the half hour of a zone that is 45 minutes off', async () => {
  const query = { interval: '30m' };
  const rows = await buckets({ from: '2024-05-01T00:15Z', to: '2024-05-01T01:15Z', zone: 'Asia/Kathmandu', query });
  expect(rows).toEqual([
    ['2024-05-01T00:15:00.000Z', 2],
    ['2024-05-01T00:45:00.000Z', 2],
  ]);
});

test.each([
  ['1w', ['2024-04-28T22', '2024-05-05T22', '2024-05-12T22', '2024-05-19T22', '2024-05-26T22']],
  ['2w', ['2024-04-28T22', '2024-05-12T22', '2024-05-26T22']],
  ['10d', ['2024-04-26T22', '2024-05-06T22', '2024-05-16T22', '2024-05-26T22']],
  ['1M', ['2024-04-30T22']],
  ['3M', ['2024-03-31T22']],
  ['1y', ['2023-12-31T23']],
  ['2y', ['2023-12-31T23']],
])('buckets of %s over May in Berlin', async (interval, starts) => {
  const rows = await buckets({
    from: '2024-04-30T22:00Z',
    to: '2024-05-31T22:00Z',
    zone: 'Europe/Berlin',
    query: { interval },
  });
  expect(rows.map(([at]) => at.slice(0, 13))).toEqual(starts);
  expect(rows.reduce((sum, [, count]) => sum + count, 0)).toBe(31 * 96);
});

test.each(['plain', 'at'])(
  'the column %s is bucketed alike: a timestamp without zone is UTC, whatever the login’s zone',
  async (column) => {
    const query = { interval: '1d', groupBy: [column] };
    const rows = await buckets({ from: '2024-05-01T00:00Z', to: '2024-05-03T00:00Z', query });
    expect(rows).toEqual([
      ['2024-05-01T00:00:00.000Z', 96],
      ['2024-05-02T00:00:00.000Z', 96],
    ]);
  },
);

test('a date column counts as the midnight that begins it in the zone', async () => {
  const query = { groupBy: ['day'], interval: '1d' };
  const { columns, values } = await run({ from: '2024-05-01T04:00Z', to: '2024-05-03T04:00Z', zone: NEW_YORK, query });
  expect(columns[0]).toEqual({ name: 'day', type: 'date' });
  expect(values).toEqual([
    [Date.UTC(2024, 4, 1), 96],
    [Date.UTC(2024, 4, 2), 96],
  ]);
  const weeks = await run({
    from: '2024-05-01T00:00Z',
    to: '2024-05-08T00:00Z',
    query: { groupBy: ['day'], interval: '1w' },
  });
  expect(weeks.values.map(([at]) => at)).toEqual([Date.UTC(2024, 3, 29), Date.UTC(2024, 4, 6)]);
  const quarters = await run({
    from: '2024-02-01T00:00Z',
    to: '2024-07-01T00:00Z',
    query: { groupBy: ['day'], interval: '3M' },
  });
  expect(quarters.values.map(([at]) => at)).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 3, 1)]);
  const hours = await run({
    from: '2024-05-01T00:00Z',
    to: '2024-05-02T00:00Z',
    query: { groupBy: ['day'], interval: '1h' },
  });
  expect(hours.values).toEqual([[Date.UTC(2024, 4, 1), 96]]);
});

test.each([
  ['name', 'contains', '%', false, 48],
  ['name', 'is_null', null, false, 48],
  ['name', 'is', 'am%', true, 48],
  ['name', 'starts_with', 'am_', false, 0],
  ['name', 'like', 'a_%', false, 48],
  ['kind', 'is', '00000000-0000-0000-0000-000000000001', false, 96],
  ['kind', 'contains', '0001', false, 96],
  ['tags', 'contains', 'b', false, 96],
  ['amount', 'in', [0, 1, 2, 3, 4, 5, 6], false, 96],
  ['amount', 'gt', '99999999999', false, 0],
  ['amount', 'lt', 6.5, false, 96],
  ['ratio', 'is', 0.5, false, 96],
  ['ratio', 'between', ['0', '1'], false, 96],
  ['plain', 'lt', '2024-05-01T06:00', false, 24],
  ['day', 'is', '2024-05-01', false, 96],
])('filter %s %s %j (negated: %s) keeps %d rows', async (field, operator, value, negation, expected) => {
  const query = { filters: [{ field, operator, value, negation }] };
  const { values } = await run({ from: '2024-05-01T00:00Z', to: '2024-05-02T00:00Z', query });
  expect(values).toEqual([[expected]]);
});

test('all aggregations are computed', async () => {
  const funcs = ['count', 'sum', 'avg', 'min', 'max', 'stddev', 'variance', 'median'];
  const fields = funcs.map((func) => ({
    field: 'amount',
    alias: func,
    format: null,
    aggregation: { func, distinct: false, args: [] },
  }));
  const { columns, values } = await run({ from: '2024-05-01T00:00Z', to: '2024-05-02T00:00Z', query: { fields } });
  expect(columns.map((column) => column.name)).toEqual(funcs);
  expect(columns.every((column) => column.type === 'number')).toBe(true);
  expect(values[0]?.every((value) => typeof value === 'number')).toBe(true);
});

test('placeholders of an SQL series are values of their types', async () => {
  const sql = `
    select date_trunc('day', at, $time_zone) as day, count(*), '$period_from' as text,
           max(at + $interval) <= $period_to as inside, $period_from as since
    from ticks where at >= $period_from and at < $period_to group by 1 order by 1`;
  const { values } = await run({
    sql,
    from: '2024-03-10T05:00Z',
    to: '2024-03-11T04:00Z',
    zone: NEW_YORK,
    query: { interval: '15m' },
  });
  const from = Date.parse('2024-03-10T05:00Z');
  expect(values).toEqual([[from, 92, '$period_from', true, from]]);
});

test('hostile aliases are names and nothing else', async () => {
  const alias = `x"; drop table ticks; -- ${'é'.repeat(60)}`;
  const fields = [{ field: 'name', alias, format: null, aggregation: null }];
  const { columns } = await run({ from: '2024-05-01T00:00Z', to: '2024-05-02T00:00Z', query: { fields, limit: 1 } });
  expect(columns).toEqual([{ name: alias, type: 'text' }]);
});
