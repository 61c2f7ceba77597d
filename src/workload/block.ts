import { createHash } from 'node:crypto';
import type { Widget } from '../definition/definition.ts';
import type { Column, Rows, Value } from '../rows/rows.ts';
import { cutList, type ListBounds, USUAL_BOUNDS, type WholeList } from './list-cut.ts';

/** Rows under a name, as a widget reads them. */
export interface BlockSeries {
  readonly name: string;
  readonly rows: Rows;
}

/** A piece of a workload report: a widget with its rows, as if a source had given them. */
export interface Block {
  readonly widget: Widget;
  readonly series: readonly BlockSeries[];
  /** Grid columns of 12. */
  readonly width: number;
  /** Grid rows; null = as high as its content is. */
  readonly height: number | null;
  /** A list: the same with other bounds than the usual ones. */
  readonly recut?: (bounds: ListBounds) => Block;
}

/** A column of a table block. `unit` is a unit's word of the charts (`ms`, `s`, `bytes`, `ratio`, `per-second` …). */
export interface BlockColumn {
  readonly key: string;
  readonly label: string;
  readonly type: Column['type'];
  readonly unit?: string;
  readonly decimals?: number;
  readonly mark?: 'bar' | 'heat' | 'line';
  readonly align?: 'left' | 'center' | 'right';
  /** `#name`, or a template with `{column}` for another column of the table. */
  readonly link?: string;
  readonly hide?: boolean;
  /** Numbers above zero have a plus. */
  readonly sign?: boolean;
  readonly width?: number;
}

interface BlockWords {
  /** Unique in the report, and the name of its place. */
  readonly id: string;
  /** Null = it stands under the heading of the block before. */
  readonly heading: string | null;
  readonly description?: string | null;
  readonly width?: number;
  readonly height?: number;
}

const widget = (
  { id, heading, description = null }: BlockWords,
  kind: string,
  settings: object,
  mappings: object = {},
): Widget => ({
  id,
  name: heading ?? '',
  kind,
  heading,
  description,
  legend: { show: true, placement: 'bottom' },
  period: null,
  series: [],
  settings: { ...settings, anchor: id },
  mappings: { ...mappings },
});

/** A table; `anchor` is the column that names its rows for links. */
export function tableBlock(
  words: BlockWords,
  columns: readonly BlockColumn[],
  rows: readonly (readonly Value[])[],
  settings: Readonly<Record<string, unknown>> & { readonly anchorColumn?: string } = {},
): Block {
  const { anchorColumn, ...rest } = settings;
  const own = {
    columns: columns.map(({ type: _type, ...column }) => column),
    ...(anchorColumn === undefined ? {} : { rowAnchor: anchorColumn }),
    ...rest,
  };
  return {
    widget: widget(words, 'table', own),
    series: [seriesOf(columns, rows)],
    width: words.width ?? 12,
    height: words.height ?? null,
  };
}

/** A table of as many rows as each output shows; what a data file is made of has all. */
export function listTable(
  words: BlockWords,
  columns: readonly BlockColumn[],
  list: WholeList,
  settings: Readonly<Record<string, unknown>> = {},
  bounds: ListBounds = USUAL_BOUNDS,
): Block {
  const cut = cutList(list, bounds);
  const { series, ...block } = tableBlock(words, columns, cut.rows.values, { ...settings, ...cut.settings });
  return {
    ...block,
    series: series.map((one) => ({ ...one, rows: { ...one.rows, truncation: cut.rows.truncation } })),
    recut: (other) => listTable(words, columns, list, settings, other),
  };
}

/** A chart of any kind that the charts know: `timeseries`, `histogram`, `heatmap`, `toplist`, `gauge` … */
export function chartBlock(
  words: BlockWords & { readonly kind: string },
  columns: readonly Pick<BlockColumn, 'key' | 'type'>[],
  rows: readonly (readonly Value[])[],
  options: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly mappings?: Readonly<Record<string, unknown>>;
  } = {},
): Block {
  const { settings = {}, mappings = {} } = options;
  return {
    widget: widget(words, words.kind, settings, mappings),
    series: [seriesOf(columns, rows)],
    width: words.width ?? 12,
    height: words.height ?? null,
  };
}

/** Markdown. */
export const textBlock = (
  words: BlockWords,
  text: string,
  settings: Readonly<Record<string, unknown>> = {},
): Block => ({
  widget: widget(words, 'text', { text, ...settings }),
  series: [],
  width: words.width ?? 12,
  height: words.height ?? null,
});

const seriesOf = (
  columns: readonly Pick<BlockColumn, 'key' | 'type'>[],
  values: readonly (readonly Value[])[],
): BlockSeries => ({
  name: 'rows',
  rows: { columns: columns.map(({ key, type }) => ({ name: key, type })), values, truncation: null },
});

/** Text that is no Markdown: what a statement or a name holds must not become a heading or a link. */
export const plain = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]()<>#+\-.!|~&]/g, (character) => `\\${character}`);

/** A stable hash of what a block was made from, for the manifest. */
export const blockHash = (id: string, snapshots: readonly number[]): string =>
  createHash('sha256')
    .update(JSON.stringify([id, snapshots]))
    .digest('hex');
