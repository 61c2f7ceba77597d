import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BroadsheetError } from '../../src/errors.ts';
import { DEFAULT_PERIOD, effectivePeriod, resolvePeriod } from '../../src/period/period.ts';
import { startOfUnit, UNITS } from '../../src/period/units.ts';

const NOW = new Date('2024-05-15T10:20:30.400Z'); // a Wednesday
const resolve = (expression: string[], zone = 'UTC', now = NOW): string[] => {
  const { from, to } = resolvePeriod(expression, now, zone);
  return [from.toISOString(), to.toISOString()];
};
const day = (text: string): string => `${text}T00:00:00.000Z`;

test.each([
  [['now-7d', 'now'], '2024-05-08T10:20:30.400Z', '2024-05-15T10:20:30.400Z'],
  [['now-1', 'now'], '2024-05-14T10:20:30.400Z', '2024-05-15T10:20:30.400Z'],
  [['now-90m'], '2024-05-15T08:50:30.400Z', '2024-05-15T10:20:30.400Z'],
  [['now-1d/d', 'now/d'], day('2024-05-14'), day('2024-05-15')],
  [['now-1d/d', 'now-1d/d'], day('2024-05-14'), day('2024-05-15')],
  [['now/d', 'now/d'], day('2024-05-15'), day('2024-05-16')],
  [['now/w', 'now+1w/w'], day('2024-05-13'), day('2024-05-20')],
  [['now/M-1M', 'now/M'], day('2024-04-01'), day('2024-05-01')],
  [['now-1y/y', 'now/y'], day('2023-01-01'), day('2024-01-01')],
  [['now/h', 'now'], '2024-05-15T10:00:00.000Z', '2024-05-15T10:20:30.400Z'],
  [['2024-01-01', '2024-01-31'], day('2024-01-01'), day('2024-02-01')],
  [['2024-02', '2024-02'], day('2024-02-01'), day('2024-03-01')],
  [['2023', '2023'], day('2023-01-01'), day('2024-01-01')],
  [['2024-05-01T08:00:00Z', '2024-05-01T08:00:00.250+00:00'], '2024-05-01T08:00:00.000Z', '2024-05-01T08:00:00.250Z'],
  [['2024-05-01 08:00', 'now'], '2024-05-01T08:00:00.000Z', '2024-05-15T10:20:30.400Z'],
  [['2019-08-24T14:15:22Z'], '2019-08-24T14:15:22.000Z', '2024-05-15T10:20:30.400Z'],
  [['today'], day('2024-05-15'), day('2024-05-16')],
  [['today so far'], day('2024-05-15'), '2024-05-15T10:20:30.400Z'],
  [['yesterday'], day('2024-05-14'), day('2024-05-15')],
  [['last week'], day('2024-05-06'), day('2024-05-13')],
  [['last month'], day('2024-04-01'), day('2024-05-01')],
  [['Last_Month'], day('2024-04-01'), day('2024-05-01')],
  [['this month'], day('2024-05-01'), day('2024-06-01')],
  [['this month so far'], day('2024-05-01'), '2024-05-15T10:20:30.400Z'],
  [['last quarter'], day('2024-01-01'), day('2024-04-01')],
  [['this quarter'], day('2024-04-01'), day('2024-07-01')],
  [['last year'], day('2023-01-01'), day('2024-01-01')],
  [['previous 7 days'], day('2024-05-08'), day('2024-05-15')],
  [['last 7 days'], '2024-05-08T10:20:30.400Z', '2024-05-15T10:20:30.400Z'],
  [['previous 2 quarters'], day('2023-10-01'), day('2024-04-01')],
])('%j is a period', (expression, from, to) => {
  expect(resolve(expression)).toEqual([from, to]);
});

test('days begin by the clock of the zone, also where clocks change', () => {
  const zone = 'America/New_York';
  expect(resolve(['last month'], zone, new Date('2024-04-01T03:00:00Z'))).toEqual([
    '2024-02-01T05:00:00.000Z',
    '2024-03-01T05:00:00.000Z',
  ]);
  const springForward = resolvePeriod(['2024-03-10', '2024-03-10'], NOW, zone);
  expect(springForward.to.getTime() - springForward.from.getTime()).toBe(23 * 3_600_000);
  const fallBack = resolvePeriod(['yesterday'], new Date('2024-11-04T12:00:00Z'), zone);
  expect(fallBack.to.getTime() - fallBack.from.getTime()).toBe(25 * 3_600_000);
  // A calendar day keeps the wall clock, 24 hours do not.
  expect(resolve(['now-1d', 'now'], zone, new Date('2024-03-10T16:00:00Z'))[0]).toBe('2024-03-09T17:00:00.000Z');
  expect(resolve(['now-24h', 'now'], zone, new Date('2024-03-10T16:00:00Z'))[0]).toBe('2024-03-09T16:00:00.000Z');
});

test('hours of a repeated hour are told apart when rounded', () => {
  const zone = 'America/New_York';
  expect(startOfUnit(new Date('2024-11-03T05:40:00Z'), 'h', zone).toISOString()).toBe('2024-11-03T05:00:00.000Z');
  expect(startOfUnit(new Date('2024-11-03T06:40:00Z'), 'h', zone).toISOString()).toBe('2024-11-03T06:00:00.000Z');
  expect(startOfUnit(new Date('2024-05-01T10:20:00Z'), 'h', 'Asia/Kathmandu').toISOString()).toBe(
    '2024-05-01T10:15:00.000Z',
  );
});

test('a month ends on its last day', () => {
  expect(resolve(['now-1M', 'now'], 'UTC', new Date('2024-03-31T12:00:00Z'))[0]).toBe('2024-02-29T12:00:00.000Z');
  expect(resolve(['now-1y', 'now'], 'UTC', new Date('2024-02-29T12:00:00Z'))[0]).toBe('2023-02-28T12:00:00.000Z');
});

test.each([
  [[]],
  [['']],
  [['now', 'now']],
  [['now', 'now-7d']],
  [['now+1d']],
  [['now-', 'now']],
  [['now-7x', 'now']],
  [['now-1d', 'now', 'now']],
  [['2024-02-30', 'now']],
  [['2024-05-01T25:00', 'now']],
  [['2024-05-01T08:00+29:00', 'now']],
  [['last fortnight']],
  [['last months']],
  [['previous 0 days']],
  [['this 3 months']],
  [['today', 'now']],
  [['now-999999999y', 'now']],
  [['now-99999y', 'now']],
  [['now', 'now+999999999d']],
  [[`now${'-1d'.repeat(200)}`, 'now']],
  [["now'; drop table x; --", 'now']],
])('%j is refused', (expression) => {
  expect(() => resolve(expression)).toThrow(expect.objectContaining({ code: 'bad_request' }));
});

test('whatever is accepted has a length, and whatever is refused is refused as a bad request', () => {
  const step = fc
    .tuple(fc.constantFrom('-', '+'), fc.nat(10_000), fc.constantFrom(...UNITS, ''))
    .map((s) => s.join(''));
  const rounding = fc.constantFrom(...UNITS).map((unit) => `/${unit}`);
  const relative = fc.array(fc.oneof(step, rounding), { maxLength: 4 }).map((steps) => `now${steps.join('')}`);
  const text = fc.oneof(
    { weight: 4, arbitrary: relative },
    fc.string(),
    fc.constantFrom('last week', '2024-05', 'today'),
  );
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York');
  const instants = fc.date({ min: new Date('1971-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3 }), zone, instants, (expression, name, now) => {
      try {
        const { from, to } = resolvePeriod(expression, now, name);
        expect(from.getTime()).toBeLessThan(to.getTime());
        accepted += 1;
      } catch (error) {
        if (!(error instanceof BroadsheetError)) throw error;
        expect(error.code).toBe('bad_request');
      }
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(20);
});

test('previous and current units tile time without gap or overlap', () => {
  const instants = fc.date({ min: new Date('1971-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  const unit = fc.constantFrom('day', 'week', 'month', 'quarter', 'year');
  fc.assert(
    fc.property(instants, unit, fc.constantFrom('Europe/Berlin', 'America/New_York'), (now, name, zone) => {
      const current = resolvePeriod([`this ${name}`], now, zone);
      const last = resolvePeriod([`last ${name}`], now, zone);
      expect(last.to).toEqual(current.from);
      expect(current.from.getTime()).toBeLessThanOrEqual(now.getTime());
      expect(current.to.getTime()).toBeGreaterThan(now.getTime());
      expect(resolvePeriod([`last ${name}`], current.to, zone)).toEqual(current);
    }),
  );
});

test('the run beats all, then the more specific wins, then the last day', () => {
  const levels = { series: ['s'], widget: ['w'], report: ['r'], dashboard: ['d'] };
  expect(effectivePeriod({ ...levels, run: ['x'] })).toEqual(['x']);
  expect(effectivePeriod(levels)).toEqual(['s']);
  expect(effectivePeriod({ ...levels, series: [] })).toEqual(['w']);
  expect(effectivePeriod({ ...levels, series: null, widget: null })).toEqual(['r']);
  expect(effectivePeriod({ dashboard: ['d'], report: undefined })).toEqual(['d']);
  expect(effectivePeriod({})).toBe(DEFAULT_PERIOD);
});
