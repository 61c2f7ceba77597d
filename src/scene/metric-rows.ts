import type { Content, MetricContent } from '../charts/content.ts';
import type { Placement } from '../definition/definition.ts';
import { ownSize, sparklineRoom } from './metric-body.ts';
import type { SheetStyle } from './sheet-style.ts';

/** What numbers that stand side by side have in common. */
export interface MetricRow {
  /** Their size in points; null for one that keeps its own. */
  readonly size: number | null;
  /** Whether any of them has its line of values below it. */
  readonly isSparkBelow: boolean;
}

/** A number that needs less than this share of the others' size keeps its own: it is a text. */
const MUCH_SMALLER = 0.5;

/** The rows of numbers of a page: those that begin in the same row of the grid have one size, that of the one with least room. */
export function metricRows(
  placements: readonly Placement[],
  contentOf: (placement: Placement) => Content,
  widthOf: (placement: Placement) => number,
  style: SheetStyle,
): ReadonlyMap<Placement, MetricRow> {
  const numbers = placements.flatMap((placement) => {
    const content = contentOf(placement);
    if (content.kind !== 'metric') return [];
    const width = widthOf(placement) - 2 * style.theme.space.cardInset;
    return [{ placement, size: ownSize(content, width, style), isBelow: isSparkBelow(content, width) }];
  });
  const rows = new Map<Placement, MetricRow>();
  for (const row of Map.groupBy(numbers, ({ placement }) => placement.y).values()) {
    const most = Math.max(...row.map(({ size }) => size));
    const alike = row.filter(({ size }) => size >= most * MUCH_SMALLER);
    const size = Math.min(...alike.map((one) => one.size));
    const isBelow = row.some((one) => one.isBelow);
    for (const one of row) rows.set(one.placement, { size: alike.includes(one) ? size : null, isSparkBelow: isBelow });
  }
  return rows;
}

const isSparkBelow = ({ sparkline }: MetricContent, width: number): boolean =>
  sparkline !== null && sparklineRoom(width) === 0;
