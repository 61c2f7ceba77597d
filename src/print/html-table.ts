import type { WebTable } from '../scene/web-body.ts';
import { groupSpans } from './html-groups.ts';
import { directionOf, escapeText, hrefOf } from './html-text.ts';

type Content = WebTable['content'];
type Column = Content['columns'][number];
type Row = Content['rows'][number];
type Total = NonNullable<Content['totals']>[number];

export interface HtmlTableOptions {
  /** A browser holds this many rows of one table. */
  readonly maxRows: number;
  readonly sortable: boolean;
  readonly idAttribute: (name: string | null) => string;
  /** Id of the heading that names the table; null = it names itself. */
  readonly labelledBy: string | null;
}

const CHUNK_ROWS = 200;
/** A text of megabytes in one cell stops a browser. */
const LONGEST_CELL = 20_000;

const shortened = (text: string): string => (text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text);

/**
 * A table in pieces of some hundred rows: column headings with scope, groups as row headings over their rows, the first
 * column as row heading where it is no number, totals below their groups and at the foot.
 */
export function* htmlTable(table: WebTable, options: HtmlTableOptions): Iterable<string> {
  const { columns, rows, groups = 0, totals = [] } = table.content;
  const shown = Math.min(rows.length, options.maxRows);
  const sortable = options.sortable && groups === 0 && table.content.sortable !== false;
  const label =
    options.labelledBy === null ? `aria-label="${escapeText(table.alt)}"` : `aria-labelledby="${options.labelledBy}"`;
  yield `<div class="scroll" role="region" tabindex="0" ${label}><table${sortable ? ' data-sortable' : ''}>`;
  yield `<caption>${escapeText(table.caption(shown))}</caption><thead><tr>`;
  yield columns.map((column) => `<th scope="col"${classOf(column)}>${escapeText(column.label)}</th>`).join('');
  yield '</tr></thead><tbody>';
  const inner = totals.filter(({ level, after }) => level >= 0 && after <= shown);
  const totalsAfter = Map.groupBy(inner, ({ after }) => after);
  const spans = groupSpans(rows, { shown, groups, totals: inner });
  const cells = { table, spans, groups, options: { ...options, sortable } };
  // The row that stands for those not shown stays below them, however they are sorted.
  const hasRest = table.content.shown?.hasRest === true && shown === rows.length;
  const sorted = hasRest ? shown - 1 : shown;
  for (let from = 0; from < sorted; from += CHUNK_ROWS) {
    let part = '';
    for (let index = from; index < Math.min(sorted, from + CHUNK_ROWS); index += 1) {
      part += rowOf(rows[index] ?? [], index, cells);
      for (const total of totalsAfter.get(index + 1) ?? []) part += totalOf(total, columns);
    }
    yield part;
  }
  yield '</tbody>';
  const foot = totals.filter(({ level }) => level < 0);
  const others = hasRest ? rowOf(rows[sorted] ?? [], sorted, cells) : '';
  const below = others + foot.map((total) => totalOf(total, columns)).join('');
  if (below !== '') yield `<tfoot>${below}</tfoot>`;
  yield '</table></div>';
}

interface Cells {
  readonly table: WebTable;
  readonly spans: readonly Int32Array[];
  readonly groups: number;
  readonly options: HtmlTableOptions;
}

function rowOf(row: Row, index: number, { table, spans, groups, options }: Cells): string {
  const { columns, anchorOf } = table.content;
  const heading = groups === 0 && columns[0]?.type !== 'number' ? 0 : -1;
  const cells = columns.map((column, at) => {
    const span = at < groups ? (spans[at]?.[index] ?? 1) : 1;
    if (span === 0) return '';
    const value = row[at] ?? null;
    const text = shortened(column.format(value));
    const attributes = `${directionOf(text)}${classOf(column, value)}${options.sortable ? sortValue(column, value) : ''}`;
    const inside = `${lineOf(column, value)}${linked(escapeText(text), column.linkOf?.(row) ?? null, table)}`;
    if (at < groups) {
      return `<th scope="${span > 1 ? 'rowgroup' : 'row'}"${span > 1 ? ` rowspan="${span}"` : ''}${attributes}>${inside}</th>`;
    }
    return at === heading ? `<th scope="row"${attributes}>${inside}</th>` : `<td${attributes}>${inside}</td>`;
  });
  const open = spans.some((column) => column[index] !== 0) ? ' class="g"' : '';
  return `<tr${open}${options.idAttribute(anchorOf?.(row) ?? null)}>${cells.join('')}</tr>`;
}

/** A row of totals: its words reach to the first number; columns of the groups around it are those groups' own. */
function totalOf({ level, label, cells }: Total, columns: readonly Column[]): string {
  const first = Math.max(0, level);
  const number = columns.findIndex((_, at) => at > first && (cells[at] ?? null) !== null);
  const reach = (number < 0 ? columns.length : number) - first;
  const own = cells[first] ?? null;
  const head = `<th scope="row"${reach > 1 ? ` colspan="${reach}"` : ''}>${escapeText(own === null ? label : `${label} ${own}`)}</th>`;
  const rest = columns.slice(first + reach).map((column, at) => {
    return `<td${classOf(column)}>${escapeText(cells[first + reach + at] ?? '')}</td>`;
  });
  return `<tr class="t">${head}${rest.join('')}</tr>`;
}

function linked(text: string, target: string | null, table: WebTable): string {
  const allowed = target === null ? null : table.link(target);
  const href = allowed === null ? null : hrefOf(allowed);
  return href === null ? text : `<a href="${href}">${text}</a>`;
}

function classOf({ align, type, mark }: Column, value: Row[number] = null): string {
  const classes = [
    ...(align === 'left' ? [] : [align === 'right' ? 'r' : 'm']),
    ...(type === 'number' ? ['n'] : []),
    ...(mark !== undefined && value !== null ? [mark.kind] : []),
  ];
  const share =
    mark === undefined || mark.kind === 'line' || value === null
      ? Number.NaN
      : (Number(value) - mark.least) / (mark.most - mark.least);
  const style = Number.isFinite(share)
    ? ` style="--m:${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%"`
    : '';
  return `${classes.length === 0 ? '' : ` class="${classes.join(' ')}"`}${style}`;
}

/** A column's line before its text: decoration, for the text tells its largest value. */
function lineOf({ mark }: Column, value: Row[number]): string {
  if (mark?.kind !== 'line') return '';
  const numbers = mark.numbersOf(value);
  const most = Math.max(0, ...numbers.map((number) => number ?? 0));
  if (most <= 0) return '';
  const steps = numbers.map((number, at) =>
    number === null ? '' : `M${at} 20V${rounded(20 - (20 * number) / most)}h1V20z`,
  );
  return `<svg viewBox="0 0 ${numbers.length} 20" preserveAspectRatio="none" aria-hidden="true"><path d="${steps.join('')}"/></svg>`;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** What the cell is sorted by, where that is not its text. */
function sortValue({ type }: Column, value: Row[number]): string {
  if (type === 'text' || type === 'json' || value === null) return '';
  const number = Number(value);
  return Number.isFinite(number) ? ` data-v="${number}"` : '';
}
