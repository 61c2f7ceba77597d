import type { GalleryPage } from '../gallery.ts';

export const failurePages: readonly GalleryPage[] = [];
