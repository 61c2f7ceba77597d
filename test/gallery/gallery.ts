import type { TestReport } from '../print/printing.ts';
import { failurePages } from './pages/failures.ts';
import { layoutPages } from './pages/layout.ts';
import { notAllPages } from './pages/not-all.ts';
import { scriptPages } from './pages/scripts.ts';
import { tablePages } from './pages/tables.ts';
import { timeChartPages } from './pages/time-charts.ts';
import { valueChartPages } from './pages/value-charts.ts';
import { wholeReports } from './pages/whole-reports.ts';
import { workloadPages } from './pages/workload.ts';

/** One feature on paper: a report with prepared rows, printed by the gallery and compared with its golden image. */
export interface GalleryPage {
  /** Kebab-case, unique: the name of its files. */
  readonly name: string;
  /** What is to be seen, in one line. */
  readonly shows: string;
  /** Small enough to be printed in every test run: one to three pages. */
  readonly report: () => TestReport;
  /** Layout checks that the page breaks on purpose, by name. */
  readonly breaks?: readonly string[];
}

export const gallery: readonly GalleryPage[] = [
  ...wholeReports,
  ...layoutPages,
  ...scriptPages,
  ...tablePages,
  ...timeChartPages,
  ...valueChartPages,
  ...notAllPages,
  ...workloadPages,
  ...failurePages,
];
