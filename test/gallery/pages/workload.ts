import type { Locale } from '../../../src/definition/definition.ts';
import type { Block } from '../../../src/workload/block.ts';
import type { WorkloadFacts } from '../../../src/workload/facts.ts';
import { placeBlocks, workloadReport } from '../../../src/workload/report.ts';
import type { TestReport } from '../../print/printing.ts';
import { MONDAY, type ShopDay, shopDay } from '../../workload/built-shop.ts';
import type { GalleryPage } from '../gallery.ts';

const TITLES: Readonly<Record<Locale, string>> = { en: 'Workload report', ru: 'Отчёт о нагрузке', zh: '性能报告' };

/** Some sections of a workload report as any other report: stored widgets with prepared rows. */
function workloadPage(sections: readonly string[], day: ShopDay = {}, facts: WorkloadFacts = shopDay(day)): TestReport {
  const chapters = workloadReport(facts, sections);
  const blocks = chapters.flatMap((chapter) => chapter.blocks);
  return {
    name: TITLES[facts.locale],
    locale: facts.locale,
    at: new Date(MONDAY + 24 * 3_600_000),
    settings: {
      general: { sortable_tables: true },
      header: { show: true, text: facts.cluster.name },
      footer: { show: true, show_date: true, show_page_number: true },
    },
    widgets: blocks.map(storedWidget),
    pages: chapters.map(({ title, blocks: placed }) => ({
      title,
      items: placeBlocks(placed).map(({ widget, x, y, w, h }) => ({
        widget_id: widget.id,
        ...{ x, y, w },
        ...(h === null ? {} : { h }),
      })),
    })),
    answers: Object.fromEntries(
      blocks.flatMap(({ widget, series }) => series.map(({ name, rows }) => [`${widget.id} ${name}`, rows])),
    ),
  };
}

const storedWidget = ({ widget, series }: Block): TestReport['widgets'][number] => ({
  id: widget.id,
  kind: widget.kind,
  name: widget.heading ?? '',
  ...(widget.description === null ? {} : { description: widget.description }),
  ...(series.length === 0 ? {} : { series: series.map(({ name }) => ({ name, sql: `${widget.id} ${name}` })) }),
  ...(widget.period === null ? {} : { period: widget.period }),
  settings: { ...widget.settings },
  mappings: { ...widget.mappings },
});

const FIRST = ['header', 'load-over-time', 'findings', 'load-profile', 'time-model', 'efficiency', 'further-findings'];

/** The workload report's sections, of a day of a shop that is made up of formulae. */
export const workloadPages: readonly GalleryPage[] = [
  {
    name: 'workload-overview',
    shows: 'The first pages of a workload report: load by wait class, key numbers with their change, findings, profile',
    report: () => workloadPage(FIRST),
  },
  {
    name: 'workload-waits-and-locks',
    shows: 'What sessions waited for, over time and as a map; who waited behind whom, as a tree',
    report: () => workloadPage(['waits', 'locks', 'sessions']),
  },
  {
    name: 'workload-statements',
    shows: 'Statements by time, reading and temporary files, with links to their texts and back',
    report: () => workloadPage(['statements-elapsed', 'statements-io', 'statements-temp', 'texts']),
  },
  {
    name: 'workload-tables-and-indexes',
    shows: 'Databases, tables and indexes: what is large, what is read, what is not used',
    report: () => workloadPage(['databases', 'tables', 'indexes']),
  },
  {
    name: 'workload-wal-and-checkpoints',
    shows: 'WAL and checkpoints over a day, and who writes',
    report: () => workloadPage(['wal-checkpoints', 'io']),
  },
  {
    name: 'workload-comparison-and-trend',
    shows: 'A day against the day before, and the last snapshots with what is usual at the hour',
    report: () => workloadPage(['comparison', 'trend']),
  },
  {
    name: 'workload-in-russian',
    shows: 'The first pages of a workload report in Russian, of sessions that nobody sampled',
    report: () => workloadPage(FIRST, { locale: 'ru', isSampled: false }),
  },
  {
    name: 'workload-in-chinese',
    shows: 'The first pages of a workload report in Chinese, with the line of its processors',
    report: () => workloadPage([...FIRST, 'waits', 'locks'], { locale: 'zh', settings: { cpu_count: '6' } }),
  },
];
