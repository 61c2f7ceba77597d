import { expect, test } from 'vitest';
import { themeOf } from '../../src/charts/theme.ts';
import type { SampleGroup, SampleMinute } from '../../src/rows/session-samples.ts';
import type { Block } from '../../src/workload/block.ts';
import { chartFor, widgetOf } from '../charts/fixtures.ts';
import { builtFacts, START } from './built-facts.ts';
import { blocksOf } from './printed.ts';

const MINUTE = 60_000;
const palette = themeOf('light').palette;

const group = (waitClass: string, waitEvent: string | null, seconds: number): SampleGroup => ({
  ...{ database: 'app', user: 'shop', queryId: null, state: 'active', waitClass, waitEvent },
  ...{ backend: 'client backend', seconds, sessionsMax: 1, transactionSecondsMax: 0, stateSecondsMax: 0 },
});

const minutes = (...groups: readonly SampleGroup[]): readonly SampleMinute[] =>
  [0, 1, 2, 3, 4].map((at) => ({ minute: START + at * MINUTE, samples: 60, covered: 60, groups, blockers: [] }));

/** Label and colour of what the legend of a chart over time says. */
function legendOf(block: Block | undefined): readonly (readonly [string, string])[] {
  const [series] = block?.series ?? [];
  if (block === undefined || series === undefined) throw new Error('no chart');
  const { settings, mappings } = block.widget;
  const { chart } = chartFor(widgetOf('timeseries', { settings, mappings }), series.rows, { period: null });
  return chart.legend === null ? [] : chart.colors.map(({ label, color }) => [label, color]);
}

const charts = (...groups: readonly SampleGroup[]) => {
  const facts = builtFacts({ seconds: 300, minutes: minutes(...groups) });
  const over = blocksOf(facts, 'waits').find(({ widget }) => widget.id === 'waits-over-time');
  return { load: legendOf(blocksOf(facts, 'load-over-time')[0]), waits: legendOf(over) };
};

test('a wait class has one colour, whichever others are there, and a single one is named', () => {
  const [lock, cpu] = [palette[3], palette[0]];
  expect(charts(group('Lock', 'tuple', 30)).load).toEqual([['Lock', lock]]);
  expect(charts(group('CPU', null, 30), group('Lock', 'tuple', 30)).load).toEqual([
    ['CPU', cpu],
    ['Lock', lock],
  ]);
});

test('events have the colour of their class, the first as it is and further ones as shades of it', () => {
  const { waits } = charts(
    group('CPU', null, 5),
    ...[9, 8, 7, 6].map((seconds, at) => group('IO', `Read${at}`, seconds)),
    group('Lock', 'tuple', 30),
    group('Lock', 'transactionid', 4),
  );
  const colors = new Map(waits);
  expect(colors.get('Lock · tuple')).toBe(palette[3]);
  expect(colors.get('CPU · running')).toBe(palette[0]);
  expect(colors.get('IO · Read0')).toBe(palette[1]);
  expect(colors.get('Other')).toBe(themeOf('light').sign.neutral);
  expect(new Set(colors.values()).size).toBe(7);
});
