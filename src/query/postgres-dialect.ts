import { type Interval, intervalMs } from '../period/interval.ts';
import type { Unit } from '../period/units.ts';
import type { AggregateName, Dialect, TimeType } from './dialect.ts';
import { type Bound, type BoundType, bind, type Fragment, join, keyword, sql } from './fragment.ts';

const CASTS: Readonly<Record<BoundType, string>> = {
  instant: '::timestamptz',
  date: '::date',
  text: '::text',
  integer: '::bigint',
  number: '::numeric',
  boolean: '::boolean',
  interval: '::interval',
  inferred: '',
};

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
};

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * PostgreSQL ≥ 13 (so no `date_bin`, which is of 14). It relies on the session's time zone being UTC, which the engine
 * sets: a `timestamp` without zone is then read as UTC wherever it meets an instant.
 */
export const postgresDialect: Dialect = {
  key: 'postgres',
  reusesParameters: true,
  placeholder: (position, type) => `$${position}${CASTS[type]}`,
  lexis: {
    opaque: [
      /[eE]'(?:[^'\\]|\\[\s\S]|'')*'?/y,
      /'[^']*(?:''[^']*)*'?/y,
      /"[^"]*(?:""[^"]*)*"?/y,
      /--[^\r\n]*/y,
      /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y,
    ],
    nestedComments: true,
    dollarQuotes: true,
  },
  identifier: (name) => keyword(quote(name)),
  table: (schema, name) => keyword(`${quote(schema)}.${quote(name)}`),
  asText: (column) => sql`${column}::text`,
  notTrue: (condition) => sql`(${condition}) is not true`,
  bucket,
  within: (column, type, from, to, zone) =>
    type === 'time'
      ? sql`${column} >= ${from} and ${column} < ${to}`
      : sql`${column} >= (${from} at time zone ${zone}) and ${column} < (${to} at time zone ${zone})`,
  aggregate,
  intervalValue: (interval) => bind(`${interval.count} ${UNIT_WORDS[interval.unit]}`, 'interval'),
};

function bucket(column: Fragment, type: TimeType, interval: Interval, zone: Bound): Fragment {
  const { count, unit } = interval;
  const isClock = unit === 's' || unit === 'm' || unit === 'h';
  if (type === 'date') {
    return isClock ? column : sql`(${localBucket(sql`${column}::timestamp`, count, unit)})::date`;
  }
  const instant = sql`${column}::timestamptz`;
  if (count === 1) return sql`date_trunc('${keyword(UNIT_WORDS[unit])}', ${instant}, ${zone})`;
  if (isClock && intervalMs(interval) <= 3_600_000) {
    // Elapsed time since local midnight: tells the two halves of a repeated hour apart, and fits zones that are
    // a quarter of an hour off.
    const midnight = sql`date_trunc('day', ${instant}, ${zone})`;
    const seconds = bind(intervalMs(interval) / 1000, 'integer');
    const elapsed = sql`floor(extract(epoch from ${instant} - ${midnight}) / ${seconds})`;
    return sql`${midnight} + ${elapsed} * ${seconds} * interval '1 second'`;
  }
  return sql`(${localBucket(sql`(${instant} at time zone ${zone})`, count, unit)}) at time zone ${zone}`;
}

/** Buckets of wall-clock time (`timestamp`): several hours from midnight, days and weeks from 1970, months from January. */
function localBucket(local: Fragment, count: number, unit: Unit): Fragment {
  const unitStart = sql`date_trunc('${keyword(UNIT_WORDS[unit])}', ${local})`;
  if (count === 1) return unitStart;
  const n = bind(count, 'integer');
  switch (unit) {
    case 's':
    case 'm':
    case 'h':
      return sql`date_trunc('day', ${local}) + floor(extract(hour from ${local}) / ${hours(count, unit)}) * ${hours(count, unit)} * interval '1 hour'`;
    case 'd':
    case 'w': {
      // 5 January 1970 was a Monday.
      const origin = keyword(unit === 'd' ? `date '1970-01-01'` : `date '1970-01-05'`);
      const days = bind(unit === 'd' ? count : 7 * count, 'integer');
      return sql`(${origin} + (floor((${local}::date - ${origin})::numeric / ${days}) * ${days})::int)::timestamp`;
    }
    case 'M':
    case 'y': {
      const months = sql`(extract(year from ${local})::int * 12 + extract(month from ${local})::int - 1)`;
      const width = unit === 'y' ? sql`(${n} * 12)` : sql`${n}`;
      return sql`date_trunc('month', ${local}) - (${months} % ${width}) * interval '1 month'`;
    }
  }
}

/** Whole hours of a width over one hour; such widths divide a day. */
const hours = (count: number, unit: 's' | 'm' | 'h'): Bound =>
  bind(unit === 'h' ? count : unit === 'm' ? count / 60 : count / 3600, 'integer');

const SIMPLE: Readonly<Record<Exclude<AggregateName, 'percentile'>, string>> = {
  count: 'count',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  stddev: 'stddev_samp',
  variance: 'var_samp',
};

function aggregate(name: AggregateName, argument: Fragment, share: Bound | null): Fragment {
  if (name !== 'percentile') return join([keyword(SIMPLE[name]), sql`(${argument})`], '');
  return sql`percentile_cont(${share ?? bind(0.5, 'number')}::double precision) within group (order by ${argument})`;
}
