import type { Footer, Header, ReportDefinition } from '../definition/definition.ts';
import { type Band, layOutBand } from './band.ts';
import type { ArtifactGroup, Box } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';

/** Paper sizes in points, portrait. */
const PAPERS = { A4: [595.28, 841.89], Letter: [612, 792] } as const;
/** From the paper's edge to header and footer, and from those to the content. */
const EDGE = 26;
const BAND_GAP = 12;
/** Stands for a page number before it is known. */
const WIDE_NUMBER = 8888;

/** A paper with its margins, header and footer; what is left is the content area, which may differ by page. */
export interface PageFrame {
  readonly paper: { readonly width: number; readonly height: number };
  content(page: number): Box;
  /** Header and footer of a page, counted from 0, once the number of pages is known. */
  bands(page: number, pages: number): ArtifactGroup[];
}

/** @param covers sheets before all others, which have neither header nor footer. */
export function pageFrame(definition: ReportDefinition, at: Date, style: SheetStyle, covers: number): PageFrame {
  const [short, long] = PAPERS[definition.style.paper];
  const landscape = definition.style.orientation === 'landscape';
  const paper = landscape ? { width: long, height: short } : { width: short, height: long };
  const margin = style.theme.space.pageMargin;
  const width = paper.width - 2 * margin;
  const header = headerBand(definition.header, width, style);
  const footer = footerBand(definition.footer, width, at, style);
  const hasHeader = (page: number): boolean =>
    header !== null && page >= covers && (page === covers || definition.header.showOnAllPages);
  const hasFooter = (page: number): boolean =>
    footer !== null && page >= covers && (page > covers || definition.footer.showOnFirstPage);
  // The page number is known only when it is drawn: the height is that with a long one.
  const footerHeight = footer === null ? 0 : footer(style.strings.page(WIDE_NUMBER, WIDE_NUMBER)).height;
  return {
    paper,
    content: (page) => {
      const top = hasHeader(page) ? EDGE + (header?.height ?? 0) + BAND_GAP : margin;
      const bottom = hasFooter(page) ? EDGE + footerHeight + BAND_GAP : margin;
      return { x: margin, y: top, width, height: paper.height - top - bottom };
    },
    bands: (page, pages) => {
      const marks = [];
      if (hasHeader(page) && header !== null) marks.push(...header.marks(margin, EDGE));
      if (hasFooter(page) && footer !== null) {
        const band = footer(style.strings.page(page + 1, pages));
        marks.push(...band.marks(margin, paper.height - EDGE - footerHeight));
      }
      return marks.length === 0 ? [] : [{ type: 'Pagination', marks }];
    },
  };
}

function headerBand(header: Header, width: number, style: SheetStyle): Band | null {
  if (!header.show) return null;
  const items = [{ align: header.textAlign, text: header.text }];
  return layOutBand({ band: header, items, width, rule: 'below' }, style);
}

function footerBand(footer: Footer, width: number, at: Date, style: SheetStyle): ((page: string) => Band) | null {
  if (!footer.show) return null;
  const date = style.strings.instant(at);
  return (page) =>
    layOutBand(
      {
        band: footer,
        width,
        rule: 'above',
        items: [
          { align: footer.textAlign, text: footer.text },
          { align: footer.dateAlign, text: footer.showDate ? date : '' },
          { align: footer.pageNumberAlign, text: footer.showPageNumber ? page : '' },
        ],
      },
      style,
    );
}
