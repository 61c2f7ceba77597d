import { type Flow, lineContent } from './flow.ts';
import type { Mark, Piece } from './scene.ts';
import { layOutCells, type TableInput } from './table-cells.ts';
import { baselineOf, breakLinesCut } from './text.ts';

export interface TableFlow extends Flow {
  /** Cells whose text was cut because it would have filled pages. */
  readonly shortened: number;
  /** One row alone, for tables amid other content; with the header above it when asked. */
  paintRow(index: number, x: number, y: number, withHeader: boolean): Iterable<Piece>;
}

/**
 * A table as a flow: one slice a row, never cut; the header above every fragment; what rows a fragment shows below it.
 * Row heights are measured once, lines are broken again when a row is painted: a long table holds four bytes a row.
 */
export function tableFlow(table: TableInput): TableFlow {
  const layout = layOutCells(table);
  const heights = new Float32Array(table.count);
  let shortened = 0;
  for (let index = 0; index < table.count; index += 1) {
    const measured = layout.measure(index);
    heights[index] = measured.height;
    shortened += measured.shortened;
  }
  const { theme, caption } = table;
  const captionHeight = caption === null ? 0 : theme.text.caption.lineHeight + theme.space.unit;
  function* rows(from: number, to: number, x: number, y: number, headerAt: number | null): Iterable<Piece> {
    if (headerAt !== null) yield { tag: 'TR', content: layout.headerCells(x, headerAt) };
    let top = y;
    for (let index = from; index < to; index += 1) {
      yield { tag: 'TR', content: layout.cells(index, x, top) };
      top += heights[index] ?? 0;
      yield { tag: 'Artifact', content: [ruleBelow(table, x, top)] };
    }
  }
  return {
    count: table.count,
    height: (index) => heights[index] ?? 0,
    gap: () => 0,
    keepsNext: (index) => index === 0 && table.count > 1,
    frame: () => layout.headerHeight + captionHeight,
    shortened,
    *paint(from, to, x, y) {
      yield { tag: 'Artifact', content: headerMarks(table, layout.headerHeight, x, y) };
      // Repeated headers are decoration: the structure has one header row.
      if (from > 0) yield { tag: 'Artifact', content: layout.headerCells(x, y).flatMap(({ content }) => [...content]) };
      const first = y + layout.headerHeight;
      yield { tag: 'Table', id: table.id, content: rows(from, to, x, first, from === 0 ? y : null) };
      const bottom = heights.subarray(from, to).reduce((sum, height) => sum + height, first);
      yield* captionPieces(table, from + 1, to, x, bottom, shortened);
    },
    *paintRow(index, x, y, withHeader) {
      if (withHeader) yield { tag: 'Artifact', content: headerMarks(table, layout.headerHeight, x, y) };
      const top = withHeader ? y + layout.headerHeight : y;
      const content = rows(index, Math.min(index + 1, table.count), x, top, withHeader ? y : null);
      yield { tag: 'Table', id: table.id, content };
    },
  };
}

function headerMarks({ theme, width }: TableInput, height: number, x: number, y: number): Mark[] {
  const { surface, rule } = theme;
  const below = y + height;
  return [
    { kind: 'rect', x, y, width, height, fill: surface.headerRow, stroke: null, radius: 0 },
    { kind: 'rule', x1: x, y1: below, x2: x + width, y2: below, color: rule.line, width: rule.lineWidth },
  ];
}

function ruleBelow({ theme, width }: TableInput, x: number, y: number): Mark {
  return { kind: 'rule', x1: x, y1: y, x2: x + width, y2: y, color: theme.rule.grid, width: theme.rule.hairWidth };
}

function captionPieces(table: TableInput, from: number, to: number, x: number, y: number, shortened: number): Piece[] {
  const span = table.caption?.(from, to, shortened) ?? null;
  if (span === null) return [];
  const { lineHeight } = table.theme.text.caption;
  const baseline = y + table.theme.space.unit + baselineOf(span, lineHeight);
  const { lines } = breakLinesCut([span], table.width, table.ruler, 1);
  return [{ tag: 'P', content: lines.flatMap((line) => lineContent(line, x, baseline)) }];
}
