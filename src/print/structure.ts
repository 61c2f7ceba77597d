import { isPiece, type Mark, type PagePart, type Piece } from '../scene/scene.ts';
import { drawMarks, type MarkContext } from './marks.ts';
import type { Pdf } from './page-resources.ts';

/** A structure element of PDFKit, as far as it is used here. */
export interface Element {
  add(child: Element | (() => void)): Element;
  end(): void;
}

/** Writes parts of pages into the document's structure tree and onto its current page. */
export interface StructureWriter {
  part(part: PagePart): void;
  end(): void;
}

interface OpenSection {
  readonly element: Element;
  /** Elements that may go on over lines and pages, by id. */
  readonly open: Map<string, Element>;
  partsLeft: number;
}

/**
 * Sections stay open until their last part is written: `parts` tells how many each has. Ended elements leave memory at
 * once, so a long document holds what is open and no more.
 */
export function createStructureWriter(context: MarkContext, parts: ReadonlyMap<string, number>): StructureWriter {
  const { pdf } = context;
  const root = newElement(pdf, 'Document', {});
  (pdf as unknown as { addStructure(element: Element): void }).addStructure(root);
  const sections = new Map<string, OpenSection>();
  const sectionOf = (id: string): OpenSection => {
    const known = sections.get(id);
    if (known !== undefined) return known;
    const section = { element: newElement(pdf, 'Sect', {}), open: new Map(), partsLeft: parts.get(id) ?? 1 };
    root.add(section.element);
    sections.set(id, section);
    return section;
  };
  return {
    part: ({ section: id, pieces }) => {
      const section = sectionOf(id);
      for (const piece of pieces) writePiece(context, section, section.element, piece);
      section.partsLeft -= 1;
      if (section.partsLeft > 0) return;
      section.element.end();
      sections.delete(id);
    },
    end: () => {
      root.end();
    },
  };
}

function newElement(pdf: Pdf, tag: string, options: Record<string, unknown>): Element {
  return (pdf as unknown as { struct(tag: string, options: object): Element }).struct(tag, options);
}

function elementOf(pdf: Pdf, section: OpenSection, parent: Element, piece: Piece): Element {
  const known = piece.id === undefined ? undefined : section.open.get(piece.id);
  if (known !== undefined) return known;
  const { alt, scope, box } = piece;
  const bbox = box && [box.x, box.y, box.x + box.width, box.y + box.height];
  const element = newElement(pdf, piece.tag, {
    ...(alt === undefined ? {} : { alt }),
    ...(scope === undefined ? {} : { scope }),
    ...(bbox === undefined ? {} : { bbox, placement: 'Block' }),
  });
  parent.add(element);
  if (piece.id !== undefined) section.open.set(piece.id, element);
  return element;
}

function writePiece(context: MarkContext, section: OpenSection, parent: Element, piece: Piece): void {
  if (piece.tag === 'Artifact') {
    writeArtifact(context, 'Layout', marksOf(piece));
    return;
  }
  const element = elementOf(context.pdf, section, parent, piece);
  let marks: Mark[] = [];
  const flush = (): void => {
    const own = marks;
    marks = [];
    if (own.length > 0) element.add(() => drawMarks(context, own));
  };
  for (const item of piece.content) {
    if (isPiece(item)) {
      flush();
      writePiece(context, section, element, item);
    } else marks.push(item);
  }
  flush();
  if (piece.tag === 'Link') annotateLink(context.pdf, element, marksOf(piece));
  if (piece.id === undefined) element.end();
}

function* marksWithin(piece: Piece): Iterable<Mark> {
  for (const item of piece.content) {
    if (isPiece(item)) yield* marksWithin(item);
    else yield item;
  }
}

const marksOf = (piece: Piece): Mark[] => [...marksWithin(piece)];

/** Marks that a screen reader passes by. */
export function writeArtifact(context: MarkContext, type: 'Layout' | 'Pagination', marks: readonly Mark[]): void {
  if (marks.length === 0) return;
  const { pdf } = context;
  pdf.markContent('Artifact', { type });
  drawMarks(context, marks);
  pdf.endMarkedContent();
}

function annotateLink(pdf: Pdf, element: Element, marks: readonly Mark[]): void {
  for (const mark of marks) {
    if (mark.kind !== 'text') continue;
    const [first] = mark.line.runs;
    if (first?.look.link === undefined) continue;
    const { size } = first.look;
    const contents = new String(mark.line.runs.map(({ text }) => text).join(''));
    const options = { structParent: element, Contents: contents } as never;
    pdf.link(mark.x + first.x, mark.y - size, mark.line.width, size * 1.3, first.look.link, options);
  }
}
