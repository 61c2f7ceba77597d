import { busyReport } from '../../print/reports.ts';
import type { GalleryPage } from '../gallery.ts';

export const layoutPages: readonly GalleryPage[] = [
  {
    name: 'every-kind',
    shows: 'every kind of widget, three scripts, a failure, a table over pages',
    report: busyReport,
  },
];
