import { describe, expect, it } from 'vitest';
import type { ChartContent } from '../../src/charts/content.ts';
import type { ChartEnvironment } from '../../src/charts/environment.ts';
import { contentOf } from '../../src/charts/kinds.ts';
import { formatValue, tickFormat } from '../../src/charts/numbers.ts';
import { leastHeightOf, ownPlan, signalsOf } from '../../src/charts/signals.ts';
import { themeOf } from '../../src/charts/theme.ts';
import { unitOf } from '../../src/charts/units.ts';
import { chartFor, contentFor, DAY, engines, environment, HOUR, MAY, rowsIn, rowsOf, widgetOf } from './fixtures.ts';

const entries = ({ chart }: ChartContent, name: 'x' | 'y') => {
  const axis = chart[name];
  return axis?.type === 'category' ? axis.entries.map(({ label }) => label) : [];
};

describe('top list', () => {
  it('ranks, says value and share, and sums the rest', () => {
    const content = chartFor(widgetOf('toplist', { settings: { limit: 2, other: true } }), engines());
    expect(entries(content, 'y')).toEqual(['PostgreSQL', 'MySQL', 'Other']);
    expect(rowsIn(content).map(({ l }) => l)).toEqual(['420  35%', '310  26%', '460  39%']);
    expect(content.caption).toBe('The 2 largest of 5 categories; the rest is “Other”');
    expect(content.alt).toBe('Top list, 5 categories: 1. PostgreSQL 420  35%; 2. MySQL 310  26%');
  });
});

describe('bars below zero', () => {
  it('have their value beside them, behind the line of zero', () => {
    const rows = rowsOf('name:text v:number', [
      ['gain', 12],
      ['loss', -30],
    ]);
    const content = chartFor(widgetOf('toplist'), rows);
    expect(rowsIn(content).map(({ v, e, l }) => [v, e, l])).toEqual([
      [12, 12, '12'],
      [-30, 0, '−30'],
    ]);
  });
});

describe('heat map', () => {
  it('tells values apart that are all far from zero', () => {
    const rows = rowsOf(
      'a:text b:text v:number',
      [99.1, 99.5, 99.9].map((value, index) => [`x${index}`, 'y', value]),
    );
    const content = chartFor(widgetOf('heatmap', { settings: { unit: '%' } }), rows);
    expect(new Set(rowsIn(content).map(({ s }) => s)).size).toBe(3);
    expect(content.chart.colors[0]?.label).toMatch(/^99(\.\d)?% – 99/);
  });

  it('says how many lines of how many are shown, whatever the number of columns', () => {
    const rows = rowsOf(
      'a:text b:text v:number',
      Array.from({ length: 50 }, (_, line) => [0, 1].map((column) => [`c${column}`, `r${line}`, line + 1])).flat(),
    );
    expect(chartFor(widgetOf('heatmap'), rows).caption).toBe('The 40 largest of 50 categories');
  });

  it('counts hours and weekdays by the clock of the zone, on the day it is changed too', () => {
    // Sunday 29 March 2026, 02:30 UTC is 04:30 in Berlin, where 02:00 to 03:00 did not exist.
    const rows = rowsOf('t:time v:number', [
      [Date.parse('2026-03-29T00:30Z'), 1],
      [Date.parse('2026-03-29T01:30Z'), 2],
      [Date.parse('2026-03-29T02:30Z'), 4],
      [Date.parse('2026-04-05T02:45Z'), 8],
    ]);
    const content = chartFor(widgetOf('heatmap'), rows, { timeZone: 'Europe/Berlin' });
    expect(rowsIn(content).map(({ c, r, l }) => [c, r, l])).toEqual([
      ['c1', 'r6', '1'],
      ['c3', 'r6', '2'],
      ['c4', 'r6', '12'],
    ]);
    expect(entries(content, 'y')[6]).toBe('Sun');
    expect(content.alt).toBe('Heat map, 24 columns by 7 rows; highest 12 (04, Sun), lowest 1 (01, Sun)');
  });

  it('averages what must not be added up, and names the ranges of its colours', () => {
    const rows = rowsOf('a:text b:text v:number', [
      ['x', 'p', 10],
      ['x', 'p', 30],
      ['y', 'q', 90],
    ]);
    const content = chartFor(widgetOf('heatmap', { settings: { reduce: 'avg', unit: '%' } }), rows);
    expect(rowsIn(content).map(({ l }) => l)).toEqual(['20%', '90%']);
    expect(content.chart.colors.map(({ label }) => label)[0]).toBe('0% – 20%');
  });
});

describe('a heat map over all years that dates have', () => {
  it('has columns for the first and the last of them', () => {
    const rows = rowsOf('name:text t:time v:number', [
      ['a', Date.parse('0001-01-01T00:00Z'), 1],
      ['a', Date.parse('9999-12-31T00:00Z'), 2],
    ]);
    expect(rowsIn(chartFor(widgetOf('heatmap'), rows)).map(({ s }) => s)).toHaveLength(2);
  });
});

describe('state timeline', () => {
  const states = rowsOf('t:time host:text state:text', [
    [MAY, 'a', 'up'],
    [MAY + HOUR, 'a', 'up'],
    [MAY + 2 * HOUR, 'a', 'down'],
    [MAY + 3 * HOUR, 'a', null],
    [MAY + 4 * HOUR, 'a', 'up'],
  ]);

  it('joins equal states, ends at null, and lasts to the end of the period', () => {
    const period = { from: MAY, to: MAY + 6 * HOUR };
    const content = chartFor(widgetOf('statetimeline'), states, { period });
    expect(
      rowsIn(content).map(({ t, u, l }) => [((t as number) - MAY) / HOUR, ((u as number) - MAY) / HOUR, l]),
    ).toEqual([
      [0, 2, 'up'],
      [2, 3, 'down'],
      [4, 6, 'up'],
    ]);
    expect(content.alt).toContain('share of time: up 80%, down 20%');
  });

  it('gives good and bad states their colours, and others what the widget says', () => {
    const { theme } = environment();
    const widget = widgetOf('statetimeline', { settings: { states: { up: '#123456' } } });
    const colors = chartFor(widget, states).chart.colors.map(({ label, color }) => [label, color]);
    expect(colors).toEqual([
      ['up', '#123456'],
      ['down', theme.sign.bad],
    ]);
  });
});

describe('gauge', () => {
  it('stands on a scale that holds its value and thresholds, and says them', () => {
    const thresholds = [{ value: 90, label: 'full', severity: 'bad' }];
    const content = chartFor(widgetOf('gauge', { settings: { unit: '%', thresholds } }), rowsOf('v:number', [[81.5]]));
    expect(content.alt).toBe('Gauge: 81.5%, scale from 0% to 100%, full 90%');
    const words = rowsIn(content).filter(({ k }) => k !== 'arc');
    expect(words.map(({ l }) => l)).toEqual(['90%', '0%', '100%', '81.5%']);
  });

  it('names thresholds in the caption where they would cover each other', () => {
    const said = (...values: readonly number[]) => {
      const settings = { min: 0, max: 100, thresholds: values.map((value) => ({ value })) };
      const content = chartFor(widgetOf('gauge', { settings }), rowsOf('v:number', [[42]]));
      return [content.caption, rowsIn(content).filter(({ k }) => k === 'word').length];
    };
    expect(said(70, 90)).toEqual([null, 4]);
    expect(said(90, 95, 10)).toEqual(['Thresholds: 90, 95, 10', 2]);
  });

  it('says a long unit once, below the dial', () => {
    const content = chartFor(
      widgetOf('gauge', { settings: { unit: 'transactions' } }),
      rowsOf('v:number', [[1234567]]),
    );
    expect(content.caption).toBe('transactions');
    expect(rowsIn(content).find(({ k }) => k === 'value')).toMatchObject({ l: '1.23M' });
    expect(content.alt).toMatch(/^Gauge: 1\.23M\stransactions, scale from 0\stransactions/);
  });

  it('has the colour of the palette', () => {
    const content = chartFor(widgetOf('gauge', { settings: { palette: 'roma' } }), rowsOf('v:number', [[42]]));
    expect(rowsIn(content).some(({ ink }) => ink === themeOf('light', 'roma').palette[0])).toBe(true);
  });
});

describe('metric', () => {
  it('says the change of a percentage in percentage points, also from nothing', () => {
    const values = (before: number, now: number) =>
      rowsOf('t:time hit_ratio:number', [
        [MAY, before],
        [MAY + HOUR, now],
      ]);
    const change = (before: number, now: number) => contentFor(widgetOf('metric'), values(before, now));
    expect(change(0.9991, 0.9997)).toMatchObject({ change: { text: '+0.06\u00a0pp', direction: 'up' } });
    expect(change(0, 0.25)).toMatchObject({ change: { text: '+25\u00a0pp' } });
    expect(change(0.5, 0.5)).toMatchObject({ change: { text: '0\u00a0pp', direction: 'flat' } });
  });

  it('names the day of values of whole days, and the time of others', () => {
    const label = (step: number, over: Partial<ChartEnvironment> = {}) => {
      const values = [0, 1, 2, 3].map((index) => [Date.parse('2026-05-01T00:00+02:00') + index * step, index]);
      const content = contentFor(widgetOf('metric'), rowsOf('t:time v:number', values), over);
      return content.kind === 'metric' && content.label;
    };
    expect(label(DAY, { timeZone: 'Europe/Berlin' })).toBe('4 May 2026');
    expect(label(8 * HOUR, { timeZone: 'Europe/Berlin' })).toBe('2 May 2026 00:00');
    expect(label(DAY)).toBe('3 May 2026 22:00');
  });

  it('is one value of a period against that of the period before', () => {
    const widget = widgetOf('metric', { settings: { reduce: 'sum', compareSeries: 'before', better: 'up' } });
    const rows = (value: number) =>
      rowsOf(
        't:time v:number',
        [0, 1, 2].map((day) => [MAY + day * DAY, value]),
      );
    const content = contentOf(
      widget,
      [
        { name: 'now', rows: rows(90) },
        { name: 'before', rows: rows(100) },
      ],
      environment(),
    );
    expect(content).toMatchObject({
      kind: 'metric',
      value: '270',
      change: { text: '−10%', direction: 'down', good: false },
      alt: 'Metric: 270, −10% against the previous period. Line chart, 1 – 3 May 2026; highest 90 (1 May)',
    });
  });
});

describe('pie', () => {
  it('keeps to the bounds it is given', () => {
    const labels = (settings: Record<string, unknown>) =>
      chartFor(widgetOf('pie', { settings }), engines()).chart.colors.map(({ label }) =>
        label.replace(/[\u2066-\u2069]/g, ''),
      );
    expect(labels({ maxSlices: 3 })).toEqual(['PostgreSQL  420', 'MySQL  310', 'Other  460']);
    expect(labels({ minShare: 15 })).toEqual(['PostgreSQL  420', 'MySQL  310', 'OceanBase  280', 'Other  180']);
  });
});

describe('units', () => {
  it('are written as people of the language write them', () => {
    const say = (value: number, unit: string, locale: 'en' | 'ru' | 'zh') =>
      formatValue(value, unitOf(unit, null), locale);
    expect(say(3_725, 's', 'en')).toBe('1\u00a0h\u00a02\u00a0min');
    expect(say(-1_234_567, 'EUR', 'en')).toBe('−€1.23M');
    expect(say(1_234_567, '₽', 'ru')).toBe('1,23\u00a0млн\u00a0₽');
    expect(say(1_500_000, 'bits/s', 'ru')).toBe('1,5\u00a0Мбит/с');
    expect(say(2_500_000_000, 'decbytes', 'en')).toBe('2.5\u00a0GB');
    expect(say(0.0005, 'ms', 'zh')).toBe('500\u00a0纳秒');
  });

  it('have one size word and equal decimals on an axis', () => {
    const format = tickFormat(500_000, 2_000_000, null, 'en');
    expect([0, 5e5, 1e6, 1.5e6, 2e6].map(format)).toEqual(['0', '0.5M', '1.0M', '1.5M', '2.0M']);
  });
});

describe('what a chart cannot show as it is', () => {
  it('values too large to draw are counted in the caption', () => {
    const rows = rowsOf('name:text v:number', [
      ['a', 1e308],
      ['b', -1e301],
      ['c', 3],
    ]);
    for (const kind of ['histogram', 'pie', 'toplist', 'gauge']) {
      expect(chartFor(widgetOf(kind), rows)).toMatchObject({
        caption: expect.stringContaining('left out: 2'),
        truncated: true,
      });
    }
  });

  it('lying bars ask for the height at which their names are read', () => {
    const rows = rowsOf(
      'name:text v:number',
      Array.from({ length: 50 }, (_, index) => [`a long name ${index}`, index]),
    );
    const { chart } = chartFor(widgetOf('histogram'), rows);
    expect(leastHeightOf(chart, 200)).toBeGreaterThanOrEqual(20 * 8);
    expect(signalsOf(ownPlan(chart, 200), 200, leastHeightOf(chart, 200), () => 30).signals.yLabelSize).toBe(6.5);
    expect(leastHeightOf(chart, 5000)).toBe(0);
  });
});

describe('legend', () => {
  const measure = (text: string): number => text.length * 4;
  const textsIn = (content: ChartContent, width: number): readonly string[] =>
    signalsOf(content.chart, width, 150, measure).signals.keyText as readonly string[];

  it('says the values behind a name whole or not at all', () => {
    const rows = rowsOf(
      't:time host:text v:number',
      ['alpha.example.org', 'beta.example.org', 'gamma.example.org', 'delta.example.org'].flatMap((host, index) =>
        [0, 1].map((hour) => [MAY + hour * HOUR, host, 1234.5 + index + hour]),
      ),
    );
    const content = chartFor(widgetOf('timeseries', { settings: { legendValues: ['min', 'max', 'avg'] } }), rows);
    for (const width of [150, 250, 400, 900]) {
      for (const text of textsIn(content, width))
        expect(text).toMatch(/^(\+\d+|[a-z.]+…?|[a-z.]+…?( {2}\w+\s[\d,.]+){3})$/);
    }
    expect(textsIn(content, 900)[0]).toMatch(/^alpha\.example\.org {2}min\s1,235/);
  });
});

describe('alternative text in Chinese', () => {
  it('has the marks of Chinese and dates as they stand on the page', () => {
    const rows = rowsOf('t:time v:number', [
      [MAY, 5],
      [MAY + 3 * DAY, 7],
    ]);
    const widget = widgetOf('timeseries', { heading: '气温' });
    expect(chartFor(widget, rows, { locale: 'zh' }).alt).toMatch(
      /^气温。折线图，1\s?个系列，2026年5月1日 – 2026年5月4日；最高 7（/,
    );
  });
});
