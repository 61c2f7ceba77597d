import type { Rows, Value } from '../rows/rows.ts';
import { asTitle, punctuation } from './alt-text.ts';
import { cellLine, cellLineText } from './cell-line.ts';
import type { CellMark, Content, ShownRows, TableColumn, TableContent, TableTotal } from './content.ts';
import type { ChartEnvironment, WidgetKindMaker } from './environment.ts';
import { feedingSeries, numberOf, readMappings } from './mappings.ts';
import { emptyNotice, noColumnNotice } from './notices.ts';
import { formatFixed } from './numbers.ts';
import { cellFormat } from './table-formats.ts';
import { type ColumnSettings, readTableSettings, type TableSettings } from './table-settings.ts';
import { totalsOf } from './table-totals.ts';
import { chartWords } from './words.ts';

interface Chosen {
  /** In the rows. */
  readonly index: number;
  readonly key: string;
  readonly label: string;
}

/**
 * The rows of one series: all columns or those of `mappings.fields`, groups first, each formatted alike from top to
 * bottom; with the totals that `settings.totals` asks for.
 */
export const table: WidgetKindMaker = (widget, series, env): Content => {
  const feeding = feedingSeries(widget, series);
  if (!feeding || feeding.rows.values.length === 0) return emptyNotice(series, env);
  if (feeding.rows.columns.length === 0) return emptyNotice([], env);
  const { name } = feeding;
  const settings = readTableSettings(widget);
  const { rows, shown } = firstRows(feeding.rows, settings, env);
  const { fields } = readMappings(widget);
  const mapped = fields.flatMap((field) => chosenOf(rows, field.key, field.label));
  if (fields.length > 0 && mapped.length === 0) return noColumnNotice(fields[0]?.key ?? '', env);
  const all = rows.columns.map((column, index) => ({ index, key: column.name, label: column.name }));
  const used = arranged(rows, fields.length > 0 ? mapped : all, settings);
  const linked = [...used, ...hiddenOf(rows, used, settings)];
  const columns = used.map((chosen) => columnOf(rows, chosen, linked, settings.columns.get(chosen.key) ?? null, env));
  const groups = used.filter(({ key }) => settings.groupBy.includes(key)).length;
  const words = chartWords(env.locale);
  const count = formatFixed(rows.values.length, 0, env.locale);
  const limit = widget.series.find((one) => one.name === name)?.query?.limit ?? null;
  const anchorOf = anchorsOf(settings.anchor, linked);
  const cut = rows.truncation !== null || limit === feeding.rows.values.length;
  // Without a row for the others, totals are of all rows that were read.
  const summed = settings.restRow === null ? feeding.rows : rows;
  const totals = totalsOf({ rows: summed, used, columns, groups, settings, cut, locale: env.locale });
  return {
    kind: 'table',
    columns,
    rows: isWhole(rows, linked) ? rows.values : rows.values.map((row) => linked.map(({ index }) => row[index] ?? null)),
    truncation: rows.truncation,
    limit,
    alt:
      asTitle(widget.heading, env.locale) +
      words.charts.table +
      punctuation(env.locale).comma +
      words.tableOf(columns.length, count),
    ...(anchorOf === null ? {} : { anchorOf }),
    groups,
    totals: shown === null ? totals : shownTotals(totals, rows.values.length),
    wide: settings.wide,
    keys: settings.keyColumns ?? Math.max(1, groups),
    tagged: settings.tagged,
    sortable: settings.sortable,
    ...(shown === null ? {} : { shown }),
  } satisfies TableContent;
};

/** The rows that are printed: all, or the first and one for the others. */
function firstRows(
  rows: Rows,
  { rowsShown, restRow, rowCount }: TableSettings,
  { dataFile = null }: ChartEnvironment,
): { readonly rows: Rows; readonly shown: ShownRows | null } {
  const { values, columns } = rows;
  const count = Math.max(rowCount ?? 0, values.length);
  const isCut = rowsShown !== null && rowsShown < count;
  if (!isCut && restRow === null) return { rows, shown: null };
  const first = isCut ? values.slice(0, rowsShown) : values;
  const rest = restRow === null ? [] : [columns.map((_, index) => restRow[index] ?? null)];
  const file = dataFile === null || !isCut ? null : { kind: dataFile, rows: values.length };
  // Where it is said how many there are, "of 5,000" tells it better than the bound that cut them.
  const truncation = rowCount === null ? rows.truncation : null;
  return {
    rows: { columns, values: [...first, ...rest], truncation },
    shown: { count, hasRest: rest.length > 0, file },
  };
}

/** Totals of groups that are printed, and the total of all below the last row that is. */
const shownTotals = (totals: readonly TableTotal[], printed: number): TableTotal[] =>
  totals.flatMap((total) => {
    if (total.level < 0) return [{ ...total, after: printed }];
    return total.after <= printed ? [total] : [];
  });

/** True where the table shows the rows as they came: a copy of a long one would cost its memory again. */
const isWhole = ({ columns }: Rows, used: readonly Chosen[]): boolean =>
  used.length === columns.length && used.every(({ index }, column) => index === column);

function chosenOf(rows: Rows, key: string, label: string): Chosen[] {
  const index = rows.columns.findIndex((column) => column.name === key);
  return index < 0 ? [] : [{ index, key, label }];
}

/** Groups first, hidden columns left out; never nothing. */
function arranged(rows: Rows, chosen: readonly Chosen[], settings: TableSettings): readonly Chosen[] {
  const named = new Map(chosen.map((one) => [one.key, one]));
  const groups = settings.groupBy.flatMap((key) => named.get(key) ?? chosenOf(rows, key, key));
  const others = chosen.filter(({ key }) => !settings.groupBy.includes(key));
  const shown = [...groups, ...others].filter(({ key }) => settings.columns.get(key)?.hide !== true);
  return shown.length === 0 ? chosen : shown;
}

/** Columns that are not printed but meant by a link or as the rows' names: their values follow those of the printed ones. */
function hiddenOf(rows: Rows, used: readonly Chosen[], { columns, anchor }: TableSettings): readonly Chosen[] {
  const links = [...columns.values()].flatMap(({ link }) => link ?? []).join(' ') + (anchor ?? '');
  return rows.columns.flatMap(({ name }, index) => {
    const isMeant = links.includes(`{${name}}`) || anchor === name;
    return isMeant && !used.some(({ key }) => key === name) ? [{ index, key: name, label: name }] : [];
  });
}

function columnOf(
  rows: Rows,
  chosen: Chosen,
  linked: readonly Chosen[],
  settings: ColumnSettings | null,
  env: ChartEnvironment,
): TableColumn {
  const { name, type } = rows.columns[chosen.index] ?? { name: chosen.key, type: 'text' };
  const { format, unit } = cellFormat(rows, chosen.index, settings, env);
  const label = settings?.label ?? chosen.label;
  const mark = markOf(rows, chosen.index, settings);
  const isLine = mark?.kind === 'line';
  const own = type === 'number' || isLine ? 'right' : 'left';
  return {
    label: unit === null ? label : `${label}, ${unit}`,
    key: name,
    type,
    align: settings?.align ?? own,
    format: isLine ? (value) => cellLineText(value, env.locale) : format,
    ...(settings?.link ? { linkOf: linkTemplate(settings.link, linked) } : {}),
    ...(settings?.width ? { width: settings.width } : {}),
    ...(mark === null ? {} : { mark }),
  };
}

/** Bars and grounds are of numbers, lines of texts that hold several. */
function markOf(rows: Rows, index: number, settings: ColumnSettings | null): CellMark | null {
  const kind = settings?.mark ?? null;
  const isNumber = rows.columns[index]?.type === 'number';
  if (kind === null || isNumber === (kind === 'line')) return null;
  return kind === 'line' ? { kind, numbersOf: cellLine } : { kind, ...spread(rows, index) };
}

const nameOf = (value: Value): string | null => (value === null || value === '' ? null : String(value));

/** The names of rows: a column's values, or a template such as `order-{id}`. */
function anchorsOf(name: string | null, used: readonly Chosen[]): NonNullable<TableContent['anchorOf']> | null {
  if (name === null) return null;
  if (!name.includes('{') && !used.some(({ key }) => key === name)) return null;
  const link = linkTemplate(name.includes('{') ? `#${name}` : `#{${name}}`, used);
  return (row) => link(row)?.slice(1) ?? null;
}

/** `{column}` stands for the row's value: encoded inside an address, as it is where it is the whole link or a `#name`. */
function linkTemplate(template: string, used: readonly Chosen[]): (row: readonly Value[]) => string | null {
  const at = new Map(used.map(({ key }, index) => [key, index]));
  const isRaw = template.startsWith('#') || /^\{[^{}]+\}$/.test(template);
  return (row) => {
    let isWhole = true;
    const link = template.replaceAll(/\{([^{}]+)\}/g, (_, key: string) => {
      const value = nameOf(row[at.get(key) ?? -1] ?? null);
      if (value === null) isWhole = false;
      return isRaw ? (value ?? '') : encodeURIComponent((value ?? '').toWellFormed());
    });
    return isWhole ? link : null;
  };
}

/** From zero, or from the least number below it, to the largest. */
function spread(rows: Rows, index: number): { least: number; most: number } {
  let [least, most] = [0, 0];
  for (const row of rows.values) {
    const number = numberOf(row[index]);
    if (number === null) continue;
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  return { least, most };
}
