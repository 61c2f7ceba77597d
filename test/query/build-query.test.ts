import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BuilderQuery, QueryField } from '../../src/definition/definition.ts';
import { BroadsheetError } from '../../src/errors.ts';
import { buildQuery } from '../../src/query/build-query.ts';
import { postgresDialect } from '../../src/query/postgres-dialect.ts';
import type { Catalogue } from '../../src/query/statement.ts';

const CATALOGUE: Catalogue = {
  tables: [
    {
      schema: 'public',
      name: 'orders',
      columns: [
        { name: 'id', type: 'number' },
        { name: 'at', type: 'time' },
        { name: 'city', type: 'text' },
        { name: 'total', type: 'number' },
        { name: 'due', type: 'date' },
        { name: 'paid', type: 'boolean' },
      ],
    },
    { schema: 'public', name: 'lookup', columns: [{ name: 'weird "name"', type: 'text' }] },
    { schema: 'a', name: 'twice', columns: [{ name: 'x', type: 'number' }] },
    { schema: 'b', name: 'twice', columns: [{ name: 'y', type: 'number' }] },
  ],
};
const PERIOD = { from: new Date('2024-05-01T00:00:00Z'), to: new Date('2024-05-02T00:00:00Z') };
const SCOPE = { dialect: postgresDialect, period: PERIOD, zone: 'Europe/Berlin', now: PERIOD.to };
const EMPTY: BuilderQuery = {
  dataset: 'orders',
  distinct: false,
  fields: [],
  filters: [],
  groupBy: [],
  orderBy: [],
  limit: null,
  offset: null,
  interval: null,
};
const field = (name: string, func?: string, more: Partial<QueryField> = {}, distinct = false): QueryField => ({
  field: name,
  alias: null,
  format: null,
  aggregation: func === undefined ? null : { func, distinct, args: [] },
  ...more,
});
const build = (query: Partial<BuilderQuery>, catalogue = CATALOGUE) =>
  buildQuery({ ...EMPTY, ...query }, catalogue, SCOPE);
const filtered = (operator: string, value: unknown, negation = false, name = 'city') =>
  build({ fields: [field('id')], dataset: 'orders', filters: [{ field: name, operator, value, negation }] });

test('nothing but a dataset: all columns, in the period', () => {
  expect(build({})).toEqual({
    text: 'select "id" as "c1", "at" as "c2", "city" as "c3", "total" as "c4", "due" as "c5", "paid" as "c6" from "public"."orders" where "at" >= $1::timestamptz and "at" < $2::timestamptz',
    parameters: [PERIOD.from, PERIOD.to],
    columnNames: ['id', 'at', 'city', 'total', 'due', 'paid'],
  });
});

test('a dataset without a time column is read whole', () => {
  expect(build({ dataset: 'public.lookup' })).toEqual({
    text: 'select "weird ""name""" as "c1" from "public"."lookup"',
    parameters: [],
    columnNames: ['weird "name"'],
  });
});

test('aggregations, groups, order and bounds', () => {
  const statement = build({
    fields: [field('city', undefined, { alias: 'City' }), field('*', 'COUNT'), field('total', 'sum', { alias: 'Sum' })],
    groupBy: ['city', 'paid'],
    orderBy: [
      { field: 'Sum', direction: 'desc' },
      { field: 'city', direction: 'asc' },
      { field: 'paid', direction: 'asc' },
    ],
    limit: 20,
    offset: 40,
  });
  expect(statement.text).toBe(
    'select "city" as "c1", count(*) as "c2", sum("total") as "c3" from "public"."orders" where "at" >= $1::timestamptz and "at" < $2::timestamptz group by 1, "paid" order by 3 desc, 1 asc, "paid" asc limit $3::bigint offset $4::bigint',
  );
  expect(statement.parameters.slice(2)).toEqual([20, 40]);
  expect(statement.columnNames).toEqual(['City', 'count', 'Sum']);
});

test('distinct values, percentiles and the median', () => {
  const statement = build({
    distinct: true,
    fields: [
      field('city', 'count', {}, true),
      field('total', 'median'),
      field('total', undefined, { alias: 'p95', aggregation: { func: 'percentile', distinct: false, args: ['95'] } }),
    ],
  });
  expect(statement.text).toContain('select distinct count(distinct "city") as "c1", percentile_cont($1::numeric');
  expect(statement.parameters.slice(0, 2)).toEqual([0.5, 0.95]);
});

test('an interval buckets the time column, selects it first and orders by it', () => {
  const statement = build({ interval: '1h', fields: [field('total', 'avg')] });
  expect(statement.text).toBe(
    `select date_trunc('hour', "at"::timestamptz, $1::text) as "c1", avg("total") as "c2" from "public"."orders" where "at" >= $2::timestamptz and "at" < $3::timestamptz group by 1 order by 1`,
  );
  expect(statement.columnNames).toEqual(['at', 'total']);
});

test('the time column is the grouped one, then the selected one, then the first', () => {
  expect(build({ groupBy: ['due'], fields: [field('at'), field('*', 'count')] }).text).toContain('where "due" >=');
  expect(build({ fields: [field('due')] }).text).toContain('where "due" >=');
  expect(build({ fields: [field('city')] }).text).toContain('where "at" >=');
});

test('filters bind their values by the type of the field', () => {
  const condition = (statement: ReturnType<typeof build>) => statement.text.split('$2::timestamptz and ')[1];
  expect(condition(filtered('is', 'Rome'))).toBe('"city" = $3');
  expect(condition(filtered('is', null))).toBe('"city" is null');
  expect(condition(filtered('is', ['Rome', null]))).toBe('("city" in ($3) or "city" is null)');
  expect(condition(filtered('in', []))).toBe('1 = 0');
  expect(condition(filtered('is', 'Rome', true))).toBe('("city" = $3) is not true');
  expect(condition(filtered('ne', 'Rome'))).toBe('("city" = $3) is not true');
  expect(condition(filtered('gt', '5', false, 'id'))).toBe('"id" > $3::bigint');
  expect(condition(filtered('lte', 5.5, false, 'id'))).toBe('"id" <= $3::numeric');
  expect(condition(filtered('between', [1, 2], false, 'id'))).toBe('("id" >= $3::bigint and "id" <= $4::bigint)');
  expect(filtered('gte', '2024-05-01', false, 'at').parameters[2]).toEqual(new Date('2024-04-30T22:00:00Z'));
  expect(filtered('is', 'now', false, 'due').parameters[2]).toBe('2024-05-02');
  expect(filtered('is', 'TRUE', false, 'paid').parameters[2]).toBe(true);
  expect(filtered('contains', '50%_!').parameters[2]).toBe('%50!%!_!!%');
  expect(filtered('like', 'a\\%b%!').parameters[2]).toBe('a!%b%!!');
  expect(condition(filtered('starts_with', 'x', true))).toBe(`("city"::text like $3::text escape '!') is not true`);
});

test.each([
  ['unknown dataset', { dataset: 'nowhere' }, 'nowhere'],
  ['a dataset of two schemas', { dataset: 'twice' }, 'schema.table'],
  ['unknown field', { fields: [field('nope')] }, 'nope'],
  ['prototype names', { fields: [field('constructor')] }, 'constructor'],
  ['unknown aggregation', { fields: [field('id', 'pg_sleep')] }, 'pg_sleep'],
  ['sum of rows', { fields: [field('*', 'sum')] }, 'needs a field'],
  ['distinct median', { fields: [field('id', 'median', {}, true)] }, 'distinct'],
  ['percentile without argument', { fields: [field('id', 'percentile')] }, 'percentile'],
  ['unknown group', { groupBy: ['nope'] }, 'nope'],
  ['unknown order', { orderBy: [{ field: 'nope', direction: 'asc' as const }] }, 'nope'],
  [
    'order by what is not grouped',
    { groupBy: ['city'], fields: [field('city')], orderBy: [{ field: 'id', direction: 'asc' as const }] },
    'neither',
  ],
  ['negative limit', { limit: -1 }, 'limit'],
  ['broken offset', { offset: 1.5 }, 'offset'],
  ['interval without time', { dataset: 'lookup', interval: '1d' }, 'interval'],
])('%s is refused', (_, query, message) => {
  expect(() => build(query)).toThrow(
    expect.objectContaining({ code: 'unprocessable', message: expect.stringContaining(message) }),
  );
});

test.each([
  ['resembles', 'x', 'city'],
  ['__proto__', 'x', 'city'],
  ['gt', null, 'city'],
  ['is', { $ne: 1 }, 'city'],
  ['between', [1], 'id'],
  ['is', '1 or 1=1', 'id'],
  ['is', 'maybe', 'paid'],
  ['is', 'a\0b', 'city'],
  ['in', Array.from({ length: 1001 }, () => 'x'), 'city'],
])('the filter %s %j on %s is refused', (operator, value, name) => {
  expect(() => filtered(operator, value, false, name)).toThrow(expect.objectContaining({ code: 'unprocessable' }));
});

test('an interval or a time that cannot be read is a bad request', () => {
  expect(() => build({ interval: '7 parsecs' })).toThrow(expect.objectContaining({ code: 'bad_request' }));
  expect(() => filtered('gt', 'tomorrow-ish', false, 'at')).toThrow(expect.objectContaining({ code: 'bad_request' }));
});

/** Everything a builder's text may be made of, without user input. */
const OWN_WORDS =
  /^(?:"c\d+"|"public"|"orders"|"(?:id|at|city|total|due|paid)"|\$\d+(?:::\w+)?|::\w+(?: \w+)?|'(?:second|minute|hour|day|week|month|year|1 second|1 hour|1 month|1970-01-01|1970-01-05|!)'|[a-z_]+|[\s(),.*=<>%+\-/\d])*$/;

test('text of the user never becomes SQL text', () => {
  const hostile = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom(
      `"; drop table orders; --`,
      `' or '1'='1`,
      '$1',
      `x" as "y`,
      '*/ select',
      'id',
      'at',
      'city',
      'sum',
      '\\',
      '%',
    ),
  );
  const known = fc.constantFrom('id', 'at', 'city', 'total', 'due', 'paid', '*');
  const name = fc.oneof({ weight: 8, arbitrary: known }, hostile);
  const func = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('count', 'sum', 'avg', 'min', 'max', 'median') },
    hostile,
  );
  const anyField = fc.record({
    field: name,
    alias: fc.option(hostile),
    format: fc.option(hostile),
    aggregation: fc.option(fc.record({ func, distinct: fc.boolean(), args: fc.array(hostile, { maxLength: 1 }) })),
  });
  const value = fc.oneof(hostile, fc.array(hostile), fc.integer(), fc.constant(null), fc.anything());
  const operator = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('is', 'ne', 'gt', 'in', 'between', 'contains', 'like', 'is_null') },
    hostile,
  );
  const query = fc.record({
    dataset: fc.oneof({ weight: 9, arbitrary: fc.constant('orders') }, hostile),
    distinct: fc.boolean(),
    fields: fc.array(anyField, { maxLength: 3 }),
    filters: fc.array(fc.record({ field: name, operator, value, negation: fc.boolean() }), { maxLength: 2 }),
    groupBy: fc.array(name, { maxLength: 1 }),
    orderBy: fc.array(fc.record({ field: name, direction: fc.constantFrom('asc' as const, 'desc' as const) }), {
      maxLength: 1,
    }),
    limit: fc.option(fc.integer()),
    offset: fc.option(fc.integer()),
    interval: fc.option(
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1h', '15m', '6h', '3d', '2w', '3M', '2y') }, hostile),
    ),
  });
  let built = 0;
  fc.assert(
    fc.property(query, (given) => {
      try {
        const { text, parameters } = buildQuery(given, CATALOGUE, SCOPE);
        expect(text).toMatch(OWN_WORDS);
        const used = [...text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1]));
        expect(Math.max(0, ...used)).toBe(parameters.length);
        built += 1;
      } catch (error) {
        if (!(error instanceof BroadsheetError)) throw error;
        expect(['unprocessable', 'bad_request']).toContain(error.code);
      }
    }),
    { numRuns: 3000 },
  );
  expect(built).toBeGreaterThan(100);
});
