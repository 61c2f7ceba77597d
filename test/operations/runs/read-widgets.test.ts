import { describe, expect, test } from 'vitest';
import { parseReport } from '../../../src/definition/parse-report.ts';
import { BroadsheetError } from '../../../src/errors.ts';
import { type ReadScope, readWidgets, resolveFor } from '../../../src/operations/runs/read-widgets.ts';
import type { SourceReader } from '../../../src/query/statement.ts';
import type { Rows } from '../../../src/rows/rows.ts';

const ROWS: Rows = { columns: [{ name: 'n', type: 'number' }], values: [[1]], truncation: null };

const widget = (id: string, sql = 'select 1', period: { series?: string[]; widget?: string[] } = {}) => ({
  id,
  config: {
    settings: { kind: 'table' },
    series: [{ name: id, source: 'main', mode: 'sql', sql, period: period.series ?? [] }],
  },
  settings: { period: period.widget ?? [] },
});

function scopeOf(options: {
  widgets: readonly unknown[];
  report?: string[];
  dashboard?: string[];
  asked?: string[];
  read?: SourceReader['read'];
  signal?: AbortSignal;
}): ReadScope {
  const { definition } = parseReport({
    report: { settings: { general: { period: options.report } } },
    dashboard: { config: { period: options.dashboard } },
    widgets: options.widgets,
  });
  const reader: SourceReader = {
    dialect: 'postgres',
    catalogue: async () => ({ tables: [] }),
    read: options.read ?? (async () => ROWS),
  };
  return {
    definition,
    at: new Date('2026-05-03T12:00:00Z'),
    timeZone: 'UTC',
    period: options.asked ?? null,
    readers: async () => reader,
    signal: options.signal ?? new AbortController().signal,
  };
}

describe('the period that counts', () => {
  const day = (date: string) => [date, date];
  const cases: [string, Parameters<typeof scopeOf>[0], string][] = [
    [
      'what was asked for',
      {
        widgets: [widget('w', '', { series: day('2026-01-01') })],
        asked: day('2026-01-05'),
        report: day('2026-01-03'),
      },
      '2026-01-05',
    ],
    [
      'that of the series',
      {
        widgets: [widget('w', 'select 1', { series: day('2026-01-01'), widget: day('2026-01-02') })],
        report: day('2026-01-03'),
      },
      '2026-01-01',
    ],
    [
      'that of the widget',
      { widgets: [widget('w', 'select 1', { widget: day('2026-01-02') })], report: day('2026-01-03') },
      '2026-01-02',
    ],
    [
      'that of the report',
      { widgets: [widget('w')], report: day('2026-01-03'), dashboard: day('2026-01-04') },
      '2026-01-03',
    ],
    ['that of the dashboard', { widgets: [widget('w')], dashboard: day('2026-01-04') }, '2026-01-04'],
    ['the last 24 hours', { widgets: [widget('w')] }, '2026-05-02'],
  ];
  test.each(cases)('is %s', (_, options, date) => {
    const scope = scopeOf(options);
    const [placement] = scope.definition.pages.flat();
    const { from } = resolveFor(scope, placement?.widget ?? null, placement?.widget.series[0] ?? null);
    expect(from.toISOString().slice(0, 10)).toBe(date);
  });
});

describe('reading widgets', () => {
  test('one that fails, however it does, costs the others nothing', async () => {
    const read: SourceReader['read'] = async ({ text }) => {
      if (text.includes('slow')) throw new BroadsheetError('timeout', 'stopped');
      if (text.includes('bad')) throw new BroadsheetError('unprocessable', 'no such table');
      if (text.includes('defect')) throw new TypeError('undefined is not a function');
      return ROWS;
    };
    const widgets = ['ok', 'slow', 'bad', 'defect', 'also ok'].map((id) => widget(id, `select '${id}'`));
    const reads = await readWidgets(scopeOf({ widgets, read }));
    expect(reads.map(({ problem, series }) => [problem?.state, problem?.message, series.length])).toEqual([
      [undefined, undefined, 1],
      ['timed out', 'stopped', 0],
      ['failed', 'no such table', 0],
      ['failed', '', 0],
      [undefined, undefined, 1],
    ]);
  });

  test('a period that is none is the widget’s own problem', async () => {
    const reads = await readWidgets(
      scopeOf({ widgets: [widget('a', 'select 1', { series: ['yesterdayish', 'now'] }), widget('b')] }),
    );
    expect(reads.map(({ problem }) => problem?.state)).toEqual(['failed', undefined]);
  });

  test('at most four are read at once', async () => {
    let [open, most] = [0, 0];
    const read: SourceReader['read'] = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return ROWS;
    };
    await readWidgets(scopeOf({ widgets: Array.from({ length: 20 }, (_, index) => widget(`w${index}`)), read }));
    expect(most).toBe(4);
  });

  test('a canceled run stops; it is not a report of failed widgets', async () => {
    const controller = new AbortController();
    const read: SourceReader['read'] = async () => {
      controller.abort();
      throw new BroadsheetError('canceled', 'canceled');
    };
    await expect(
      readWidgets(scopeOf({ widgets: [widget('w')], read, signal: controller.signal })),
    ).rejects.toMatchObject({ code: 'canceled' });
  });

  test('the same query has the same hash, another period another', async () => {
    const hashOf = async (report: string[]) =>
      (await readWidgets(scopeOf({ widgets: [widget('w', 'select $period_from')], report })))[0]?.series[0]?.queryHash;
    const first = await hashOf(['2026-01-01', '2026-01-02']);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(['2026-01-01', '2026-01-02'])).toBe(first);
    expect(await hashOf(['2026-01-02', '2026-01-03'])).not.toBe(first);
  });
});
