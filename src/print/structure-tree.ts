import type { Box, Tag } from '../scene/scene.ts';
import { type Pdf, writeOperators } from './page-resources.ts';
import {
  createObjectWriter,
  currentPageId,
  lastAnnotationId,
  reserveObject,
  setStructParents,
  setStructRoot,
  structRootId,
  textString,
} from './pdf-objects.ts';

export interface ElementFacts {
  readonly tag: Tag;
  readonly alt?: string;
  readonly scope?: 'Column' | 'Row';
  readonly rowSpan?: number;
  readonly colSpan?: number;
  readonly box?: Box;
}

/** An open element of the structure tree. */
export interface Element {
  readonly id: number;
  readonly facts: ElementFacts;
  readonly parent: number;
  /** Elements by their object number (above zero), content by its number on `page` (−1 − number), all else as written. */
  readonly kids: (number | string)[];
  page: number | null;
  readonly pageHeight: number;
}

/**
 * The structure tree (ISO 32000-1 §14.7), written as it grows: an element goes into the file when it ends and nothing
 * of it stays but its number in its parent. PDFKit's own keeps every element, table cells too: 100 000 rows of seven
 * columns took 2.2 GB with it.
 */
export interface StructureTree {
  readonly root: Element;
  open(parent: Element, facts: ElementFacts): Element;
  end(element: Element): void;
  /** Draw content of an element onto the current page. */
  content(element: Element, draw: () => void): void;
  /** The operator that begins content of an element on the current page; `EMC` ends it. */
  begin(element: Element): string;
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void;
  /** Make the annotation that `annotate` adds to the page a kid of the element; `key` is its `StructParent`. */
  annotation(element: Element, annotate: (key: number) => void): void;
  /** Ends the root and ties the tree to the document; nothing may follow. */
  finish(): void;
}

export function createStructureTree(pdf: Pdf): StructureTree {
  const objects = createObjectWriter(pdf);
  /** Entries of the parent tree: key, then the object of the element, or of the elements by content number. */
  const entries: (readonly [number, number])[] = [];
  let nextKey = 0;
  let page: { id: number; key: number; parents: number[] } | null = null;
  const closePage = (): void => {
    if (page !== null) {
      const list = reserveObject(pdf);
      objects.write(list, `[${page.parents.join(' 0 R ')} 0 R]`);
      entries.push([page.key, list]);
    }
    page = null;
  };
  const currentPage = (): { id: number; key: number; parents: number[] } => {
    const id = currentPageId(pdf);
    if (page?.id === id) return page;
    closePage();
    page = { id, key: nextKey, parents: [] };
    nextKey += 1;
    setStructParents(pdf, page.key);
    return page;
  };
  const newElement = (parent: number, facts: ElementFacts): Element => {
    return { id: reserveObject(pdf), facts, parent, kids: [], page: null, pageHeight: pdf.page?.height ?? 0 };
  };
  const root = newElement(structRootId(pdf), { tag: 'Document' });
  const end = (element: Element): void => objects.write(element.id, dictionaryOf(element));
  const begin = (element: Element): string => {
    const { id, parents } = currentPage();
    const number = parents.push(element.id) - 1;
    element.page ??= id;
    element.kids.push(element.page === id ? -1 - number : `<</Type/MCR/Pg ${id} 0 R/MCID ${number}>>`);
    return `/${element.facts.tag}<</MCID ${number}>>BDC`;
  };
  return {
    root,
    open: (parent, facts) => {
      const element = newElement(parent.id, facts);
      parent.kids.push(element.id);
      return element;
    },
    end,
    begin,
    content: (element, draw) => {
      writeOperators(pdf, begin(element));
      draw();
      writeOperators(pdf, 'EMC');
    },
    artifact: (type, draw) => {
      writeOperators(pdf, `/Artifact <</Type /${type}>> BDC`);
      draw();
      writeOperators(pdf, 'EMC');
    },
    annotation: (element, annotate) => {
      const { id } = currentPage();
      const key = nextKey;
      nextKey += 1;
      annotate(key);
      element.kids.push(`<</Type/OBJR/Pg ${id} 0 R/Obj ${lastAnnotationId(pdf)} 0 R>>`);
      entries.push([key, element.id]);
    },
    finish: () => {
      closePage();
      end(root);
      const parentTree = reserveObject(pdf);
      const sorted = entries.sort(([a], [b]) => a - b).map(([key, id]) => `${key} ${id} 0 R`);
      objects.write(parentTree, `<</Nums [${sorted.join(' ')}]>>`);
      objects.flush();
      setStructRoot(pdf, { child: root.id, parentTree, nextKey });
    },
  };
}

const decimal = (value: number): string => String(Math.round(value * 100) / 100);

/** Nearly all elements of a long table are cells with one text. */
function dictionaryOf(element: Element): string {
  const { facts, parent, kids, page } = element;
  const [only] = kids;
  const isText = kids.length === 1 && typeof only === 'number' && only < 0;
  if (facts.tag === 'TD' && page !== null && isText && isBare(facts)) {
    return `<</S/TD/P ${parent} 0 R/Pg ${page} 0 R/K ${-1 - only}>>`;
  }
  return fullDictionary(element);
}

const isBare = ({ alt, scope, rowSpan, colSpan, box }: ElementFacts): boolean =>
  alt === undefined && scope === undefined && rowSpan === undefined && colSpan === undefined && box === undefined;

function fullDictionary({ facts, parent, kids, page, pageHeight }: Element): string {
  const { tag, alt, scope, rowSpan, colSpan, box } = facts;
  const cell = [
    scope === undefined ? '' : `/Scope/${scope}`,
    rowSpan === undefined ? '' : `/RowSpan ${rowSpan}`,
    colSpan === undefined ? '' : `/ColSpan ${colSpan}`,
  ].join('');
  const attributes = [
    ...(cell === '' ? [] : [`<</O/Table${cell}>>`]),
    ...(box === undefined ? [] : [`<</O/Layout/Placement/Block/BBox [${boxOf(box, pageHeight)}]>>`]),
  ];
  return [
    `<</S/${tag}/P ${parent} 0 R`,
    page === null ? '' : `/Pg ${page} 0 R`,
    alt === undefined ? '' : `/Alt ${textString(alt)}`,
    attributes.length === 0 ? '' : `/A ${attributes.length === 1 ? attributes[0] : `[${attributes.join(' ')}]`}`,
    kids.length === 0 ? '' : `/K ${kidsOf(kids)}`,
    '>>',
  ].join('');
}

function kidsOf(kids: Element['kids']): string {
  const written = kids.map((kid) => (typeof kid === 'string' ? kid : kid < 0 ? `${-1 - kid}` : `${kid} 0 R`));
  return written.length === 1 && typeof kids[0] === 'number' ? (written[0] ?? '') : `[${written.join(' ')}]`;
}

const boxOf = ({ x, y, width, height }: Box, pageHeight: number): string =>
  [x, pageHeight - y - height, x + width, pageHeight - y].map(decimal).join(' ');
