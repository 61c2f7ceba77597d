import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/print/csv.ts';
import type { Value } from '../../src/rows/rows.ts';
import { rowsOf } from './printing.ts';

const MOSCOW = { timeZone: 'Europe/Moscow' };
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const linesOf = (columns: string, values: readonly (readonly Value[])[], timeZone = 'UTC'): string[] =>
  text(csvOf(rowsOf(columns, values), { timeZone })).split('\r\n');

/** Read by Python's csv module, which knows nothing of us. */
function readBack(bytes: Uint8Array): string[][] {
  const program =
    'import csv,io,json,sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode("utf-8"),newline="")))))';
  return JSON.parse(
    execFileSync('python3', ['-c', program], { input: bytes, encoding: 'utf8', maxBuffer: 1 << 28 }),
  ) as string[][];
}

describe('CSV of rows', () => {
  it('has a header, a line for each row, CRLF, and quotes only where they are needed', () => {
    const values = [
      ['plain', 'a,b', 'he said "no"', 'two\nlines'],
      ['', null, ' padded ', '日本'],
    ];
    expect(text(csvOf(rowsOf('a b c d', values), MOSCOW))).toBe(
      'a,b,c,d\r\nplain,"a,b","he said ""no""","two\nlines"\r\n"",, padded ,日本\r\n',
    );
  });

  it('is a header line for no rows at all', () => {
    expect(text(csvOf(rowsOf('a:number b', []), MOSCOW))).toBe('a,b\r\n');
  });

  it('writes raw values: numbers and decimals whole, instants with their offset, days, booleans', () => {
    const at = Date.UTC(2026, 4, 3, 4, 30);
    const row = [1234567.891, '12345678901234567890.123', at, at + 5, Date.UTC(2026, 0, 31), true, '{"a": 1}'];
    const lines = linesOf('n:number d:number t:time u:time day:date b:boolean j:json', [row], 'Europe/Moscow');
    expect(lines[1]).toBe(
      '1234567.891,12345678901234567890.123,2026-05-03T07:30:00+03:00,2026-05-03T07:30:00.005+03:00,2026-01-31,true,"{""a"": 1}"',
    );
  });

  it('tells both two o’clocks of the night when clocks go back', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    const lines = linesOf('t:time', [[first], [first + 3_600_000]], 'Europe/Berlin');
    expect(lines.slice(1, 3)).toEqual(['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00']);
  });

  it('says a number that is no date as the number it is', () => {
    expect(linesOf('t:time', [[9e15]])[1]).toBe('9000000000000000');
  });

  it('begins with a byte order mark when asked to', () => {
    expect([...csvOf(rowsOf('a', []), { timeZone: 'UTC', bom: true }).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd|calc', "'+cmd|calc"],
    ['-2+3', "'-2+3"],
    ['\tx', "'\tx"],
    ['＝1', "'＝1"],
    ['-5', '-5'],
    ['+4.5e-3', '+4.5e-3'],
    ['a=b', 'a=b'],
  ])('a text %j that a spreadsheet might run is written %j', (given, written) => {
    expect(linesOf('a', [[given]])[1]).toBe(written);
  });

  it('neutralises the names of columns as well, and leaves negative numbers alone', () => {
    expect(linesOf('=x n:number', [['a', -5]])).toEqual(["'=x,n", 'a,-5', '']);
  });

  it('any texts are read back as they were, but for the apostrophe', () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0') && value.isWellFormed());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (values) => {
        const back = readBack(csvOf(rowsOf('a b', values), { timeZone: 'UTC' })).slice(1);
        expect(back.map((row) => row.map((value) => value.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '')))).toEqual(values);
      }),
      { numRuns: 15 },
    );
  });

  it('100 000 rows are 100 000 lines', () => {
    const values = Array.from({ length: 100_000 }, (_, index) => [index, `row ${index}`]);
    const lines = text(csvOf(rowsOf('n:number t', values), MOSCOW)).split('\r\n');
    expect(lines).toHaveLength(100_002);
    expect(lines[100_000]).toBe('99999,row 99999');
  });
});
