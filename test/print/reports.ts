import { BroadsheetError } from '../../src/errors.ts';
import { pngDataUrl } from '../definition/pictures.ts';
import { rowsOf, type TestReport } from './printing.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 3, 1);

/** A report with every kind of widget, pictures with transparency, three scripts, a failure and a table of two pages. */
export function busyReport(): TestReport {
  const image = pngDataUrl(40, 16, { alpha: true });
  const days = Array.from({ length: 30 }, (_, day) => [
    START + day * DAY,
    20 + Math.sin(day / 3) * 8,
    12 + Math.cos(day / 3) * 5,
  ]);
  return {
    name: 'Activity <of> the & server',
    settings: {
      header: { show: true, text: 'Operations', image, image_align: 'right' },
      footer: { show: true, text: 'Confidential', show_date: true, date_align: 'center', show_page_number: true },
    },
    widgets: [
      { id: 'm', kind: 'metric', name: 'Connections', sql: 'metric' },
      { id: 'l', kind: 'timeseries', name: 'Temperature', sql: 'days' },
      { id: 'b', kind: 'histogram', name: 'Погода', sql: 'bars' },
      { id: 'p', kind: 'pie', name: '会话状态', sql: 'bars' },
      { id: 't', kind: 'table', name: 'Customers', sql: 'table' },
      {
        id: 'x',
        kind: 'text',
        name: 'Notes',
        settings: { text: '# One\n\nSee [the manual](https://example.org/a).\n\n- a\n- b\n\n> quoted' },
      },
      { id: 'i', kind: 'image', name: 'Logo', settings: { image } },
      { id: 'f', kind: 'table', name: 'Broken', sql: 'broken' },
      { id: 'u', kind: 'map', name: 'Map' },
    ],
    answers: {
      metric: rowsOf('at:time value:number', [
        [START, 100],
        [START + DAY, 128],
      ]),
      days: rowsOf('at:time maximum:number minimum:number', days),
      bars: rowsOf('weather count:number', [
        ['sun', 120],
        ['rain', 80],
        ['fog', 12],
      ]),
      table: rowsOf(
        'name amount:number note',
        Array.from({ length: 60 }, (_, row) => [
          `Customer ${row}`,
          row * 1234.5,
          row % 7 ? 'ok' : 'a longer note that has to wrap in its cell',
        ]),
      ),
      broken: new BroadsheetError('unprocessable', 'relation "nope" does not exist'),
    },
  };
}
