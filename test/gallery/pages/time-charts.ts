import type { GalleryPage } from '../gallery.ts';

export const timeChartPages: readonly GalleryPage[] = [];
