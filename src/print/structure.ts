import { isPiece, type Mark, type PagePart, type Piece, type TextMark } from '../scene/scene.ts';
import { createDestinations, type Destinations } from './destinations.ts';
import { drawMarks, fillOf, type MarkContext } from './marks.ts';
import { writeOperators } from './page-resources.ts';
import { createPlainTextWriter } from './plain-text.ts';
import { createStructureTree, type Element, type StructureTree } from './structure-tree.ts';

/** Writes parts of pages into the document's structure tree and onto its current page. */
export interface StructureWriter {
  part(part: PagePart): void;
  /** Marks that a screen reader passes by. */
  artifact(type: 'Layout' | 'Pagination', marks: readonly Mark[]): void;
  end(): void;
}

interface OpenSection {
  readonly element: Element;
  /** Elements that may go on over lines and pages, by id. */
  readonly open: Map<string, Element>;
  partsLeft: number;
}

interface Writing {
  readonly context: MarkContext;
  readonly tree: StructureTree;
  readonly section: OpenSection;
  readonly destinations: Destinations;
}

/** Sections stay open until their last part is written: `parts` tells how many each has. */
export function createStructureWriter(context: MarkContext, parts: ReadonlyMap<string, number>): StructureWriter {
  const tree = createStructureTree(context.pdf);
  const destinations = createDestinations(context.pdf);
  const sections = new Map<string, OpenSection>();
  const sectionOf = (id: string): OpenSection => {
    const known = sections.get(id);
    if (known !== undefined) return known;
    const section = { element: tree.open(tree.root, { tag: 'Sect' }), open: new Map(), partsLeft: parts.get(id) ?? 1 };
    sections.set(id, section);
    return section;
  };
  return {
    part: ({ section: id, destination, pieces }) => {
      const section = sectionOf(id);
      if (destination !== undefined) destinations.add(destination);
      for (const piece of pieces) writePiece({ context, tree, section, destinations }, section.element, piece);
      section.partsLeft -= 1;
      if (section.partsLeft > 0) return;
      for (const element of section.open.values()) tree.end(element);
      tree.end(section.element);
      sections.delete(id);
    },
    artifact: (type, marks) => {
      if (marks.length > 0) tree.artifact(type, () => drawMarks(context, marks));
    },
    end: () => {
      destinations.finish();
      tree.finish();
    },
  };
}

function elementOf({ tree, section }: Writing, parent: Element, piece: Piece): Element {
  const known = piece.id === undefined ? undefined : section.open.get(piece.id);
  if (known !== undefined) return known;
  const element = tree.open(parent, piece);
  if (piece.id !== undefined) section.open.set(piece.id, element);
  return element;
}

function writePiece(writing: Writing, parent: Element, piece: Piece): void {
  const { context, tree, destinations } = writing;
  if (piece.destination !== undefined) destinations.add(piece.destination);
  if (piece.tag === 'Artifact') {
    const isEmpty = Array.isArray(piece.content) && piece.content.length === 0;
    if (!isEmpty) tree.artifact('Layout', () => drawMarks(context, marksWithin(piece)));
    return;
  }
  const element = elementOf(writing, parent, piece);
  if (piece.tag === 'TR') writeRow(writing, element, piece);
  else writeContent(writing, element, piece);
  if (piece.tag === 'Link') annotateLink(writing, element, marksOf(piece));
  if (piece.id === undefined) tree.end(element);
}

/** Plain cells of a row are one text object: what a cell of a long table is beside its text counts. */
function writeRow(writing: Writing, row: Element, piece: Piece): void {
  const { context, tree } = writing;
  const plain = createPlainTextWriter(context.pdf, fillOf);
  const flush = (): void => {
    const operators = plain.take();
    if (operators !== '') writeOperators(context.pdf, operators.trimEnd());
  };
  for (const cell of piece.content) {
    const text = isPiece(cell) ? soleText(cell) : null;
    if (text !== null && isPiece(cell)) {
      const element = tree.open(row, cell);
      if (text !== 'none' && !plain.addContent(text, () => tree.begin(element))) {
        flush();
        tree.content(element, () => drawMarks(context, [text]));
      }
      tree.end(element);
    } else {
      flush();
      if (isPiece(cell)) writePiece(writing, row, cell);
      else tree.content(row, () => drawMarks(context, [cell]));
    }
  }
  flush();
}

/** The one text of a cell that is done with its row; `none` for an empty cell, null for any other. */
function soleText({ id, content, destination }: Piece): TextMark | 'none' | null {
  if (id !== undefined || destination !== undefined || !Array.isArray(content)) return null;
  const [first] = content as (Mark | Piece)[];
  if (first === undefined) return 'none';
  return content.length === 1 && !isPiece(first) && first.kind === 'text' ? first : null;
}

function writeContent(writing: Writing, element: Element, piece: Piece): void {
  const { context, tree } = writing;
  let marks: Mark[] = [];
  const flush = (): void => {
    const own = marks;
    marks = [];
    if (own.length > 0) tree.content(element, () => drawMarks(context, own));
  };
  for (const item of piece.content) {
    if (isPiece(item)) {
      flush();
      writePiece(writing, element, item);
    } else marks.push(item);
  }
  flush();
}

function* marksWithin(piece: Piece): Iterable<Mark> {
  for (const item of piece.content) {
    if (isPiece(item)) yield* marksWithin(item);
    else yield item;
  }
}

const marksOf = (piece: Piece): Mark[] => [...marksWithin(piece)];

function annotateLink({ context, tree, destinations }: Writing, element: Element, marks: readonly Mark[]): void {
  const { pdf } = context;
  for (const mark of marks) {
    if (mark.kind !== 'text') continue;
    const [first] = mark.line.runs;
    const link = first?.look.link;
    if (first === undefined || link === undefined) continue;
    const { size } = first.look;
    const words = mark.line.runs.map(({ text }) => text).join('');
    const left = Math.min(...mark.line.runs.map(({ x }) => x));
    const box = [mark.x + left, mark.y - size, mark.line.width, size * 1.3] as const;
    tree.annotation(element, (StructParent) => {
      const entries = { Contents: new String(words), StructParent };
      if (!link.startsWith('#')) pdf.link(...box, link, entries as never);
      else pdf.annotate(...box, { ...entries, Subtype: 'Link', A: destinations.goTo(link.slice(1)) } as never);
    });
  }
}
