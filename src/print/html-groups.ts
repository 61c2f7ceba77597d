import type { WebTable } from '../scene/web-body.ts';

type Content = WebTable['content'];

interface Grouping {
  readonly shown: number;
  /** Leading columns that say equal consecutive values once. */
  readonly groups: number;
  readonly totals: NonNullable<Content['totals']>;
}

/**
 * Over how many rows each cell of the group columns reaches, by column and row; 0 where a cell above covers it. The
 * rows of totals inside a group are counted; the total of the group itself stands below it.
 */
export function groupSpans(rows: Content['rows'], { shown, groups, totals }: Grouping): Int32Array[] {
  const spans = Array.from({ length: groups }, () => new Int32Array(shown));
  const starts = new Int32Array(groups);
  const totalsAfter = Map.groupBy(totals, ({ after }) => after);
  for (let index = 0; index < shown; index += 1) {
    let isNew = index === 0;
    for (const [column, span] of spans.entries()) {
      isNew ||= rows[index]?.[column] !== rows[index - 1]?.[column];
      if (isNew) starts[column] = index;
      grow(span, starts[column] ?? 0);
    }
    for (const { level } of totalsAfter.get(index + 1) ?? []) {
      for (const [column, span] of spans.entries()) if (column < level) grow(span, starts[column] ?? 0);
    }
  }
  return spans;
}

function grow(span: Int32Array, at: number): void {
  span[at] = (span[at] ?? 0) + 1;
}
