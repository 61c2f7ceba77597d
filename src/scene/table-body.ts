import type { TableContent } from '../charts/content.ts';
import type { Locale } from '../definition/definition.ts';
import { safeFileName } from '../definition/name-mask.ts';
import type { BodyInput, FixedBody, FlowBody } from './card-body.ts';
import { columnNeeds } from './column-needs.ts';
import type { ColumnNeed } from './column-widths.ts';
import { heightOf } from './flow.ts';
import { cardNumber } from './report-outline.ts';
import type { AttachedRows } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { rowsCaption } from './shown-rows.ts';
import { longTableFlow, type TableFlow } from './table.ts';
import type { FragmentFacts, TableInput } from './table-cells.ts';
import { planWidths, SMALLEST_SCALE, SMALLEST_SHRUNK } from './table-grid.ts';
import { type ColumnGroup, groupColumns, joinFlows } from './table-groups.ts';
import { pickedShape, tableLines } from './table-lines.ts';
import { lookOf } from './text.ts';

/**
 * Above so many cells a table is decoration to the structure unless the author wants its tags, and its rows go with the
 * document as CSV. Nobody is read a million cells, while tags take three quarters of such a file, 7 MiB of memory for
 * 100 000 of them here (docs/benchmarks.md: a table of 600 000 just keeps within the 300 MB that a printing process may
 * take) and more in every viewer.
 */
const MOST_TAGGED_CELLS = 1_000_000;

/**
 * What becomes of a table wider than its place. It is set in smaller type, down to `smallest` of the theme's; if that
 * is not enough its columns are split: the others follow below, with the key columns repeated.
 */
const SMALLEST = { shrink: SMALLEST_SHRUNK, split: 1, usual: SMALLEST_SCALE } as const;

/** A table of a widget: all its rows, over as many pages as they take. */
export async function tableBody(input: BodyInput<TableContent>, style: SheetStyle): Promise<FixedBody | FlowBody> {
  const { theme, strings } = style;
  const { content } = input;
  const attached = isTagged(content) ? null : attachedRows(input, style);
  const table = tableInput(input, attached, style);
  const smallest = SMALLEST[content.wide ?? 'usual'];
  const groups = groupColumns(table.needs, input.width, 2 * theme.space.cellPaddingX, smallest, content.keys);
  const parts = groups.length === 1 ? [table] : groups.map((group, index) => part(table, group, index, style));
  const largest = Math.min(...parts.map((one) => planWidths(one).scale));
  const flows: TableFlow[] = [];
  for (const one of parts) flows.push(await longTableFlow({ ...one, largest }, input.pause));
  const shortened = flows.reduce((sum, flow) => sum + flow.shortened, 0);
  const warnings = shortened === 0 ? [] : [strings.words.shortened(shortened, strings.number(shortened))];
  const treatment = shortened === 0 && attached === null ? {} : { treatment: { cellsCut: shortened, attached } };
  if (table.count > 0) return { kind: 'flow', flow: joinFlows(flows, theme.space.unit * 3), warnings, ...treatment };
  const [flow] = flows;
  if (flow === undefined) return { kind: 'fixed', natural: 0, least: 0, warnings, pieces: () => [] };
  const height = heightOf(flow, 0, 0);
  return { kind: 'fixed', natural: height, least: height, warnings, pieces: ({ x, y }) => flow.paint(0, 0, x, y) };
}

/** Groups and totals add no cells worth counting. */
const isTagged = ({ tagged, rows, columns }: TableContent): boolean =>
  tagged ?? rows.length * columns.length <= MOST_TAGGED_CELLS;

/** The rows as the source gave them, in the columns that are printed. */
function attachedRows(
  { content, title, id }: BodyInput<TableContent>,
  { strings, timeZone }: SheetStyle,
): AttachedRows {
  const columns = content.columns.map(({ key, type }) => ({ name: key, type }));
  return {
    fileName: safeFileName(`${cardNumber(id)} ${title}`, 'csv'),
    description: strings.words.rowsOfTable(title),
    rows: { columns, values: content.rows, truncation: content.truncation },
    timeZone,
  };
}

function tableInput(
  { content, width, id, anchors }: BodyInput<TableContent>,
  attached: AttachedRows | null,
  style: SheetStyle,
): TableInput {
  const { theme, ruler, strings } = style;
  const header = lookOf(ruler.fonts, theme.text.tableHeader, style.family);
  const caption = lookOf(ruler.fonts, theme.text.caption, style.family);
  const columns = content.columns.map(({ label, align, type }) => {
    return { label: [{ ...header, text: label }], align, wraps: type === 'text' || type === 'json' };
  });
  const { count, row, sample, shape } = tableLines(content, anchors.link, style);
  const needs = columnNeeds({ columns, count, row: sample, ruler }).map((need, column): ColumnNeed => {
    const asked = content.columns[column]?.width;
    if (asked === undefined) return need;
    return { ...need, fixed: 'points' in asked ? asked.points : asked.share * width };
  });
  return {
    columns,
    needs,
    count,
    row,
    width,
    theme,
    ruler,
    id,
    ...(shape === null ? {} : { shape }),
    smallest: SMALLEST[content.wide ?? 'usual'],
    tagged: attached === null,
    caption: (facts) => {
      const untagged = attached === null ? [] : [strings.words.untagged(attached.fileName)];
      const rows = rowsCaption(content, facts, style);
      const text = [rows, ...remarks(facts, style), ...untagged].join(' · ');
      return { ...caption, text };
    },
  };
}

const percents = new Map<Locale, Intl.NumberFormat>();

function remarks({ from, continues, shortened, scale }: FragmentFacts, { strings, locale }: SheetStyle): string[] {
  const { words } = strings;
  const percent = percents.get(locale) ?? new Intl.NumberFormat(locale, { style: 'percent' });
  percents.set(locale, percent);
  return [
    ...(continues ? [words.rowGoesOn(strings.number(from))] : []),
    ...(shortened === 0 ? [] : [words.shortened(shortened, strings.number(shortened))]),
    ...(scale < SMALLEST_SCALE ? [words.smallType(percent.format(scale))] : []),
  ];
}

/** Some columns of a table as a table of their own. */
function part(table: TableInput, group: ColumnGroup, index: number, { strings }: SheetStyle): TableInput {
  const pick = <T>(all: readonly T[]): T[] => group.flatMap((column) => all[column] ?? []);
  // The columns that are repeated are those before the first gap.
  const gap = group.findIndex((column, at) => at > 0 && column !== (group[at - 1] ?? 0) + 1);
  const first = group[index === 0 || gap < 0 ? 0 : gap] ?? 0;
  const columns = strings.columns(first + 1, (group.at(-1) ?? first) + 1, table.columns.length);
  const { shape, caption } = table;
  return {
    ...table,
    columns: pick(table.columns),
    needs: pick(table.needs),
    row: (at) => {
      const cells = table.row(at);
      return group.map((column) => cells[column] ?? []);
    },
    ...(shape === undefined ? {} : { shape: pickedShape(shape, group, index === 0) }),
    id: `${table.id}.${index}`,
    caption: (facts) => {
      const span = caption?.(facts) ?? null;
      return span && { ...span, text: `${columns} · ${span.text}` };
    },
  };
}
