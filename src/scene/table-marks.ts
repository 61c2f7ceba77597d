import { mixColors, type Theme } from '../charts/theme.ts';
import type { Box, Mark, RuleMark } from './scene.ts';
import type { CellLayout, TableInput } from './table-cells.ts';

const BAR_HEIGHT = 1.6;
const LIGHTEST = 0.92;
const DARKEST = 0.52;

export function headerMarks({ theme, width }: TableInput, height: number, x: number, y: number): Mark[] {
  const { surface, rule } = theme;
  const below = y + height;
  return [
    { kind: 'rect', x, y, width, height, fill: surface.headerRow, stroke: null, radius: 0 },
    { kind: 'rule', x1: x, y1: below, x2: x + width, y2: below, color: rule.line, width: rule.lineWidth },
  ];
}

/** The rule that ends a fragment. */
export function ruleAt({ theme, width }: TableInput, x: number, y: number): RuleMark {
  return { kind: 'rule', x1: x, y1: y, x2: x + width, y2: y, color: theme.rule.grid, width: theme.rule.hairWidth };
}

/** The rule between a row and the one above: it leaves out groups that go on, and is stronger above totals. */
export function ruleAbove(table: TableInput, { edges }: CellLayout, row: number, x: number, y: number): RuleMark {
  const { theme, shape, width } = table;
  const plain = ruleAt(table, x, y);
  if (shape === undefined) return plain;
  const x1 = x + (edges[shape.start(row)] ?? 0);
  const x2 = x + width;
  if (shape.isTotal(row)) {
    const color = shape.isGrand(row) ? theme.rule.strong : theme.rule.line;
    return { ...plain, x1, x2, color, width: theme.rule.lineWidth };
  }
  const begins = shape.groups > 0 && shape.start(row) === 0;
  return begins ? { ...plain, color: theme.rule.line, width: theme.rule.lineWidth } : { ...plain, x1, x2 };
}

/** What stands behind the numbers of a row. */
export function groundMarks(
  table: TableInput,
  { edges }: CellLayout,
  row: number,
  x: number,
  y: number,
  height: number,
): Mark[] {
  const { theme, shape, columns } = table;
  const { cellPaddingX } = theme.space;
  return columns.flatMap((_, column): Mark[] => {
    const mark = shape?.markOf(row, column) ?? null;
    if (mark === null) return [];
    const left = x + (edges[column] ?? 0);
    const width = (edges[column + 1] ?? 0) - (edges[column] ?? 0);
    if (mark.kind === 'heat') {
      const fill = mixColors(
        theme.palette[0] ?? theme.sign.accent,
        theme.surface.page,
        LIGHTEST - (LIGHTEST - DARKEST) * mark.share,
      );
      return [{ kind: 'rect', x: left, y, width, height, fill, stroke: null, radius: 0 }];
    }
    const room = width - 2 * cellPaddingX;
    if (mark.kind === 'line') return lineMarks(mark.shares, { x: left + cellPaddingX, y, width: room, height }, theme);
    const bar = { x: left + cellPaddingX, y: y + height - BAR_HEIGHT - 1, height: BAR_HEIGHT, stroke: null, radius: 0 };
    return [
      { kind: 'rect', ...bar, width: room, fill: theme.rule.grid },
      { kind: 'rect', ...bar, width: room * mark.share, fill: theme.palette[0] ?? theme.sign.accent },
    ];
  });
}

/** The line has the left part of its cell, the text the rest. */
const LINE_SHARE = 0.62;
const LINE_INSET = 2.5;
const HIGHEST_LINE = 16;

/** Steps from zero up, one a value, on a thin rule: what happened between two readings is one amount, no slope. */
function lineMarks(shares: readonly (number | null)[], cell: Box, theme: Theme): Mark[] {
  const width = cell.width * LINE_SHARE;
  const step = width / Math.max(1, shares.length);
  const height = Math.min(HIGHEST_LINE, cell.height - 2 * LINE_INSET);
  const base = cell.y + LINE_INSET + height;
  const fill = theme.palette[0] ?? theme.sign.accent;
  const rule = { color: theme.rule.grid, width: theme.rule.hairWidth };
  return [
    { kind: 'rule', x1: cell.x, y1: base, x2: cell.x + width, y2: base, ...rule },
    ...shares.flatMap((share, index): Mark[] =>
      share === null || share === 0
        ? []
        : [
            {
              kind: 'rect',
              x: cell.x + index * step,
              y: base - height * share,
              width: step,
              height: height * share,
              fill,
              stroke: null,
              radius: 0,
            },
          ],
    ),
  ];
}
