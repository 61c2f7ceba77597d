import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fires, nextFire, nextRunAt, normaliseTimeZone, parseInterval, previousFire } from '../../src/period/cron.ts';

const NEW_YORK = 'America/New_York';
const at = (text: string): Date => new Date(text);
const isoOf = (found: Date[]): string[] => found.map((fire) => fire.toISOString().replace('.000Z', 'Z'));
const next = (interval: string, zone: string, after: string): string | null =>
  nextFire(interval, zone, at(after))?.toISOString().replace('.000Z', 'Z') ?? null;
const day = (interval: string, zone: string, from: string, to: string): string[] =>
  isoOf(fires(interval, zone, at(from), at(to), 1000));

describe('what is an interval', () => {
  it.each([
    '* 0 1 1 1',
    '0 9 * * 1-5',
    '*/5 * * * *',
    '0 0 L * *',
    '0 9 LW * *',
    '0 9 15W * *',
    '0 9 * * 5L',
    '0 9 * * FRIL',
    '0 9 * * FRI#2',
    '0 9 * * 5#5',
    '0 9 * * 7',
    '0 0 ? * 1',
    '0 0 1 1 +1',
    '0 0 29 2 *',
    '0  9 * *\t1',
    '@daily',
    '@YEARLY',
  ])('takes %j', (interval) => {
    expect(parseInterval(interval)).toBe(interval);
  });

  it('drops surrounding space', () => {
    expect(parseInterval(' 0 9 * * *\n')).toBe('0 9 * * *');
  });

  it.each([
    '',
    'daily at nine',
    '* * * *',
    '0 0 9 * * *',
    '0 0 9 * * * 2030',
    '61 * * * *',
    '0 22-2 * * *',
    '5/15 * * * *',
    '*/90 * * * *',
    '@reboot',
    '@every 5m',
    '0 0 L-3 * *',
    'H 9 * * *',
    '2026-05-01T10:00:00',
    '2999-05-01T10:00:00Z',
    '2999-05-01 10:00:00',
    '9 9 31 2 *',
    '0 0 30 2 *',
    '0 9 31 4,6,9,11 *',
    `${'0,'.repeat(400)}1 * * * *`,
  ])('refuses %j', (interval) => {
    expect(() => parseInterval(interval)).toThrow(
      expect.objectContaining({ code: 'bad_request', message: 'invalid interval format' }),
    );
  });

  it('either throws bad_request or gives an interval that fires, whatever the text', () => {
    const word = fc.constantFrom(
      '*',
      '0',
      '5',
      '31',
      '2',
      '1-5',
      '*/5',
      'L',
      'LW',
      '15W',
      'FRI#2',
      'MON',
      '?',
      '+1',
      '@daily',
      '1,2',
      '60',
      'x',
      '2026-05-01T10:00:00',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { minLength: 4, maxLength: 6 }).map((parts) => parts.join(' ')),
        ),
        (text) => {
          try {
            expect(nextFire(parseInterval(text), 'UTC', at('2026-01-01T00:00:00Z'))).not.toBeNull();
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad_request', message: 'invalid interval format' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what is a time zone', () => {
  it.each([
    ['asia/shanghai', 'Asia/Shanghai'],
    ['america/new_york', NEW_YORK],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['US/Eastern', 'US/Eastern'],
    ['utc', 'UTC'],
    [' Europe/Moscow ', 'Europe/Moscow'],
  ])('writes %j as %j', (given, expected) => {
    expect(normaliseTimeZone(given)).toBe(expected);
  });

  it.each(['Europe/Moskow', '', 'local', '+03:00', '-0500', 'UTC+3', '../etc/passwd'])('refuses %j', (name) => {
    expect(() => normaliseTimeZone(name)).toThrow(
      expect.objectContaining({ code: 'bad_request', message: 'invalid interval format' }),
    );
  });
});

describe('when an interval fires', () => {
  it('fires on the day of the month or the day of the week when both are given', () => {
    const days = new Set(
      day('* 0 1 1 1', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z').map((fire) => fire.slice(0, 10)),
    );
    expect([...days]).toEqual(['2026-01-01', '2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26']);
    expect(day('* 0 1 1 1', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toHaveLength(300);
    expect(day('0 0 1 1 1', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toHaveLength(5);
    expect(next('0 0 */2 * 1', 'UTC', '2026-06-01T12:00:00Z')).toBe('2026-06-03T00:00:00Z');
    expect(next('0 0 */2 * 1', 'UTC', '2026-06-07T12:00:00Z')).toBe('2026-06-08T00:00:00Z');
  });

  it('asks for both with a plus', () => {
    expect(next('0 0 1 1 +1', 'UTC', '2026-01-01T00:00:00Z')).toBe('2029-01-01T00:00:00Z');
  });

  it.each([
    ['0 0 L * *', '2026-02-01T00:00:00Z', '2026-02-28T00:00:00Z'],
    ['0 9 * * 5L', '2026-02-01T00:00:00Z', '2026-02-27T09:00:00Z'],
    ['0 9 * * FRIL', '2026-02-01T00:00:00Z', '2026-02-27T09:00:00Z'],
    ['0 9 LW * *', '2026-02-01T00:00:00Z', '2026-02-27T09:00:00Z'],
    ['0 9 15W * *', '2026-02-01T00:00:00Z', '2026-02-16T09:00:00Z'],
    ['0 9 1W * *', '2026-02-01T00:00:00Z', '2026-02-02T09:00:00Z'],
    ['0 9 * * FRI#2', '2026-02-01T00:00:00Z', '2026-02-13T09:00:00Z'],
    ['0 9 * * 5#5', '2026-02-01T00:00:00Z', '2026-05-29T09:00:00Z'],
    ['0 9 * * 7', '2026-02-02T00:00:00Z', '2026-02-08T09:00:00Z'],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 9 31 * *', '2026-02-01T00:00:00Z', '2026-03-31T09:00:00Z'],
    ['@daily', '2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'],
  ])('%s after %s: %s', (interval, after, expected) => {
    expect(next(interval, 'UTC', after)).toBe(expected);
  });

  it('is strictly after, to the millisecond', () => {
    expect(next('0 9 * * *', 'UTC', '2026-02-01T09:00:00.000Z')).toBe('2026-02-02T09:00:00Z');
    expect(next('0 9 * * *', 'UTC', '2026-02-01T08:59:59.500Z')).toBe('2026-02-01T09:00:00Z');
  });

  it('cuts a list of fires at its limit and at its end', () => {
    expect(day('0 9 * * *', 'UTC', '2026-02-01T09:00:00Z', '2026-02-03T09:00:00Z')).toEqual([
      '2026-02-01T09:00:00Z',
      '2026-02-02T09:00:00Z',
    ]);
    expect(fires('* * * * *', 'UTC', at('2026-02-01T00:00:00Z'), at('2027-02-01T00:00:00Z'), 3)).toHaveLength(3);
  });
});

describe('daylight saving', () => {
  it('in New York 2026: a fixed time in the gap fires at the first instant after it', () => {
    expect(day('30 2 * * *', NEW_YORK, '2026-03-07T00:00:00Z', '2026-03-10T00:00:00Z')).toEqual([
      '2026-03-07T07:30:00Z',
      '2026-03-08T07:00:00Z',
      '2026-03-09T06:30:00Z',
    ]);
    expect(day('30 2,14 * * *', NEW_YORK, '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z')).toEqual([
      '2026-03-08T07:00:00Z',
      '2026-03-08T18:30:00Z',
    ]);
  });

  it('in New York 2026: a fixed time in the hour that comes twice fires once, at its first', () => {
    expect(day('30 1 * * *', NEW_YORK, '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z')).toEqual([
      '2026-11-01T05:30:00Z',
    ]);
    expect(day('30 1,13 * * *', NEW_YORK, '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z')).toEqual([
      '2026-11-01T05:30:00Z',
      '2026-11-01T18:30:00Z',
    ]);
  });

  it('in New York 2026: intervals skip the gap and fire in both hours of the overlap', () => {
    expect(day('*/30 * * * *', NEW_YORK, '2026-03-08T06:30:00Z', '2026-03-08T07:31:00Z')).toEqual([
      '2026-03-08T06:30:00Z',
      '2026-03-08T07:00:00Z',
      '2026-03-08T07:30:00Z',
    ]);
    expect(day('0 * * * *', NEW_YORK, '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z')).toHaveLength(23);
    expect(day('0 * * * *', NEW_YORK, '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z')).toHaveLength(25);
    expect(day('*/30 * * * *', NEW_YORK, '2026-11-01T05:00:00Z', '2026-11-01T07:00:00Z')).toHaveLength(4);
  });

  it('in Lord Howe 2026: the half-hour change is right both ways', () => {
    expect(day('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T20:00:00Z', '2026-10-05T00:00:00Z')).toEqual([
      '2026-10-03T15:30:00Z',
      '2026-10-04T15:15:00Z',
    ]);
    expect(day('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z', '2026-04-05T12:00:00Z')).toEqual([
      '2026-04-04T14:45:00Z',
    ]);
    expect(day('*/15 1 * * *', 'Australia/Lord_Howe', '2026-04-04T14:00:00Z', '2026-04-04T16:00:00Z')).toHaveLength(6);
  });

  it('in Santiago 2026: the midnight that does not exist fires at one', () => {
    expect(day('0 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', '2026-09-07T12:00:00Z')).toEqual([
      '2026-09-06T04:00:00Z',
      '2026-09-07T03:00:00Z',
    ]);
  });
});

describe('the last fire before an instant', () => {
  it('counts the instant itself', () => {
    expect(previousFire('0 9 * * *', 'UTC', at('2026-02-01T09:00:00.000Z'))?.toISOString()).toBe(
      '2026-02-01T09:00:00.000Z',
    );
    expect(previousFire('0 9 * * *', 'UTC', at('2026-02-01T08:59:59.999Z'))?.toISOString()).toBe(
      '2026-01-31T09:00:00.000Z',
    );
  });

  it('agrees with walking forward, in zones that change their clocks', () => {
    const interval = fc.constantFrom(
      '30 2 * * *',
      '30 1 * * *',
      '*/30 * * * *',
      '30 2,14 * * *',
      '0 0 * * *',
      '15 1-3 * * *',
      '*/7 1,2 * * *',
      '0 9 L * *',
    );
    const zone = fc.constantFrom(
      NEW_YORK,
      'Australia/Lord_Howe',
      'America/Santiago',
      'Asia/Kolkata',
      'Africa/Casablanca',
      'UTC',
    );
    const instant = fc.date({ min: at('2025-12-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(interval, zone, instant, (pattern, timeZone, from) => {
        const fire = nextFire(pattern, timeZone, from);
        if (!fire) throw new Error('every pattern above fires');
        expect(previousFire(pattern, timeZone, fire)).toEqual(fire);
        const earlier = previousFire(pattern, timeZone, new Date(fire.getTime() - 1));
        if (!earlier) throw new Error('every pattern above fired before');
        expect(nextFire(pattern, timeZone, earlier)).toEqual(fire);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the next run of a schedule', () => {
  const schedule = { interval: '0 9 * * *', timeZone: 'UTC', enabled: true, startAt: null, endAt: null };
  const after = at('2026-02-01T12:00:00Z');

  it('is the next fire', () => {
    expect(nextRunAt(schedule, after)).toEqual(at('2026-02-02T09:00:00Z'));
  });

  it('is none while the task is disabled', () => {
    expect(nextRunAt({ ...schedule, enabled: false }, after)).toBeNull();
  });

  it('begins at start_at, that instant included', () => {
    expect(nextRunAt({ ...schedule, startAt: at('2026-03-01T09:00:00Z') }, after)).toEqual(at('2026-03-01T09:00:00Z'));
    expect(nextRunAt({ ...schedule, startAt: at('2026-03-01T09:00:01Z') }, after)).toEqual(at('2026-03-02T09:00:00Z'));
    expect(nextRunAt({ ...schedule, startAt: at('2020-03-01T09:00:00Z') }, after)).toEqual(at('2026-02-02T09:00:00Z'));
  });

  it('ends before end_at', () => {
    expect(nextRunAt({ ...schedule, endAt: at('2026-02-02T09:00:00Z') }, after)).toBeNull();
    expect(nextRunAt({ ...schedule, endAt: at('2026-02-02T09:00:01Z') }, after)).toEqual(at('2026-02-02T09:00:00Z'));
  });
});
