import type { Locale, Placement, ReportDefinition, Widget } from '../../definition/definition.ts';
import { widgetIn } from '../../definition/shown-in.ts';
import { BroadsheetError } from '../../errors.ts';
import type { Period } from '../../period/period.ts';
import type { OutputKind } from '../../print/output.ts';
import type { Block } from '../../workload/block.ts';
import { boundsOf, type ListBounds } from '../../workload/list-cut.ts';
import { placeBlocks, type ReportChapter } from '../../workload/report.ts';
import { type ReadScope, resolveFor, type WidgetRead } from '../runs/read-widgets.ts';
import { hasDataFile } from './draw-workload.ts';
import { WORKLOAD_KIND } from './parts.ts';

/** What a widget of the kind `workload` becomes. */
export interface ExpandedWorkload {
  readonly chapters: readonly ReportChapter[];
  readonly reads: readonly WidgetRead[];
}

export interface WorkloadWanted {
  /** As stored: the cluster's id, or its name. */
  readonly cluster: number | string;
  /** Ids of sections; null = all. */
  readonly sections: readonly string[] | null;
  readonly period: Period;
  readonly timeZone: string;
  readonly locale: Locale;
  readonly lists: ListBounds;
}

/**
 * Reads the workload report of a cluster for a period, in the names of all who decide what is asked.
 * @throws BroadsheetError `unprocessable` for an unknown cluster or a period without two snapshots, `forbidden`.
 */
export type WorkloadReader = (wanted: WorkloadWanted, signal: AbortSignal) => Promise<ExpandedWorkload>;

interface Expanding extends ReadScope {
  readonly locale: Locale;
  /** Files that the report is written to. */
  readonly outputs: readonly OutputKind[];
  /** Null where there is no store to read snapshots from. */
  readonly workload: WorkloadReader | null;
}

/**
 * Put chapters in the place of every widget of the kind `workload`: each begins a new sheet. What stood above the widget
 * stays on the sheet before, what stood below comes after. A widget that cannot be read stays, with its problem.
 */
export async function expandWorkloads(
  scope: Expanding,
  reads: readonly WidgetRead[],
): Promise<{ readonly definition: ReportDefinition; readonly reads: readonly WidgetRead[] }> {
  const { definition } = scope;
  const found = new Map<string, ExpandedWorkload>();
  const outcomes: WidgetRead[] = [];
  for (const read of reads) {
    if (read.widget.kind !== WORKLOAD_KIND) {
      outcomes.push(read);
      continue;
    }
    const expanded = await expand(scope, read.widget, found.size);
    if ('problem' in expanded) outcomes.push(expanded);
    else {
      found.set(read.widget.id, expanded);
      outcomes.push(...expanded.reads);
    }
  }
  if (found.size === 0) return { definition, reads: outcomes };
  const pages = definition.pages.flatMap((placements, index) =>
    expandPage(placements, definition.pageTitles[index] ?? null, found),
  );
  return {
    definition: {
      ...definition,
      pages: pages.map((page) => page.placements),
      pageTitles: pages.map(({ title }) => title),
    },
    reads: outcomes,
  };
}

async function expand(scope: Expanding, widget: Widget, index: number): Promise<ExpandedWorkload | WidgetRead> {
  try {
    if (scope.workload === null) {
      throw new BroadsheetError(
        'unprocessable',
        'workload widgets are printed by the service, which has the snapshots',
      );
    }
    const { settings } = widget;
    const cluster = settings.cluster_id ?? settings.clusterId ?? settings.cluster;
    if (typeof cluster !== 'number' && typeof cluster !== 'string') {
      throw new BroadsheetError('unprocessable', 'the widget names no cluster: settings.cluster_id');
    }
    const { timeZone, locale } = scope;
    const sections = Array.isArray(settings.sections) ? settings.sections.filter((id) => typeof id === 'string') : null;
    const period = resolveFor(scope, widget, null);
    const lists = boundsOf(
      { paper: rowsShownOf(widgetIn(widget, 'paper')), web: rowsShownOf(widgetIn(widget, 'web')) },
      hasDataFile(scope.outputs),
    );
    const wanted = { cluster, sections: sections?.length === 0 ? null : sections, period, timeZone, locale, lists };
    const expanded = await scope.workload(wanted, scope.signal);
    return index === 0 ? expanded : prefixed(expanded, `c${index + 1}-`);
  } catch (error) {
    if (scope.signal.aborted) throw new BroadsheetError('canceled', 'the run was canceled');
    const message = error instanceof BroadsheetError ? error.message : '';
    return { widget, period: null, series: [], problem: { state: 'failed', message, cause: error } };
  }
}

const rowsShownOf = ({ settings: { rowsShown } }: Widget): number | null =>
  typeof rowsShown === 'number' && rowsShown >= 1 ? rowsShown : null;

interface Page {
  readonly title: string | null;
  readonly placements: readonly Placement[];
}

function expandPage(
  placements: readonly Placement[],
  title: string | null,
  found: ReadonlyMap<string, ExpandedWorkload>,
): readonly Page[] {
  const pages: Page[] = [];
  let rest: Placement[] = [];
  const ordered = [...placements].sort((a, b) => a.y - b.y || a.x - b.x);
  const close = (): void => {
    if (rest.length > 0) pages.push({ title: pages.length === 0 ? title : null, placements: rest });
    rest = [];
  };
  for (const placement of ordered) {
    const expanded = found.get(placement.widget.id);
    if (expanded === undefined) rest.push(placement);
    else {
      close();
      for (const chapter of expanded.chapters) {
        pages.push({ title: chapter.title, placements: placeBlocks(chapter.blocks) });
      }
    }
  }
  close();
  return pages;
}

/** The places of a second workload report in one document get names of their own, and its links lead to them. */
function prefixed({ chapters, reads }: ExpandedWorkload, prefix: string): ExpandedWorkload {
  const renamed = new Map<string, Widget>();
  const rename = (widget: Widget): Widget => {
    const known = renamed.get(widget.id);
    if (known !== undefined) return known;
    const fresh = { ...widget, id: prefix + widget.id, settings: prefixedSettings(widget.settings, prefix) };
    renamed.set(widget.id, fresh);
    return fresh;
  };
  const block = (one: Block): Block => ({ ...one, widget: rename(one.widget) });
  return {
    chapters: chapters.map((chapter) => ({ ...chapter, blocks: chapter.blocks.map(block) })),
    reads: reads.map((read) => ({ ...read, widget: { ...rename(read.widget), name: read.widget.name } })),
  };
}

function prefixedSettings(settings: Widget['settings'], prefix: string): Widget['settings'] {
  const { anchor, rowAnchor, columns, text, inHtml, ...rest } = settings;
  return {
    ...rest,
    ...(typeof anchor === 'string' ? { anchor: prefix + anchor } : {}),
    ...(typeof rowAnchor === 'string' ? { rowAnchor: prefix + rowAnchor } : {}),
    ...(typeof text === 'string' ? { text: text.replaceAll('](#', `](#${prefix}`) } : {}),
    ...(Array.isArray(columns) ? { columns: columns.map((column) => linked(column, prefix)) } : {}),
    ...(isSettings(inHtml) ? { inHtml: prefixedSettings(inHtml, prefix) } : {}),
  };
}

const isSettings = (value: unknown): value is Widget['settings'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function linked(column: unknown, prefix: string): unknown {
  if (typeof column !== 'object' || column === null || !('link' in column)) return column;
  const { link } = column;
  return typeof link === 'string' && link.startsWith('#') ? { ...column, link: `#${prefix}${link.slice(1)}` } : column;
}
