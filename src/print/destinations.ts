import type { Destination } from '../scene/scene.ts';
import type { Pdf } from './page-resources.ts';
import { currentPageId, RawPdf, setDestinations } from './pdf-objects.ts';

/** The places of a document that links and the outline lead to. */
export interface Destinations {
  /** A place on the current page. */
  add(destination: Destination): void;
  /** The action that leads to a place, known by its name (ISO 32000-1 §12.6.4.2). */
  goTo(anchor: string): { readonly S: 'GoTo'; readonly D: object };
  /** Ties the names to the document; nothing may follow. */
  finish(): void;
}

/** An entry of PDFKit's outline. */
interface OutlineItem {
  addItem(title: string, options: object): OutlineItem;
}

export function createDestinations(pdf: Pdf): Destinations {
  const places = new Map<string, { readonly key: Buffer; readonly place: string }>();
  const root: { readonly level: number; readonly item: OutlineItem } = {
    level: 0,
    item: pdf.outline as unknown as OutlineItem,
  };
  let open = [root];
  return {
    add: ({ anchor, bookmark, y }) => {
      if (anchor !== null && !places.has(anchor)) {
        const top = Math.round((pdf.page.height - y) * 100) / 100;
        places.set(anchor, { key: keyOf(anchor), place: `[${currentPageId(pdf)} 0 R/XYZ null ${top} null]` });
      }
      if (bookmark === null) return;
      open = open.filter(({ level }) => level < bookmark.level);
      const parent = open.at(-1) ?? root;
      // PDFKit counts `left` from the page's right edge.
      const item = parent.item.addItem(bookmark.title, { top: y, left: pdf.page.width, expanded: bookmark.level < 2 });
      open.push({ level: bookmark.level, item });
    },
    goTo: (anchor) => ({ S: 'GoTo', D: new RawPdf(hex(keyOf(anchor))) }),
    finish: () => {
      // Readers search names by their bytes (§7.9.6); PDFKit sorts its own by the rules of a language.
      const sorted = [...places.values()].sort((a, b) => Buffer.compare(a.key, b.key));
      if (sorted.length > 0) setDestinations(pdf, sorted.map(({ key, place }) => `${hex(key)}${place}`).join('\n'));
    },
  };
}

const keyOf = (anchor: string): Buffer => Buffer.from(anchor.toWellFormed(), 'utf8');

const hex = (key: Buffer): string => `<${key.toString('hex')}>`;
