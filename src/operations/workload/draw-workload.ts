import type { Locale, ReportDefinition } from '../../definition/definition.ts';
import { parseReport } from '../../definition/parse-report.ts';
import { badRequest } from '../../errors.ts';
import type { OutputKind } from '../../print/output.ts';
import { type Block, blockHash } from '../../workload/block.ts';
import type { WorkloadFacts } from '../../workload/facts.ts';
import { boundsOf } from '../../workload/list-cut.ts';
import { placeBlocks, type ReportChapter, sectionIds, workloadReport } from '../../workload/report.ts';
import type { Drawing } from '../runs/draw-document.ts';
import type { WidgetRead } from '../runs/read-widgets.ts';

export interface WorkloadDrawing {
  readonly facts: WorkloadFacts;
  readonly name: string;
  /** The instant the report is made for: it is printed. */
  readonly at: Date;
  readonly sections: readonly string[] | null;
  readonly outputs: readonly OutputKind[];
}

/** A workload report as any other report: a definition, and rows that were read. */
export function workloadDrawing({ facts, name, at, sections, outputs }: WorkloadDrawing): Drawing {
  const { locale, timeZone } = facts;
  const lists = boundsOf({ paper: null, web: null }, hasDataFile(outputs));
  const chapters = workloadReport({ ...facts, lists }, sections);
  const { start, end } = facts.range;
  return {
    definition: definitionOf(name, facts.cluster.name, chapters),
    at,
    timeZone,
    locale,
    period: { from: new Date(start.identity.capturedAt), to: new Date(end.identity.capturedAt) },
    isPeriodStated: true,
    reads: chapters.flatMap(({ blocks }) => blocksRead(blocks, facts)),
    outputs,
    ids: {},
  };
}

export const hasDataFile = (outputs: readonly OutputKind[]): boolean =>
  outputs.includes('xlsx') || outputs.includes('csv');

/** @throws BroadsheetError `bad_request` for a word that is no section, with those that are. */
export function checkSections(ids: readonly string[]): void {
  const unknown = ids.filter((id) => !sectionIds().includes(id));
  if (unknown.length === 0) return;
  throw badRequest(`there is no section ${unknown.join(', ')}; there are: ${sectionIds().join(', ')}`);
}

/** Blocks as widgets that were read. The hash says which snapshots they were made of. */
export function blocksRead(blocks: ReportChapter['blocks'], { range, cluster }: WorkloadFacts): WidgetRead[] {
  const { start, end } = range;
  const period = { from: new Date(start.identity.capturedAt), to: new Date(end.identity.capturedAt) };
  return blocks.map(({ widget, series }, index) => ({
    // What stands without a heading of its own is called, in files of data, by the one above it.
    widget: { ...widget, name: headingAt(blocks, index) },
    period: ownPeriod(widget) ?? period,
    series: series.map((one) => ({
      ...one,
      source: cluster.name,
      queryHash: blockHash(`${widget.id} ${start.identity.system} ${start.identity.capturedAt}`, [start.id, end.id]),
    })),
    problem: null,
  }));
}

/** Instants that a block says of itself: a trend reaches further back than its range. */
function ownPeriod({ period }: Block['widget']): WidgetRead['period'] {
  const [from, to] = (period ?? []).map((instant) => new Date(instant));
  return from === undefined || to === undefined ? null : { from, to };
}

const headingAt = (blocks: ReportChapter['blocks'], index: number): string =>
  blocks.slice(0, index + 1).findLast(({ widget }) => widget.heading !== null)?.widget.heading ?? '';

const TITLES: Readonly<Record<Locale, string>> = { en: 'Workload report', ru: 'Отчёт о нагрузке', zh: '性能报告' };

export const workloadTitle = (locale: Locale): string => TITLES[locale];

function definitionOf(name: string, cluster: string, chapters: readonly ReportChapter[]): ReportDefinition {
  const settings = {
    general: { sortable_tables: true },
    header: { show: true, text: cluster },
    footer: { show: true, show_date: true, show_page_number: true },
    contents: { show: false },
  };
  const { definition } = parseReport({ report: { id: '', name, settings }, dashboard: {}, widgets: [] });
  return {
    ...definition,
    pages: chapters.map(({ blocks }) => placeBlocks(blocks)),
    pageTitles: chapters.map(({ title }) => title),
  };
}
