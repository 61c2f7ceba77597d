import { parseReport } from '../../src/definition/parse-report.ts';
import type { Drawing } from '../../src/operations/runs/draw-document.ts';
import { benchRows } from './rows.ts';

/** A report of one table on landscape pages, as a run would draw it once its rows are read. */
export function tableDrawing(count: number, tagged: boolean): Drawing {
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
          settings: { kind: 'table', base: { name: 'Statements' }, settings: { tagged }, mappings: {} },
          series: [{ name: 's', source: 'main', mode: 'sql', sql: 'select 1' }],
        },
      },
    ],
  });
  const [widget] = definition.pages[0]?.map((placement) => placement.widget) ?? [];
  if (widget === undefined) throw new Error('the definition has no widget');
  const at = new Date('2026-05-03T04:30:00Z');
  const series = [{ name: 's', source: 'main', queryHash: '', rows: benchRows(count) }];
  return {
    definition,
    at,
    timeZone: 'UTC',
    locale: 'en',
    period: { from: at, to: at },
    isPeriodStated: false,
    reads: [{ widget, period: null, series, problem: null }],
    outputs: ['pdf'],
    ids: {},
  };
}
