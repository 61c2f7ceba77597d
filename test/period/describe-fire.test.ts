import { describe, expect, it } from 'vitest';
import { describeFire } from '../../src/period/describe-fire.ts';

const NEW_YORK = 'America/New_York';

describe('a fire time on the wall clock', () => {
  it.each([
    ['30 2 * * *', NEW_YORK, '2026-03-07T07:30:00Z', '2026-03-07T02:30:00-05:00', null],
    ['30 2 * * *', NEW_YORK, '2026-03-08T07:00:00Z', '2026-03-08T03:00:00-04:00', 'gap'],
    ['0 3 * * *', NEW_YORK, '2026-03-08T07:00:00Z', '2026-03-08T03:00:00-04:00', null],
    ['30 1 * * *', NEW_YORK, '2026-11-01T05:30:00Z', '2026-11-01T01:30:00-04:00', 'overlap'],
    ['*/30 * * * *', NEW_YORK, '2026-11-01T06:30:00Z', '2026-11-01T01:30:00-05:00', 'overlap'],
    ['*/30 * * * *', NEW_YORK, '2026-11-01T07:00:00Z', '2026-11-01T02:00:00-05:00', null],
    ['0 0 * * *', NEW_YORK, '2026-11-01T04:00:00Z', '2026-11-01T00:00:00-04:00', null],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-04T02:30:00+11:00', 'gap'],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T14:45:00Z', '2026-04-05T01:45:00+11:00', 'overlap'],
    ['0 0 * * *', 'America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06T01:00:00-03:00', 'gap'],
    ['0 9 * * *', 'Asia/Kolkata', '2026-09-06T03:30:00Z', '2026-09-06T09:00:00+05:30', null],
    ['0 9 * * *', 'UTC', '2026-09-06T09:00:00Z', '2026-09-06T09:00:00+00:00', null],
  ])('%s in %s at %s: %s, %s', (interval, zone, at, local, clockChange) => {
    expect(describeFire(interval, zone, new Date(at))).toEqual({ local, clockChange });
  });
});
