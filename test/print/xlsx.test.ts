import { createHash } from 'node:crypto';
import { read, utils, type WorkBook } from '@e965/xlsx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/print/data-set.ts';
import { workbookOf } from '../../src/print/xlsx.ts';
import { columnLetters } from '../../src/print/xlsx-cell.ts';
import { createSheetNames } from '../../src/print/xlsx-names.ts';
import type { Rows } from '../../src/rows/rows.ts';
import { rowsOf } from './printing.ts';

const AT = new Date('2026-05-03T04:30:00Z');
const options = {
  title: 'Report <&> "x"',
  locale: 'en',
  timeZone: 'Europe/Moscow',
  at: AT,
  period: { from: new Date('2026-05-01T00:00:00Z'), to: AT },
  signal: new AbortController().signal,
} as const;

const set = (name: string, rows: Rows | null, remark: string | null = null): DataSet => ({
  ...{ name, rows, remark },
  shares: new Set(),
});
const write = (...sets: DataSet[]): Promise<Uint8Array> => workbookOf(sets, options);
/** Read by SheetJS, which knows nothing of us. */
const open = (bytes: Uint8Array): WorkBook => read(bytes, { cellNF: true, cellFormula: true, UTC: true });

describe('a workbook', () => {
  it('has a sheet for each data set and one that says what they are', async () => {
    const book = open(
      await write(
        set('Orders / day', rowsOf('a', [['x']])),
        set('Orders / day', rowsOf('b', []), 'limit'),
        set('Broken', null, 'no table'),
      ),
    );
    expect(book.SheetNames).toEqual(['Orders day', 'Orders day (2)', 'Contents']);
    const contents = utils.sheet_to_json<unknown[]>(book.Sheets.Contents ?? {}, { header: 1, blankrows: false });
    expect(contents[0]).toEqual(['Report <&> "x"']);
    expect(contents).toContainEqual(['Time zone of all times', 'Europe/Moscow']);
    expect(contents.slice(-3)).toEqual([
      ['Orders day', 'Orders / day', 1],
      ['Orders day (2)', 'Orders / day', 0, 'limit'],
      [undefined, 'Broken', undefined, 'no table'],
    ]);
  });

  it('keeps numbers, booleans, days and instants what they are, with their formats', async () => {
    const instant = Date.UTC(2026, 0, 31, 22, 15);
    const row = [1.5, true, Date.UTC(2026, 0, 31), instant, instant + 250, null, '12345678901234567890'];
    const book = open(
      await write(set('All', rowsOf('n:number b:boolean d:date t:time u:time e:number big:number', [row]))),
    );
    const sheet = book.Sheets.All ?? {};
    expect(sheet.A2).toMatchObject({ t: 'n', v: 1.5 });
    expect(sheet.B2).toMatchObject({ t: 'b', v: true });
    expect(sheet.C2).toMatchObject({ t: 'n', v: 46_053, z: 'yyyy\\-mm\\-dd' });
    // 22:15 UTC is a quarter past one of the next day in Moscow.
    expect(sheet.D2).toMatchObject({ t: 'n', z: 'yyyy\\-mm\\-dd\\ hh:mm:ss' });
    expect(sheet.D2.v).toBeCloseTo(46_054 + 1.25 / 24, 9);
    expect(sheet.E2.z).toContain('ss.000');
    expect(sheet.F2).toBeUndefined();
    expect(sheet.G2).toMatchObject({ t: 's', v: '12345678901234567890' });
  });

  it('shows shares as percent and keeps them what they are', async () => {
    const rows = rowsOf('part:number n:number', [
      [0.7317, 0.7317],
      [null, 1],
    ]);
    const sheet = open(await write({ ...set('Shares', rows), shares: new Set(['part']) })).Sheets.Shares ?? {};
    expect(sheet.A2).toMatchObject({ t: 'n', v: 0.7317, z: '0.0%', w: '73.2%' });
    expect(sheet.B2).toMatchObject({ t: 'n', v: 0.7317, z: 'General' });
    expect(sheet.A3).toBeUndefined();
  });

  it('never makes a formula of a text, whatever it begins with', async () => {
    const texts = ['=1+1', '+1', '-1', '@x', '=HYPERLINK("http://x")', '_x0041_', '<b>&"', ' padded ', 'two\r\nlines'];
    const book = open(
      await write(
        set(
          'T',
          rowsOf(
            '=header',
            texts.map((value) => [value]),
          ),
        ),
      ),
    );
    const sheet = book.Sheets.T ?? {};
    expect(sheet.A1).toMatchObject({ t: 's', v: '=header' });
    for (const [index, value] of texts.entries()) {
      expect(sheet[`A${index + 2}`]).toMatchObject({ t: 's' });
      expect(sheet[`A${index + 2}`].f).toBeUndefined();
      if (!value.includes('\r')) expect(sheet[`A${index + 2}`].v).toBe(value);
    }
  });

  it('freezes and filters the header, and gives columns the width of what they hold', async () => {
    const bytes = await write(set('W', rowsOf('id:number name', [[1, 'a name of some length']])));
    const book = read(bytes, { bookFiles: true }) as WorkBook & { files: Record<string, { content: Uint8Array }> };
    const xml = Buffer.from(book.files['xl/worksheets/sheet1.xml']?.content ?? []).toString();
    expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
    expect(xml).toContain('<autoFilter ref="A1:B2"/>');
    expect(xml).toContain('<col min="2" max="2" width="22" customWidth="1"/>');
  });

  it('writes days that Excel has no number for as texts', async () => {
    const book = open(await write(set('D', rowsOf('d:date', [[Date.UTC(1899, 0, 1)], [Date.UTC(1900, 2, 1)]]))));
    expect(book.Sheets.D?.A2).toMatchObject({ t: 's', v: '1899-01-01' });
    expect(book.Sheets.D?.A3).toMatchObject({ t: 'n', v: 61 });
  });

  it('cuts what a cell or a sheet cannot hold, and says so', async () => {
    const wide = {
      columns: Array.from({ length: 16_390 }, (_, n) => ({ name: `c${n}`, type: 'number' as const })),
      values: [],
      truncation: null,
    };
    const book = open(await write(set('Long', rowsOf('a', [['x'.repeat(40_000)]])), set('Wide', wide)));
    expect(book.Sheets.Long?.A2.v).toHaveLength(32_767);
    expect(utils.decode_range(book.Sheets.Wide?.['!ref'] ?? '').e.c).toBe(16_383);
    const contents = utils.sheet_to_csv(book.Sheets.Contents ?? {});
    expect(contents).toContain('texts cut to 32767 characters: 1');
    expect(contents).toContain('only the first 16384 of 16390 columns');
  });

  it('takes control characters, lone surrogates and hostile names', async () => {
    const book = open(
      await write(
        set("'[x]:*?/\\'", rowsOf('a', [['\u0000\ud800\u0007']])),
        set('', rowsOf('', [])),
        set('History', rowsOf('a', [])),
      ),
    );
    expect(book.SheetNames).toEqual(['x', 'Data', 'History (2)', 'Contents']);
    expect(book.Sheets.x?.A2.v).toBe('\ufffd\ufffd\ufffd');
  });

  it('is the same bytes each time', async () => {
    const sum = async () =>
      createHash('sha256')
        .update(await write(set('A', rowsOf('a:number', [[1]]))))
        .digest('hex');
    expect(await sum()).toBe(await sum());
  });

  it('100 000 rows are there, each once, and other work gets its turn meanwhile', async () => {
    const values = Array.from({ length: 100_000 }, (_, index) => [index, `row ${index}`]);
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    const bytes = await write(set('Big', rowsOf('n:number t', values)));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(10);
    const sheet = open(bytes).Sheets.Big ?? {};
    const rows = utils.sheet_to_json<[number, string]>(sheet, { header: 1 }).slice(1);
    expect(rows).toHaveLength(100_000);
    expect(rows.reduce((sum, [n]) => sum + n, 0)).toBe((99_999 * 100_000) / 2);
  });

  it('ends when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(workbookOf([set('A', rowsOf('a', [['x']]))], { ...options, signal })).rejects.toMatchObject({
      code: 'canceled',
    });
  });
});

describe('sheet names and columns', () => {
  it('any names become different ones that Excel takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { maxLength: 60 }), (wishes) => {
        const names = wishes.map(createSheetNames());
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
        for (const name of names) {
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThanOrEqual(31);
          expect(name).not.toMatch(/[[\]:*?/\\]|^'|'$|\p{Cc}/u);
        }
      }),
    );
  });

  it('letters count as Excel counts', () => {
    for (const index of [0, 25, 26, 701, 702, 16_383]) expect(columnLetters(index)).toBe(utils.encode_col(index));
  });
});
