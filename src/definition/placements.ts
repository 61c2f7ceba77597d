import type { Placement, Widget } from './definition.ts';
import { type Branch, readBranch, type Warnings } from './lenient.ts';

/** Columns of the grid that pages are laid out on. */
export const GRID_COLUMNS = 12;
const WIDEST_GRID = 24;
const MAX_ROWS = 10_000;

interface StoredItem {
  readonly widget: Widget;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number | null;
  readonly breaks: Placement['breaks'];
}

/** The pages of a report with their headings, as many of each. */
export interface PlacedPages {
  readonly pages: readonly (readonly Placement[])[];
  readonly titles: readonly (string | null)[];
}

const BREAK_WORDS: Readonly<Record<string, Placement['breaks']>> = {
  before: { before: true, after: false },
  after: { before: false, after: true },
  both: { before: true, after: true },
};

/** The item's own word, else the widget's. */
function breaksOf(item: Branch, widget: Widget): Placement['breaks'] {
  const own = widget.settings.pageBreak ?? widget.settings.page_break;
  const word = item.text('page_break') ?? (typeof own === 'string' ? own : '');
  return BREAK_WORDS[word.trim().toLowerCase()] ?? { before: false, after: false };
}

type FindWidget = (item: Branch) => Widget | null;

function readItems(items: readonly Branch[], find: FindWidget): StoredItem[] {
  return items.flatMap((item) => {
    const widget = find(item);
    if (widget === null) return [];
    const h = item.number('h');
    const w = item.number('w');
    return [
      {
        widget,
        x: Math.max(0, item.number('x') ?? 0),
        y: Math.min(MAX_ROWS, Math.max(0, item.number('y') ?? 0)),
        w: w === null || w <= 0 ? GRID_COLUMNS : w,
        h: h === null || h <= 0 ? null : Math.min(MAX_ROWS, h),
        breaks: breaksOf(item, widget),
      },
    ];
  });
}

/**
 * The items of one page on our grid of 12 columns. Items that reach beyond it come from a wider grid (24 columns at
 * most): all of them are scaled, so that what stood side by side still does.
 */
function toGrid(items: readonly StoredItem[], path: string, warnings: Warnings): Placement[] {
  const reach = Math.max(GRID_COLUMNS, ...items.map((item) => item.x + item.w));
  const columns = reach > GRID_COLUMNS ? WIDEST_GRID : GRID_COLUMNS;
  if (columns === WIDEST_GRID)
    warnings.add(path, `items reach column ${reach}: read as a grid of ${WIDEST_GRID} columns`);
  const scale = GRID_COLUMNS / columns;
  return items.map((item) => {
    const w = Math.min(Math.max(item.w * scale, 1), GRID_COLUMNS);
    return { ...item, x: Math.min(item.x * scale, GRID_COLUMNS - w), w };
  });
}

/** Widgets one below the other, each as wide as the page. */
function stacked(widgets: readonly Widget[], warnings: Warnings): Placement[] {
  const none = readBranch({}, '', warnings);
  return widgets.map((widget, index) => {
    return { widget, x: 0, y: index, w: GRID_COLUMNS, h: null, breaks: breaksOf(none, widget) };
  });
}

/**
 * What a report prints (`config.pages`), else the dashboard's grid, else the widgets one below the other. Items that
 * name no widget of the dashboard are left out with a warning.
 */
export function placeWidgets(
  input: { readonly report: Branch; readonly dashboard: Branch; readonly widgets: readonly Widget[] },
  warnings: Warnings,
): PlacedPages {
  const byId = new Map(input.widgets.map((widget) => [widget.id.toLowerCase(), widget]));
  const finder =
    (...keys: readonly string[]): FindWidget =>
    (item) => {
      const id = keys.map((key) => item.text(key)).find((text) => text !== null && text !== '') ?? null;
      if (id === null) return null;
      const widget = byId.get(id.toLowerCase()) ?? null;
      if (widget === null) warnings.add(item.path, `no widget "${id.slice(0, 60)}" on the dashboard, left out`);
      return widget;
    };
  const pages = readPages(input.report.branch('config'), finder('widget_id', 'id', 'i'), warnings);
  const filled = pages.filter(({ items }) => items.length > 0);
  if (filled.length > 0) return { pages: filled.map(({ items }) => items), titles: filled.map(({ title }) => title) };
  const gridItems = input.dashboard.branch('config').objects('grid');
  const grid = readItems(gridItems, finder('i', 'widget_id', 'id'));
  if (grid.length > 0) return { pages: [toGrid(grid, 'dashboard.config.grid', warnings)], titles: [null] };
  return input.widgets.length > 0
    ? { pages: [stacked(input.widgets, warnings)], titles: [null] }
    : { pages: [], titles: [] };
}

/** A page is a list of items, or an object with `items` and a `title`. Empty items (`[[{}]]`) name no widget. */
function readPages(
  config: Branch,
  find: FindWidget,
  warnings: Warnings,
): { readonly items: Placement[]; readonly title: string | null }[] {
  const stored = config.value('pages');
  if (stored === undefined || stored === null) return [];
  if (!Array.isArray(stored)) {
    warnings.add('config.pages', 'not a list, ignored');
    return [];
  }
  return stored.map((page: unknown, index) => {
    const path = `config.pages[${index}]`;
    const branch = readBranch(Array.isArray(page) ? { items: page } : page, path, warnings);
    const title = Array.isArray(page) ? null : branch.text('title')?.trim() || null;
    return { items: toGrid(readItems(branch.objects('items'), find), path, warnings), title };
  });
}
