import { describe, expect, test } from 'vitest';
import { parseReport } from '../../src/definition/parse-report.ts';
import { type Drawing, drawDocument } from '../../src/operations/runs/draw-document.ts';
import type { OutputKind } from '../../src/print/output.ts';
import { rowsOf, textOf, typesetter } from './printing.ts';

const COUNT = 30;
const period = { from: new Date(0), to: new Date(3_600_000) };

async function drawn(
  settings: Record<string, unknown>,
  outputs: readonly OutputKind[],
  locale: 'en' | 'ru' | 'zh' = 'en',
) {
  const stored = {
    id: 'w',
    name: 'Orders',
    config: { settings: { kind: 'table', base: { name: 'Orders' }, settings, mappings: {} }, series: [] },
  };
  const { definition } = parseReport({
    report: { id: '', name: 'Shown', settings: { general: { sortable_tables: true } } },
    dashboard: {},
    widgets: [stored],
  });
  const [widget] = definition.pages.flat().map((placement) => placement.widget);
  if (widget === undefined) throw new Error('no widget');
  const values = Array.from({ length: COUNT }, (_, index) => [`order${index + 1}`, 1]);
  const series = [{ name: 'rows', source: 's', queryHash: 'h', rows: rowsOf('name amount:number', values) }];
  const drawing: Drawing = {
    ...{ definition, at: new Date(0), timeZone: 'UTC', locale, period, isPeriodStated: false, outputs, ids: {} },
    reads: [{ widget, period: null, series, problem: null }],
  };
  const { files } = await drawDocument(drawing, { typesetter, signal: new AbortController().signal });
  return (kind: OutputKind): string => {
    const bytes = files.find((file) => file.kind === kind)?.bytes ?? new Uint8Array();
    return kind === 'pdf' ? textOf(bytes) : new TextDecoder().decode(bytes);
  };
}

const CUT = { rowsShown: 3, inHtml: { rowsShown: 5 } };

describe('a table that shows its first rows', () => {
  test('shows as many in each output as was asked for, and says of how many', async () => {
    const read = await drawn(CUT, ['pdf', 'html']);
    expect(read('pdf')).toContain('order3');
    expect(read('pdf')).not.toContain('order4');
    expect(read('pdf')).toContain('Rows 1–3 of 30');
    expect(read('pdf')).not.toContain('workbook');
    expect(read('html')).toContain('order5<');
    expect(read('html')).not.toContain('order6<');
    expect(read('html')).toContain('Rows 1–5 of 30');
  });

  test.each([
    ['en', 'all are in the CSV files'],
    ['ru', 'все — в файлах CSV'],
    ['zh', '全部见 CSV 文件'],
  ] as const)('names the data file that has all of them, in %s', async (locale, words) => {
    const read = await drawn(CUT, ['pdf', 'csv'], locale);
    expect(read('pdf').replaceAll(/\s+/g, ' ')).toContain(words);
    expect(read('csv').trim().split('\n')).toHaveLength(COUNT + 1);
  });

  test('has a last row for the others, which no sorting moves and which totals count', async () => {
    const restRow = ['others (27)', 27];
    const read = await drawn({ rowsShown: 3, restRow, totals: { amount: 'sum' } }, ['pdf', 'html']);
    expect(read('pdf')).toMatch(/others \(27\)\s+27\s+Total\s+30/);
    expect(read('pdf')).toContain('Rows 1–3 of 30');
    const [, foot = ''] = read('html').split('<tfoot>');
    expect(foot).toContain('others (27)');
    expect(foot).toContain('Total');
  });

  test('without a row for the others has totals of all rows', async () => {
    const read = await drawn({ rowsShown: 3, totals: 'sum' }, ['pdf']);
    expect(read('pdf')).toMatch(/Total\s+30/);
  });

  test('may be of more rows than it was given', async () => {
    const read = await drawn({ rowsShown: 3, rowCount: 400 }, ['pdf', 'xlsx']);
    expect(read('pdf')).toContain('Rows 1–3 of 400 · the first 30 are in the workbook');
  });
});

describe('a widget', () => {
  test('that is hidden on paper stands in HTML', async () => {
    const read = await drawn({ hidden: true, inHtml: { hidden: false } }, ['pdf', 'html']);
    expect(read('pdf')).not.toContain('order1');
    expect(read('html')).toContain('order30');
  });

  test('with settings of the wrong kind is printed whole', async () => {
    const read = await drawn({ rowsShown: 'three', restRow: 'none', inHtml: 7, hidden: 'no' }, ['pdf', 'html']);
    expect(read('pdf')).toContain('order30');
    expect(read('html')).toContain('order30');
  });
});
