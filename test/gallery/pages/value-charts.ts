import type { GalleryPage } from '../gallery.ts';

export const valueChartPages: readonly GalleryPage[] = [];
