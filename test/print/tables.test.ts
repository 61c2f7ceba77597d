import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/rows/rows.ts';
import { onFile, print, rowsOf, sceneOf, textOf } from './printing.ts';

const table = (settings: Record<string, unknown>, columns: string, values: readonly (readonly Value[])[]) =>
  print({
    widgets: [{ id: 't', kind: 'table', name: 'Numbers', sql: 'rows', settings }],
    pages: [[{ widget: 't', x: 0, y: 0, w: 12, h: 4 }]],
    answers: { rows: rowsOf(columns, values) },
  });

const bytesOf = (made: Awaited<ReturnType<typeof print>>): Uint8Array => made.bytes;

const numbered = (count: number): readonly (readonly Value[])[] =>
  Array.from({ length: count }, (_, index) => [`row ${index}`, ((index * 7919) % 1000) / 4]);

/** The numbers printed in rows, and the row counts that pages state. */
function readBack(bytes: Uint8Array): { sum: number; rows: number; stated: number; total: number | null } {
  const lines = textOf(bytes).split('\n');
  let [sum, rows, stated] = [0, 0, 0];
  let total: number | null = null;
  for (const line of lines) {
    const row = /row \d+\s+([\d,.]+)\s*$/.exec(line);
    if (row) {
      rows += 1;
      sum += Number(row[1]?.replaceAll(',', ''));
    }
    const span = /Rows ([\d,]+)–([\d,]+) of/
      .exec(line)
      ?.slice(1, 3)
      .map((text) => Number(text.replaceAll(',', '')));
    if (span) stated += (span[1] ?? 0) - (span[0] ?? 0) + 1;
    if (/Row [\d,]+ of/.test(line)) stated += 1;
    stated += Number(/^\s*([\d,]+) rows?\s*$/.exec(line)?.[1]?.replaceAll(',', '') ?? 0);
    const whole = /^\s*Total\s+([\d,.]+)\s*$/.exec(line);
    if (whole) total = Number(whole[1]?.replaceAll(',', ''));
  }
  return { sum, rows, stated, total };
}

describe('a printed table', () => {
  it.each([1, 100, 3000])('of %i rows: what is printed adds up to the total and to the rows stated', async (count) => {
    const values = numbered(count);
    const back = readBack(bytesOf(await table({ totals: 'sum' }, 'name amount:number', values)));
    const sum = values.reduce((all, [, amount]) => all + Number(amount), 0);
    expect(back).toEqual({ sum, rows: count, stated: count, total: sum });
  });

  it('of no rows says so', async () => {
    expect(textOf(bytesOf(await table({ totals: 'sum' }, 'name amount:number', [])))).toContain('No data');
  });

  it('names a group once, again where a page begins amid it, and adds each group up', async () => {
    const values = Array.from({ length: 90 }, (_, index): Value[] => [index < 60 ? 'first' : 'second', index, 1]);
    const text = textOf(bytesOf(await table({ groupBy: 'g', totals: { n: 'sum' } }, 'g id:number n:number', values)));
    expect(text.match(/\bfirst\b(?! \(continued\))/g)).toHaveLength(2);
    expect(text).toContain('first (continued)');
    expect(text).toMatch(/Total first\s+60/);
    expect(text).toMatch(/Total second\s+30/);
    expect(text).toMatch(/Total\s+90/);
  });

  it('covers grouped rows and totals with spans, so that every row of the structure has its cells', async () => {
    const values = [
      ['a', 1, 2],
      ['a', 3, 4],
      ['b', 5, 6],
    ];
    const made = await table({ groupBy: 'g', totals: { n: 'sum' } }, 'g id:number n:number', values);
    const structure = onFile(bytesOf(made), 'pdfinfo', '-struct', 'FILE');
    expect(structure).toContain('/RowSpan 2');
    expect(structure.match(/\/ColSpan 2/g)).toHaveLength(3);
  });

  it('splits columns with the first one repeated, and shrinks instead when asked', async () => {
    const columns = ['host', ...Array.from({ length: 14 }, (_, index) => `metric_number_${index}:number`)].join(' ');
    const values = Array.from({ length: 3 }, (_, row): Value[] => [
      `server-${row}`,
      ...Array.from({ length: 14 }, (__, column) => 1000 * row + column + 0.25),
    ]);
    const split = textOf(bytesOf(await table({ wide: 'split' }, columns, values)));
    expect(split.match(/server-1/g)?.length).toBeGreaterThan(1);
    expect(split).toMatch(/Columns 1–\d+ of 15/);
    const shrunk = textOf(bytesOf(await table({ wide: 'shrink' }, columns, values)));
    expect(shrunk.match(/type at \d+%/g)).not.toBeNull();
  });

  it('parts a row taller than the page and says which row goes on', async () => {
    const made = await table({ columns: [{ key: 'text', width: 90 }] }, 'id:number text', [
      [1, Array.from({ length: 550 }, (_, index) => `w${index}`).join(' ')],
      [2, 'after'],
    ]);
    const text = textOf(bytesOf(made));
    for (const word of ['w0', 'w274', 'w549', 'after']) expect(text).toMatch(new RegExp(`\\b${word}\\b`));
    expect(text).toContain('row 1 continued');
  });

  it('makes links of hidden columns, and groups digits where they count something', async () => {
    const settings = {
      columns: [
        { key: 'uuid', hide: true },
        { key: 'id', link: 'https://example.org/{uuid}' },
        { key: 'seats', grouping: false },
      ],
    };
    const { bytes } = await table(settings, 'uuid id:number seats:number users:number', [['u-1', 12345, 23456, 34567]]);
    const text = textOf(bytes);
    expect(text).toMatch(/12345\s+23456\s+34,567/);
    expect(text).not.toContain('u-1');
    expect(onFile(bytes, 'qpdf', '--qdf', '--object-streams=disable', 'FILE', '-')).toContain(
      'https://example.org/u-1',
    );
  });

  it('cuts a text of two megabytes, says how much is missing and counts the cell once', async () => {
    const made = await table({}, 'text', [['x'.repeat(2_000_000)]]);
    const text = textOf(bytesOf(made));
    expect(text.replaceAll(/[\s\u00a0]/g, '')).toContain('[+1996000]');
    expect(text).toContain('long texts shortened in 1 cell');
  });

  it('without tags has its rows attached as CSV, and says so on the page and in the manifest', async () => {
    const values = [
      ['plain', Date.parse('2026-05-01T00:00Z')],
      ['=1+1', null],
    ];
    const { bytes, manifest } = await table({ tagged: false }, 'name at:time', values);
    const file = '1.1 Numbers.csv';
    expect(textOf(bytes)).toContain(`not tagged: the rows are attached as “${file}”`);
    expect(manifest.widgets[0]).toMatchObject({ policies: { untagged: file } });
    expect(onFile(bytes, 'qpdf', `--show-attachment=${file}`, 'FILE')).toBe(
      "name,at\r\nplain,2026-05-01T03:00:00+03:00\r\n'=1+1,\r\n",
    );
    expect(onFile(bytes, 'pdfinfo', '-struct', 'FILE')).not.toContain('Table');
  });

  it('of more than a million cells has no tags unless its author asks for them', async () => {
    const sceneWith = (settings: Record<string, unknown>, rows: readonly (readonly Value[])[]) =>
      sceneOf({
        widgets: [{ id: 't', kind: 'table', sql: 'rows', settings }],
        pages: [[{ widget: 't', x: 0, y: 0, w: 12, h: 4 }]],
        answers: { rows: rowsOf('a:number b:number c:number d:number', rows) },
      });
    const rows = Array.from({ length: 250_001 }, (): Value[] => [1, 2, 3, 4]);
    expect((await sceneWith({}, rows)).treatments).toMatchObject([{ attached: { fileName: '1.1.csv' } }]);
    expect((await sceneWith({}, rows.slice(1))).treatments).toEqual([]);
    expect((await sceneWith({ tagged: true }, rows)).treatments).toEqual([]);
  });

  it('of 300 columns prints every one of them', async () => {
    const columns = Array.from({ length: 300 }, (_, index) => `c${index}:number`).join(' ');
    const text = textOf(bytesOf(await table({}, columns, [Array.from({ length: 300 }, (_, index) => index)])));
    for (const column of [0, 150, 299]) expect(text).toMatch(new RegExp(`\\bc${column}\\b`));
  });

  it('gives other work its turn while it is measured, and ends when it is no longer wanted', async () => {
    const values = numbered(20_000);
    const canceled = new AbortController();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 3) canceled.abort();
    }, 1);
    const printing = print({
      widgets: [{ id: 't', kind: 'table', name: 'Numbers', sql: 'rows' }],
      pages: [[{ widget: 't', x: 0, y: 0, w: 12, h: 4 }]],
      answers: { rows: rowsOf('name amount:number', values) },
      signal: canceled.signal,
    });
    await expect(printing).rejects.toMatchObject({ code: 'canceled' });
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(3);
  });
});
