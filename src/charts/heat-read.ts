import type { Widget } from '../definition/definition.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import { clockGrid } from './heat-clock.ts';
import { categoryGrid } from './heat-grid.ts';
import type { HeatTable, Reduction } from './heat-table.ts';
import { heatTimesOf } from './heat-times.ts';
import type { Mappings } from './mappings.ts';
import { columnIndex, isText, isTime, settingOf } from './mappings.ts';

/** Reads rows into a grid; null when they have no column for it. */
export function heatTableOf(
  widget: Widget,
  series: readonly SeriesRows[],
  mappings: Mappings,
  reduction: Reduction,
  env: ChartEnvironment,
): HeatTable | null {
  const filled = series.filter(({ rows }) => rows.values.length > 0);
  const [first] = filled;
  if (!first) return null;
  const time = columnIndex(first.rows, mappings.x, [], isTime);
  const column = first.rows.columns[time];
  if (column === undefined || !isTime(column)) return categoryGrid(filled, mappings, reduction, env);
  const zone = column.type === 'date' ? 'UTC' : env.timeZone;
  const group = columnIndex(first.rows, mappings.group, [time], isText);
  const parts = [settingOf(widget, 'columns'), settingOf(widget, 'lines')];
  const isGrid = parts.some((part) => part !== '') || (group < 0 && settingOf(widget, 'type') !== 'buckets');
  return isGrid
    ? clockGrid(widget, filled, mappings, reduction, zone, env)
    : heatTimesOf(widget, filled, mappings, reduction, zone, env);
}
