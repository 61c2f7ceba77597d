import type { GalleryPage } from '../gallery.ts';

export const tablePages: readonly GalleryPage[] = [];
