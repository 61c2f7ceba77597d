import type { Parameter } from '../query/statement.ts';
import type { ColumnType, Value } from '../rows/rows.ts';

/** Type oids of pg_type that have a column type of their own; everything else is text as PostgreSQL prints it. */
const TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [16, 'boolean'],
  [20, 'number'],
  [21, 'number'],
  [23, 'number'],
  [26, 'number'],
  [700, 'number'],
  [701, 'number'],
  [1700, 'number'],
  [1082, 'date'],
  [1114, 'time'],
  [1184, 'time'],
  [114, 'json'],
  [3802, 'json'],
]);

export const columnTypeOf = (oid: number): ColumnType => TYPES.get(oid) ?? 'text';

const TIMESTAMP =
  /^(\d{4,6})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?)?( BC)?$/;

/** Reads the text that PostgreSQL sends for a value (with DateStyle ISO) as a value of {@link columnTypeOf}. */
export function decodeValue(text: string, type: ColumnType): Value {
  switch (type) {
    case 'number':
      return decodeNumber(text);
    case 'time':
    case 'date':
      return decodeTime(text);
    case 'boolean':
      return text === 't';
    case 'text':
    case 'json':
      return text;
  }
}

/** Below this a double still holds two decimals of any amount exactly enough to print them. */
const EXACT_BELOW = 1e13;

/**
 * A number where a double holds the value. Where it does not, the decimal text, but for fractions of ordinary size: what
 * a double drops of the long tail of an average (`avg` of integers has 16 decimals and more) lies beyond its 15th digit.
 */
function decodeNumber(text: string): Value {
  const value = Number(text);
  if (!Number.isFinite(value)) return /^-?\d/.test(text) ? text : null;
  if (!text.includes('.') && !text.includes('e')) return Number.isSafeInteger(value) ? value : text;
  // Only doubles are printed with an exponent, and they are doubles to begin with.
  if (Math.abs(value) < EXACT_BELOW || text.includes('e')) return value;
  return String(value) === text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') ? value : text;
}

/** Epoch milliseconds; `infinity` and years that a Date cannot hold become null. A time without zone is read as UTC. */
function decodeTime(text: string): Value {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute, zoneSecond, era] = match;
  const date = new Date(0);
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  const milliseconds = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  date.setUTCHours(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), milliseconds);
  const ahead = Number(zoneHour ?? 0) * 3600 + Number(zoneMinute ?? 0) * 60 + Number(zoneSecond ?? 0);
  const instant = date.getTime() - (sign === '-' ? -1 : 1) * ahead * 1000;
  return Number.isNaN(instant) ? null : instant;
}

/** A parameter as the text of the wire protocol. The statement's casts give it its type. */
export function encodeParameter(value: Parameter): string | null {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return String(value);
  return `{${value.map((entry) => `"${String(entry).replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}
