import type { GalleryPage } from '../gallery.ts';

export const scriptPages: readonly GalleryPage[] = [];
