import { writeFileSync } from 'node:fs';
import { parseReport } from '../../src/definition/parse-report.ts';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import { benchRows } from './rows.ts';

/**
 * Prints ROWS rows as a run does, from the rows to the file: `ours.ts ROWS OUT.pdf tagged|untagged`. Formats, measures
 * and lays out every cell; numbers are aligned by their decimals, the header and the row count stand on every page.
 */
const [count = '1000', out = '', tags = 'tagged'] = process.argv.slice(2);
const rows = benchRows(Number(count));
const { definition } = parseReport({
  report: {
    id: 'r',
    name: 'Table',
    config: { pages: [[{ widget: 'w', x: 0, y: 0, w: 12, h: 4 }]] },
    settings: { orientation: 'landscape' },
  },
  dashboard: {},
  widgets: [
    {
      id: 'w',
      name: 'Statements',
      config: {
        settings: {
          kind: 'table',
          base: { name: 'Statements' },
          settings: { tagged: tags === 'tagged' },
          mappings: {},
        },
        series: [{ name: 's', source: 'main', mode: 'sql', sql: 'select 1' }],
      },
    },
  ],
});
const [widget] = definition.pages[0]?.map((placement) => placement.widget) ?? [];
if (widget === undefined) throw new Error('the definition has no widget');
const start = performance.now();
const at = new Date('2026-05-03T04:30:00Z');
const drawn = await drawDocument(
  {
    definition,
    at,
    timeZone: 'UTC',
    locale: 'en',
    period: { from: at, to: at },
    isPeriodStated: false,
    reads: [{ widget, period: null, series: [{ name: 's', source: 'main', queryHash: '', rows }], problem: null }],
    outputs: ['pdf'],
    ids: {},
  },
  { typesetter: createTypesetter({ fontDir: null }), signal: new AbortController().signal },
);
const [file] = drawn.files;
if (file === undefined) throw new Error('nothing was printed');
writeFileSync(out, file.bytes);
const ms = performance.now() - start;
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, pages: file.pages, bytes: file.bytes.length, peakMiB }));
