import { busyReport } from '../../print/reports.ts';
import type { GalleryPage } from '../gallery.ts';
import { annualReport } from './layout-reports.ts';

export const layoutPages: readonly GalleryPage[] = [
  {
    name: 'every-kind',
    shows: 'every kind of widget, three scripts, a failure, a table over pages',
    report: busyReport,
  },
  {
    name: 'report-english',
    shows: 'a whole report: cover, contents, chapters, numbers, charts, a table over pages',
    report: () => annualReport('en'),
  },
];
