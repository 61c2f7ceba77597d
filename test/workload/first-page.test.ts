import { describe, expect, test } from 'vitest';
import { workloadReport } from '../../src/workload/report.ts';
import { type Built, builtFacts } from './built-facts.ts';
import { shopDay } from './built-shop.ts';
import { blocksOf, linesOf } from './printed.ts';

const database = (active: number, committed: number) => [
  {
    ...{
      datid: 5,
      datname: 'app',
      active_time: active,
      blk_read_time: 0,
      blk_write_time: 0,
      deadlocks: 0,
      numbackends: 4,
    },
    ...{ blks_hit: active * 9, blks_read: active, xact_commit: committed, xact_rollback: 0, sessions: 0 },
  },
];
const built: Built = {
  before: { database: database(0, 0) },
  after: { database: database(300_000, 6000) },
  baseline: { before: { database: database(0, 0) }, after: { database: database(200_000, 12_000) }, seconds: 1200 },
};

describe('the key numbers', () => {
  const numberOf = (facts: ReturnType<typeof builtFacts>, id: string) => {
    const block = blocksOf(facts, 'header').find(({ widget }) => widget.id === `header-${id}`);
    return block?.series.map(({ name, rows }) => [name, rows.values[0]?.[0]]);
  };

  test('stand beside those of the range before', () => {
    const facts = builtFacts(built);
    expect(numberOf(facts, 'sessions')).toEqual([
      ['rows', 0.5],
      ['before', 200_000 / 1000 / 1200],
    ]);
    expect(numberOf(facts, 'transactions')).toEqual([
      ['rows', 10],
      ['before', 10],
    ]);
  });

  test('stand alone where there is none', () => {
    const { baseline: _, ...alone } = built;
    expect(numberOf(builtFacts(alone), 'sessions')).toEqual([['rows', 0.5]]);
  });

  test('compare no load that was measured in another way', () => {
    const sampled = { ...shopDay(), range: builtFacts({ after: {}, before: {} }).range };
    expect(numberOf(sampled, 'sessions')?.map(([name]) => name)).toEqual(['rows']);
  });
});

describe('the load profile', () => {
  test('tells the change per second against the range before, where both have enough', () => {
    const lines = linesOf(blocksOf(builtFacts(built), 'load-profile'), 'load-profile');
    const changes = Object.fromEntries(lines.map(({ measure, change }) => [measure, change]));
    expect(changes).toMatchObject({ 'Database time, s': '+200%', Transactions: '0%', Rollbacks: '–' });
  });

  test('draws a line a measure over the steps of the range, which come to its total', () => {
    const lines = linesOf(blocksOf(shopDay(), 'load-profile'), 'load-profile');
    const numbers = (measure: string): readonly number[] =>
      String(lines.find((line) => line.measure === measure)?.over)
        .split(' ')
        .map(Number);
    expect(numbers('Transactions')).toHaveLength(24);
    expect(numbers('Statements')).toHaveLength(24);
    const total = numbers('Transactions').reduce((sum, rate) => sum + rate * 3600, 0);
    expect(total / 5_448_823).toBeCloseTo(1, 3);
  });

  test('has no line, and no charts over time, of two snapshots', () => {
    const blocks = blocksOf(builtFacts(built), 'load-profile');
    expect(blocks.map(({ widget }) => widget.id)).toEqual(['load-profile']);
    expect(linesOf(blocks, 'load-profile')[0]).not.toHaveProperty('over');
  });
});

test.each(['en', 'ru', 'zh'] as const)('all sections of a day are whole figures and words: %s', (locale) => {
  const chapters = workloadReport(shopDay({ locale }), null);
  expect(chapters.map(({ chapter }) => chapter)).toEqual(['overview', 'statements', 'objects', 'system', 'texts']);
  const ids = chapters.flatMap(({ blocks }) => blocks.map(({ widget }) => widget.id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(0, 7)).toEqual([
    ...['header', 'header-sessions', 'header-transactions', 'header-mean', 'header-hit'],
    ...['load-over-time', 'findings'],
  ]);
  const said = chapters.flatMap(({ blocks }) => blocks.map(({ widget, series }) => [widget.settings, series]));
  expect(JSON.stringify(said)).not.toMatch(/NaN|undefined|Infinity|\{\w+\}(?!")/);
});
