import type { Found } from './layout-checks.ts';
import type { SeenPage, SeenText } from './seen-marks.ts';

const isHeading = ({ path }: SeenText): boolean => path.some(({ tag }) => /^H\d$/.test(tag));
const isDecoration = ({ path, part }: SeenText): boolean => part === null || path.some(({ tag }) => tag === 'Artifact');

/** Headings below which nothing of the content stands in their columns. */
export function strandedHeadings(pages: readonly SeenPage[]): Found {
  return pages.flatMap(({ page, texts, figures }) => {
    const content = [...texts.filter((text) => !isDecoration(text) && !isHeading(text)), ...figures];
    return texts
      .filter((text) => isHeading(text) && !isDecoration(text))
      .filter(({ box }) => {
        const below = content.filter(
          (other) => other.part !== null && other.box.y + other.box.height > box.y + box.height,
        );
        return !below.some(
          (other) => other.box.x < box.x + Math.max(box.width, 200) && other.box.x + other.box.width > box.x,
        );
      })
      .map(({ text }) => ({ page, what: `"${text}"` }));
  });
}

/** Paragraphs parted so that a page has a single line of them. */
export function brokenParagraphs(pages: readonly SeenPage[]): Found {
  const lines = new Map<string, Map<number, Set<number>>>();
  for (const { page, texts } of pages) {
    for (const text of texts) {
      const own = text.path.findLast(({ tag }) => tag === 'P');
      if (own?.id === null || own === undefined || isDecoration(text)) continue;
      const byPage = lines.get(own.id) ?? new Map<number, Set<number>>();
      const baselines = byPage.get(page) ?? new Set<number>();
      lines.set(own.id, byPage.set(page, baselines.add(Math.round(text.baseline))));
    }
  }
  return [...lines].flatMap(([id, byPage]) =>
    byPage.size < 2
      ? []
      : [...byPage]
          .filter(([, baselines]) => baselines.size < 2)
          .map(([page]) => ({ page, what: `one line of paragraph ${id}` })),
  );
}

/** Tables that have their header on one page and their first row on another. */
export function headersAlone(pages: readonly SeenPage[]): Found {
  const cellsOf = (page: SeenPage, tag: 'TH' | 'TD'): Set<string> => {
    const own = page.texts.filter(({ path }) => path.some((element) => element.tag === tag));
    return new Set(own.flatMap(({ path }) => path.find((element) => element.tag === 'Table')?.id ?? []));
  };
  return pages.flatMap((page, index) => {
    const rows = cellsOf(page, 'TD');
    const later = new Set(pages.slice(index + 1).flatMap((other) => [...cellsOf(other, 'TD')]));
    const alone = [...cellsOf(page, 'TH')].filter((id) => !rows.has(id) && later.has(id));
    return alone.map((id) => ({ page: page.page, what: `the header of table ${id}` }));
  });
}

/** Entries of the contents whose number is not that of the page their link leads to. */
export function wrongContents(pages: readonly SeenPage[]): Found {
  const pageOf = new Map<string, number>();
  for (const { page, anchors } of pages)
    for (const anchor of anchors) if (!pageOf.has(anchor)) pageOf.set(anchor, page);
  return pages.flatMap(({ page, texts }) =>
    texts
      .filter(({ path, link, text }) => path[0]?.tag === 'TOC' && link !== null && /^[\d\s.,\u00a0]+$/.test(text))
      .filter(({ text, link }) => Number(text.replaceAll(/\D/g, '')) !== pageOf.get(link?.slice(1) ?? ''))
      .filter(({ box, baseline }) => !texts.some((other) => other.baseline === baseline && other.box.x > box.x))
      .map(({ text, link }) => ({
        page,
        what: `${link} is said to be on page ${text}, it is on ${pageOf.get(link?.slice(1) ?? '')}`,
      })),
  );
}
