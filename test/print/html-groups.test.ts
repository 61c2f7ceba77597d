import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupSpans } from '../../src/print/html-groups.ts';
import { htmlOf } from './html-pages.ts';
import { rowsOf, type TestReport } from './printing.ts';

const sales: TestReport = {
  widgets: [
    { id: 't', kind: 'table', name: 'Sales', sql: 'sales', settings: { groupBy: ['region', 'shop'], totals: 'sum' } },
  ],
  answers: {
    sales: rowsOf('region shop month:number sold:number', [
      ['North', 'A', 1, 10],
      ['North', 'A', 2, 20],
      ['North', 'B', 1, 30],
      ['South', 'B', 1, 40],
    ]),
  },
};

/** The rows of a table's body and foot with their cells, spans included. */
const rowsIn = (html: string): { span: number; reach: number; text: string }[][] =>
  [...html.slice(html.indexOf('<tbody>')).matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd]([^>]*)>(.*?)<\/t[hd]>/g)].map(([, attributes = '', text = '']) => ({
      span: Number(/rowspan="(\d+)"/.exec(attributes)?.[1] ?? 1),
      reach: Number(/colspan="(\d+)"/.exec(attributes)?.[1] ?? 1),
      text,
    })),
  );

test('a group is a row heading over its rows and the totals in it; the total of all stands in the foot', async () => {
  const html = await htmlOf(sales);
  const rows = rowsIn(html);
  const [first] = rows;
  expect(first?.slice(0, 2).map(({ text, span }) => `${text} ${span}`)).toEqual(['North 5', 'A 2']);
  expect(html).toContain('<th scope="rowgroup" rowspan="5"');
  expect(/<tfoot>.*100.*<\/tfoot>/s.test(html)).toBe(true);
  // Every row of the grid has as many cells as there are columns, those from above counted.
  const above: number[] = [];
  for (const [number, row] of rows.entries()) {
    const held = above.filter((until) => until > number).length;
    expect(held + row.reduce((sum, { reach }) => sum + reach, 0), `row ${number}`).toBe(4);
    for (const { span } of row) if (span > 1) above.push(number + span);
  }
});

test('each row of a group column is covered exactly once, whatever the values', () => {
  const value = fc.constantFrom('a', 'b', null);
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 30 }), fc.nat(30), (rows, limit) => {
      const shown = Math.min(limit, rows.length);
      const spans = groupSpans(rows, { shown, groups: 2, totals: [] });
      for (const [column, span] of spans.entries()) {
        expect(span.reduce((sum, one) => sum + one, 0)).toBe(shown);
        for (let row = 1; row < shown; row += 1) {
          const same = rows[row]?.slice(0, column + 1).every((cell, at) => cell === rows[row - 1]?.[at]);
          expect(span[row] === 0).toBe(same);
        }
      }
    }),
  );
});
