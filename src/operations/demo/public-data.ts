import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { BroadsheetError } from '../../errors.ts';

/** One table of the demo: its DDL and its rows as JSON objects, ready for `jsonb_to_recordset`. */
export interface DemoTable {
  readonly name: string;
  /** Column definitions, used for the table and for the record set alike. */
  readonly columns: string;
  readonly rows: readonly Record<string, unknown>[];
}

/** Weather of Seattle and New York (NOAA), flights of 2001 (US DOT) and five share prices, as `vega-datasets` ships them. */
export async function readPublicData(): Promise<DemoTable[]> {
  const folder = dataFolder();
  const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  return [
    {
      name: 'weather',
      columns:
        'location text, date date, precipitation float8, temp_max float8, temp_min float8, wind float8, weather text',
      rows: parseCsv(await text('weather.csv')),
    },
    {
      name: 'flights',
      columns: 'departed timestamptz, delay int, distance int, origin text, destination text',
      rows: (JSON.parse(await text('flights-20k.json')) as Record<string, unknown>[]).map(({ date, ...flight }) => ({
        ...flight,
        departed: `${String(date).replaceAll('/', '-')}Z`,
      })),
    },
    { name: 'stocks', columns: 'symbol text, date date, price float8', rows: parseCsv(await text('stocks.csv')) },
  ];
}

/** The data package is a development dependency: an image has no use for it. */
function dataFolder(): string {
  const manifest = findPackageJSON('vega-datasets', import.meta.url);
  if (manifest) return join(dirname(manifest), 'data');
  throw new BroadsheetError(
    'unavailable',
    'the demo needs the package vega-datasets: run `npm ci` without `--omit=dev`',
  );
}

/** Plain CSV: the files hold no quotes. */
function parseCsv(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}
