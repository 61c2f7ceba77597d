import { addUnits, startOfQuarter, startOfUnit, type Unit } from './units.ts';

type Span = { readonly from: Date; readonly to: Date };

const WORDS: Readonly<Record<string, { readonly unit: Unit; readonly count: number; readonly quarter?: true }>> = {
  second: { unit: 's', count: 1 },
  minute: { unit: 'm', count: 1 },
  hour: { unit: 'h', count: 1 },
  day: { unit: 'd', count: 1 },
  week: { unit: 'w', count: 1 },
  month: { unit: 'M', count: 1 },
  quarter: { unit: 'M', count: 3, quarter: true },
  year: { unit: 'y', count: 1 },
};

const SHORTHAND: Readonly<Record<string, string>> = {
  today: 'this day',
  yesterday: 'last day',
  'today so far': 'this day so far',
};

const PATTERN = /^(this|last|previous) (?:(\d{1,4}) )?(second|minute|hour|day|week|month|quarter|year)(s?)( so far)?$/;

/**
 * A period named in words, by the calendar of `zone` (weeks begin on Monday):
 * `today`, `yesterday`; `this UNIT` (the whole unit, to its end) and `this UNIT so far` (to now); `last UNIT` and
 * `previous UNIT` (the whole unit before the current one); `previous N UNITs` (N whole units before the current one);
 * `last N UNITs` (the N units until now). Units: second, minute, hour, day, week, month, quarter, year. Case and the
 * separator (space, `_`, `-`) do not matter.
 * @returns null when the text is no such period.
 */
export function parseCalendarPeriod(text: string, now: Date, zone: string): Span | null {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
  const match = PATTERN.exec(Object.hasOwn(SHORTHAND, words) ? (SHORTHAND[words] ?? '') : words);
  const word = WORDS[match?.[3] ?? ''];
  if (match === null || word === undefined) return null;
  const [, which, number, , plural, soFar] = match;
  const count = number === undefined ? 1 : Number(number);
  if (count === 0 || (number === undefined && plural !== '')) return null;
  const start = word.quarter === true ? startOfQuarter(now, zone) : startOfUnit(now, word.unit, zone);
  if (which === 'this') {
    if (number !== undefined) return null;
    return { from: start, to: soFar === undefined ? addUnits(start, word.count, word.unit, zone) : now };
  }
  if (soFar !== undefined) return null;
  const to = which === 'last' && number !== undefined ? now : start;
  return { from: addUnits(to, -count * word.count, word.unit, zone), to };
}
