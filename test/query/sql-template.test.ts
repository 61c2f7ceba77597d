import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInterval } from '../../src/period/interval.ts';
import { postgresDialect } from '../../src/query/postgres-dialect.ts';
import { bindTemplate } from '../../src/query/sql-template.ts';

const period = { from: new Date('2024-05-01T00:00:00Z'), to: new Date('2024-06-01T00:00:00Z') };
const bindText = (text: string) =>
  bindTemplate(text, postgresDialect, { period, interval: parseInterval('15m'), zone: 'Europe/Berlin' });

test('placeholders become bound parameters, each value once however often it is used', () => {
  const text = 'select $interval, $time_zone from t where a >= $period_from and a<$period_to or b=$period_from;';
  expect(bindText(text)).toEqual({
    text: 'select $1::interval, $2::text from t where a >= $3::timestamptz and a<$4::timestamptz or b=$3::timestamptz;',
    parameters: ['15 minute', 'Europe/Berlin', period.from, period.to],
  });
});

test.each([
  [`select '$period_from', 'it''s $period_to'`],
  [`select E'\\'$period_from' , e'a\\\\'`],
  [`select "$period_from", "a""$period_to"`],
  ['select 1 -- $period_from'],
  ['select /* $period_from /* nested */ $period_to */ 1'],
  ['select $$ $period_from $$, $tag$ $period_to $$ $tag$'],
  ['select $period_from$ text $period_from$'],
  ['select a$period_from from t'],
  ['select straße$period_from from t'],
  [`select '$period_from`],
  ['select 1 /* $period_from'],
  ['select $x$ $period_from'],
  ['select a - b / c # d'],
])('%s stays as it is', (text) => {
  expect(bindText(text)).toEqual({ text, parameters: [] });
});

test('a placeholder right after an opaque token is found', () => {
  expect(bindText(`select '$period_to'||$interval/*$period_to*/-$period_from--$period_to`).text).toBe(
    `select '$period_to'||$1::interval/*$period_to*/-$2::timestamptz--$period_to`,
  );
  expect(bindText(`select 'a'$period_from`).parameters).toEqual([period.from]);
  expect(bindText('select 1 -- x\n, $period_from').parameters).toEqual([period.from]);
});

test.each([
  ['select $1'],
  ['select $period'],
  ['select $period_from_x'],
  ['select $toString'],
  [''],
  [' \n'],
  ['select \0'],
])('%j is refused', (text) => {
  expect(() => bindText(text)).toThrow(expect.objectContaining({ code: 'unprocessable' }));
});

test('any text either keeps every character or is refused', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom("'", '"', '--', '\n', '/*', '*/', '$$', '$a$', "E'", '\\', '$period_from', '$period_to', 'x', ' '),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (parts) => {
      const text = `select ${parts.join('')}`;
      let bound: ReturnType<typeof bindText>;
      try {
        bound = bindText(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'unprocessable' });
        return;
      }
      const [from, to] = ['$period_from', '$period_to'];
      const names = bound.parameters.map((value) => (value === period.from ? from : to));
      expect(bound.text.replace(/\$([12])::timestamptz/g, (_, n: string) => names[Number(n) - 1] ?? '')).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test('a megabyte of quotes is refused, and what is just short enough is quick', () => {
  expect(() => bindText(`select ${"'".repeat(1_000_000)}`)).toThrow('too long');
  const start = performance.now();
  bindText(`select ${"''".repeat(90_000)}`);
  bindText(`select ${'/*'.repeat(90_000)}`);
  expect(performance.now() - start).toBeLessThan(1000);
});
