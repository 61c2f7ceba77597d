import { Cron } from 'croner';
import { badRequest } from '../errors.ts';

/**
 * Cron intervals: five fields, or a nickname such as `@daily`.
 *
 * Semantics (croner's, measured; the table is the test of this file): when both day of month and day of week are
 * restricted, either of them fires (POSIX; `+` before the weekday asks for both); `L`, `LW`, `15W`, `FRI#2`, `FRIL` are
 * known. A fixed time in the hour that daylight saving skips fires at the first instant after it, one in the hour that
 * comes twice fires at its first; intervals (`*`, steps) skip the one and fire in both hours of the other.
 */

const INVALID = 'invalid interval format';
const LONGEST_INTERVAL = 500;
/** Only asks whether a pattern ever fires: without a year field the answer does not depend on the instant. */
const ANY_INSTANT = new Date('2024-01-01T00:00:00Z');
const SECOND = 1000;
/** A Cron object weighs 83 kB, so that a thousand patterns must not keep theirs. */
const CRONS_KEPT = 200;

const crons = new Map<string, Cron>();

/** The parsed pattern, from the few that were used last. */
function cronOf(interval: string, timeZone: string): Cron {
  const key = `${interval}\n${timeZone}`;
  const kept = crons.get(key);
  const cron =
    kept ??
    new Cron(interval, {
      paused: true,
      timezone: timeZone,
      mode: '5-part',
      fixedTimeRule: 'no-wildcard',
      domAndDow: false,
    });
  crons.delete(key);
  crons.set(key, cron);
  const [oldest] = crons.keys();
  if (crons.size > CRONS_KEPT && oldest !== undefined) crons.delete(oldest);
  return cron;
}

/**
 * Check an interval and give it back without surrounding space.
 * @throws BroadsheetError `bad_request` "invalid interval format" for anything but five cron fields or a nickname, ISO
 * dates (which croner would take for a pattern), and patterns that never fire (`0 0 30 2 *`).
 */
export function parseInterval(text: string): string {
  const interval = text.trim();
  const shaped = interval.startsWith('@') || interval.split(/\s+/).length === 5;
  if (!shaped || interval.length > LONGEST_INTERVAL) throw badRequest(INVALID);
  let fires: Date | null;
  try {
    fires = cronOf(interval, 'UTC').nextRun(ANY_INSTANT);
  } catch {
    throw badRequest(INVALID);
  }
  if (!fires) throw badRequest(INVALID);
  return interval;
}

/**
 * Check a time zone and give back its IANA name as it is written (`asia/shanghai` → `Asia/Shanghai`). A name that
 * stands for another one (`Europe/Kyiv`) is kept. Offsets (`+03:00`) are refused: PostgreSQL reads them the other way.
 * @throws BroadsheetError `bad_request` "invalid interval format".
 */
export function normaliseTimeZone(name: string): string {
  const given = name.trim();
  if (!/^[A-Za-z]/.test(given)) throw badRequest(INVALID, { time_zone: name });
  let canonical: string;
  try {
    canonical = new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    throw badRequest(INVALID, { time_zone: name });
  }
  const sameName = canonical.toLowerCase() === given.toLowerCase();
  const mixedCase = /[a-z]/.test(given) && /[A-Z]/.test(given);
  return sameName || !mixedCase ? canonical : given;
}

/** The first fire strictly after `after`; null when there is none. */
export function nextFire(interval: string, timeZone: string, after: Date): Date | null {
  return cronOf(interval, timeZone).nextRun(after);
}

/** The last fire at or before `at`; null when there is none. */
export function previousFire(interval: string, timeZone: string, at: Date): Date | null {
  const nextSecond = new Date((Math.floor(at.getTime() / SECOND) + 1) * SECOND);
  return cronOf(interval, timeZone).previousRuns(1, nextSecond)[0] ?? null;
}

/** The fires in `[from, to)`, ascending, at most `limit` of them. */
export function fires(interval: string, timeZone: string, from: Date, to: Date, limit: number): Date[] {
  const found: Date[] = [];
  let at = nextFire(interval, timeZone, new Date(from.getTime() - 1));
  while (at && at < to && found.length < limit) {
    found.push(at);
    at = nextFire(interval, timeZone, at);
  }
  return found;
}

/** What decides when a report task fires. */
export interface Schedule {
  readonly interval: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  /** The first instant that may fire; null = no bound. */
  readonly startAt: Date | null;
  /** The first instant that may not fire any more; null = no bound. */
  readonly endAt: Date | null;
}

/**
 * What `next_run_at` is to be: the first fire strictly after `after` within `[startAt, endAt)`; null when the task is
 * disabled or has no fire left. Create and update store it in the transaction that changes the schedule.
 */
export function nextRunAt(schedule: Schedule, after: Date): Date | null {
  if (!schedule.enabled) return null;
  const beforeStart = schedule.startAt && new Date(schedule.startAt.getTime() - 1);
  const next = nextFire(schedule.interval, schedule.timeZone, beforeStart && beforeStart > after ? beforeStart : after);
  return next && (!schedule.endAt || next < schedule.endAt) ? next : null;
}
