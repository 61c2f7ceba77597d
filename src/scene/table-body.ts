import type { TableContent } from '../charts/content.ts';
import type { BodyInput, FixedBody, FlowBody } from './card-body.ts';
import { columnNeeds } from './column-needs.ts';
import { heightOf } from './flow.ts';
import type { SheetStyle } from './sheet-style.ts';
import { tableFlow } from './table.ts';
import { type Cell, SMALLEST_SCALE, type TableInput } from './table-cells.ts';
import { type ColumnGroup, groupColumns, joinFlows } from './table-groups.ts';
import { lookOf } from './text.ts';

/**
 * A table of a widget: all its rows, over as many pages as they take. Columns that have no room beside each other even
 * in small type follow below, with the first column repeated.
 */
export function tableBody(input: BodyInput<TableContent>, style: SheetStyle): FixedBody | FlowBody {
  const { theme, strings } = style;
  const table = tableInput(input, style);
  const groups = groupColumns(table.needs, input.width, 2 * theme.space.cellPaddingX, SMALLEST_SCALE);
  const flows = groups.map((group, index) => tableFlow(groups.length === 1 ? table : part(table, group, index, style)));
  const shortened = flows.reduce((sum, flow) => sum + flow.shortened, 0);
  const warnings = shortened === 0 ? [] : [strings.words.shortened(strings.number(shortened))];
  if (table.count > 0) return { kind: 'flow', flow: joinFlows(flows, theme.space.unit * 3), warnings };
  const [flow] = flows;
  if (flow === undefined) return { kind: 'fixed', natural: 0, least: 0, warnings, pieces: () => [] };
  const height = heightOf(flow, 0, 0);
  return { kind: 'fixed', natural: height, least: height, warnings, pieces: ({ x, y }) => flow.paint(0, 0, x, y) };
}

function tableInput(input: BodyInput<TableContent>, style: SheetStyle): TableInput {
  const { columns, rows, truncation, limit } = input.content;
  const { theme, ruler, strings } = style;
  const cell = lookOf(ruler.fonts, theme.text.tableCell, style.family);
  const header = lookOf(ruler.fonts, theme.text.tableHeader, style.family);
  const caption = lookOf(ruler.fonts, theme.text.caption, style.family);
  const table = {
    columns: columns.map(({ label, align, type }) => {
      return { label: [{ ...header, text: label }], align, wraps: type === 'text' || type === 'json' };
    }),
    count: rows.length,
    row: (index: number): readonly Cell[] => {
      const values = rows[index] ?? [];
      return columns.map(({ format }, column) => [{ ...cell, text: format(values[column] ?? null) }]);
    },
    width: input.width,
    theme,
    ruler,
    id: input.id,
    caption: (from: number, to: number, shortened: number) => {
      const text = strings.rows(Math.min(from, to), to, rows.length, truncation, limit);
      const cut = shortened === 0 ? '' : ` · ${strings.words.shortened(strings.number(shortened))}`;
      return { ...caption, text: `${text}${cut}` };
    },
  };
  return { ...table, needs: columnNeeds(table) };
}

/** Some columns of a table as a table of their own. */
function part(table: TableInput, group: ColumnGroup, index: number, { strings }: SheetStyle): TableInput {
  const pick = <T>(all: readonly T[]): T[] => group.flatMap((column) => all[column] ?? []);
  const [first = 0] = group.length > 1 && index > 0 ? group.slice(1) : group;
  const last = group.at(-1) ?? first;
  const columns = strings.columns(first + 1, last + 1, table.columns.length);
  return {
    ...table,
    columns: pick(table.columns),
    needs: pick(table.needs),
    row: (at) => {
      const cells = table.row(at);
      return group.map((column) => cells[column] ?? []);
    },
    id: `${table.id}.${index}`,
    caption: (from, to, shortened) => {
      const span = table.caption?.(from, to, shortened) ?? null;
      return span && { ...span, text: `${columns} · ${span.text}` };
    },
  };
}
