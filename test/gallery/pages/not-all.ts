import { rowsOf, type TestReport } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const HOUR = 3_600_000;
const MAY = Date.parse('2026-05-01T00:00+03:00');

const cities = Array.from({ length: 30 }, (_, index) => [`City ${index + 1}`, 3000 - index * 90]);
const rest = cities.slice(5).reduce((sum, [, orders]) => sum + Number(orders), 0);

/** What is shown of more than there is room for, and what is told but does not count. */
const report = (): TestReport => ({
  name: 'Not all of it',
  widgets: [
    {
      ...{ id: 'first', kind: 'table', name: 'The first five of thirty', sql: 'cities' },
      settings: { rowsShown: 5, restRow: ['others (25)', rest], totals: { orders: 'sum' } },
    },
    { id: 'plain', kind: 'table', name: 'Without a row for the others', sql: 'cities', settings: { rowsShown: 5 } },
    {
      ...{ id: 'circles', kind: 'timeseries', name: 'Circles are not used', sql: 'rates' },
      settings: { circledSeries: ['unused'], missing: 'connect', unit: 'ms' },
    },
    {
      id: 'web',
      kind: 'text',
      name: 'Hidden on paper',
      settings: { text: 'Only in HTML', hidden: true, inHtml: { hidden: false } },
    },
  ],
  pages: [
    [
      { widget_id: 'first', x: 0, y: 0, w: 6, h: null },
      { widget_id: 'plain', x: 6, y: 0, w: 6, h: null },
      { widget_id: 'circles', x: 0, y: 10, w: 12, h: 5 },
      { widget_id: 'web', x: 0, y: 15, w: 12, h: null },
    ],
  ],
  answers: {
    cities: rowsOf('city orders:number', cities),
    rates: rowsOf(
      'at:time measured:number unused:number',
      Array.from({ length: 48 }, (_, hour) => {
        const value = 20 + ((hour * 37) % 11) + (hour % 24);
        const isUsed = hour % 17 !== 9;
        return [MAY + hour * HOUR, isUsed ? value : null, isUsed ? null : value * 1.3];
      }),
    ),
  },
});

export const notAllPages: readonly GalleryPage[] = [
  { name: 'not-all', shows: 'first rows of tables with a row for the others, points that do not count', report },
];
