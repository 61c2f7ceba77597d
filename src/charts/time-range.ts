import { addUnits } from '../period/units.ts';
import { localMs, localTime } from '../period/zone.ts';
import type { AxisPlan } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import type { TimeSeries, TimeTable } from './time-points.ts';

const DAY = 86_400_000;

type TimeAxis = Extract<AxisPlan, { type: 'time' }>;

/** The period on the clock of a table: calendar days stand at midnights UTC whatever the zone. */
export function periodOn(zone: string, env: ChartEnvironment): ChartEnvironment['period'] {
  const onClock = (instant: number): number =>
    zone === env.timeZone ? instant : localMs(localTime(new Date(instant), env.timeZone));
  return env.period && { from: onClock(env.period.from), to: onClock(env.period.to) };
}

/**
 * The whole period where the data lie in it; else from the first value to the last and the width of its bar. The
 * bucket that the period begins in may begin before it.
 */
export function timeAxisPlan(
  { series, zone }: Pick<TimeTable, 'series' | 'zone'>,
  barWidth: number,
  slack: number,
  env: ChartEnvironment,
): TimeAxis {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of series) {
    from = Math.min(from, points[0]?.at ?? from);
    to = Math.max(to, (points.at(-1)?.at ?? to) + barWidth);
  }
  const period = periodOn(zone, env);
  const inside = period && from > period.from - Math.max(1, slack) && to <= period.to + barWidth;
  if (inside) [from, to] = [Math.min(from, period.from), Math.max(to, period.to)];
  if (!Number.isFinite(from) || !Number.isFinite(to)) [from, to] = [0, DAY];
  if (to <= from) [from, to] = [from - DAY / 2, from + DAY / 2];
  return { type: 'time', from, to, bucket: barWidth, zone, locale: env.locale };
}

/**
 * Moves the instants of the period before into this one: by whole months where the period is of such, by whole days
 * where it begins and ends at midnights, else by its length.
 */
export function shiftIntoPeriod(series: TimeSeries, zone: string, env: ChartEnvironment): TimeSeries | null {
  const period = periodOn(zone, env);
  const last = series.points.at(-1)?.at;
  if (period === null || last === undefined || last >= period.to) return null;
  const shift = shiftOf(period, zone);
  const points = series.points
    .map(({ at, value }) => ({ at: shift(at), value }))
    .filter(({ at }, index, all) => at < period.to && at >= period.from && at > (all[index - 1]?.at ?? -Infinity));
  return points.length === 0 ? null : { ...series, points };
}

function shiftOf({ from, to }: { from: number; to: number }, zone: string): (at: number) => number {
  const [start, end] = [localTime(new Date(from), zone), localTime(new Date(to), zone)];
  const isMidnight = [start, end].every(({ hour, minute, second }) => hour === 0 && minute === 0 && second === 0);
  if (!isMidnight) return (at) => at + (to - from);
  const months = (end.year - start.year) * 12 + end.month - start.month;
  if (start.day === 1 && end.day === 1 && months > 0) {
    return (at) => addUnits(new Date(at), months, 'M', zone).getTime();
  }
  const days = Math.round((localMs(end) - localMs(start)) / DAY);
  return (at) => addUnits(new Date(at), days, 'd', zone).getTime();
}
