import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/rows/rows.ts';
import { onFile, print, rowsOf, textOf } from './printing.ts';

const run = promisify(execFile);

const numberIn = (text = ''): number => Number(text.replaceAll(',', ''));

describe('a table of a hundred thousand rows', () => {
  it('is printed with its tags in at most 300 MB', async () => {
    const script = fileURLToPath(new URL('long-table-once.ts', import.meta.url));
    // The bounds of a drawing thread (tasks/pool-thread.ts, DRAWING_MEMORY_MB).
    const bounds = ['--max-semi-space-size=5', '--max-old-space-size=512'];
    const { stdout } = await run(process.execPath, [...bounds, script], { timeout: 170_000 });
    const { pages, peakBytes } = JSON.parse(stdout) as { pages: number; peakBytes: number };
    expect(pages).toBeGreaterThan(2_000);
    expect(peakBytes).toBeLessThan(300e6);
  }, 180_000);

  it('without tags has its rows attached, and page, file and manifest agree on them', async () => {
    const count = 100_000;
    const rows = Array.from({ length: count }, (_, row): Value[] => [`row ${row}`, row % 7, 'ok']);
    const { bytes, manifest } = await print({
      widgets: [
        { id: 't', kind: 'table', name: 'Long', sql: 'rows', settings: { tagged: false, totals: { amount: 'sum' } } },
      ],
      pages: [[{ widget: 't', x: 0, y: 0, w: 12, h: 4 }]],
      answers: { rows: rowsOf('name amount:number state', rows) },
    });
    const sum = rows.reduce((all, [, amount]) => all + Number(amount), 0);
    const text = textOf(bytes);
    const printed = [...text.matchAll(/row \d+ +(\d) /g)].map((match) => Number(match[1]));
    expect(printed).toHaveLength(count);
    expect(printed.reduce((all, amount) => all + amount, 0)).toBe(sum);
    const stated = [...text.matchAll(/Rows ([\d,]+)–([\d,]+) of 100,000 · not tagged: the rows are attached/g)];
    expect(stated.reduce((all, [, from, to]) => all + numberIn(to) - numberIn(from) + 1, 0)).toBe(count);
    expect(numberIn(/Total +([\d,]+)/.exec(text)?.[1])).toBe(sum);
    expect(manifest.widgets[0]).toMatchObject({ rows: count, policies: { untagged: '1.1 Long.csv' } });
    const [, ...lines] = onFile(bytes, 'qpdf', '--show-attachment=1.1 Long.csv', 'FILE').trimEnd().split('\r\n');
    expect(lines).toHaveLength(count);
    expect(lines.reduce((all, line) => all + Number(line.split(',')[1]), 0)).toBe(sum);
  }, 180_000);
});
