import { badRequest } from '../errors.ts';
import { quoted } from './instant.ts';
import type { Period } from './period.ts';
import { UNIT_MS, UNITS, type Unit } from './units.ts';

/** Width of time buckets: `count` units. `text` is its short form, e.g. `15m`. */
export interface Interval {
  readonly text: string;
  readonly count: number;
  readonly unit: Unit;
}

const PATTERN = /^(\d{1,5})?([smhdwMy])$/;
/** Asked for explicitly, more buckets than this are refused: they can be neither read nor drawn. */
const MOST_BUCKETS = 20_000;
/** An automatic width gives at most this many buckets: about one per two millimetres of a page's width. */
const WANTED_BUCKETS = 120;
const LADDER = ['1s', '5s', '15s', '30s', '1m', '5m', '15m', '30m', '1h', '3h', '6h', '12h', '1d', '1w', '1M', '3M'];

/**
 * Parse a bucket width: a whole number and a unit (`s m h d w M y`), e.g. `5m`, `1d`, `M`. Widths under a day must
 * divide the next larger unit (15m yes, 7m no), so that every day and hour begins with a bucket of its own.
 * @throws BroadsheetError `bad_request`
 */
export function parseInterval(text: string): Interval {
  const match = PATTERN.exec(text.trim());
  const unit = UNITS.find((name) => name === match?.[2]);
  const count = Number(match?.[1] ?? 1);
  if (unit === undefined || count < 1) throw badRequest(`invalid interval: ${quoted(text)}`);
  const largest = unit === 's' || unit === 'm' ? 60 : unit === 'h' ? 24 : null;
  if (largest !== null && largest % count !== 0) {
    throw badRequest(`invalid interval: ${quoted(text)} does not divide ${unit === 'h' ? 'a day' : `60${unit}`}`);
  }
  return { text: `${count}${unit}`, count, unit };
}

/** Milliseconds of an interval; of months and years on the average. */
export const intervalMs = (interval: Interval): number => interval.count * UNIT_MS[interval.unit];

/**
 * The bucket width for a period: the requested one, or for null and `auto` the narrowest usual width that gives at
 * most 120 buckets.
 * @throws BroadsheetError `bad_request` for a text that is no interval, or one that would give over 20 000 buckets.
 */
export function intervalFor(period: Period, requested: string | null): Interval {
  const length = period.to.getTime() - period.from.getTime();
  if (requested !== null && requested !== '' && requested !== 'auto') {
    const interval = parseInterval(requested);
    if (length / intervalMs(interval) > MOST_BUCKETS) {
      throw badRequest(`invalid interval: ${quoted(requested)} is too narrow for the period`);
    }
    return interval;
  }
  const fitting = LADDER.map(parseInterval).find((interval) => length / intervalMs(interval) <= WANTED_BUCKETS);
  return fitting ?? parseInterval(`${Math.ceil(length / UNIT_MS.y / WANTED_BUCKETS)}y`);
}
