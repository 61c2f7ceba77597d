import type { Theme } from '../charts/theme.ts';
import type { Picture } from '../definition/definition.ts';
import type { Rows } from '../rows/rows.ts';
import type { ChartScene } from './chart-view.ts';
import type { FontRegistry } from './fonts.ts';
import type { Line } from './text.ts';
import type { WebReport } from './web-report.ts';

/**
 * What will be printed, measured and placed; every output is written from it. Lengths are points, the origin is the
 * page's top left corner, y grows downwards.
 */
export interface Scene {
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  readonly paper: { readonly width: number; readonly height: number };
  readonly theme: Theme;
  readonly pages: readonly ScenePage[];
  /** All pictures that marks may draw: whoever prints takes them in before the first page. */
  readonly pictures: readonly Picture[];
  readonly fonts: FontRegistry;
  /** Tables that are not printed whole, in the order of the page. */
  readonly treatments: readonly Treatment[];
  /** The same report as a document without pages, for outputs that have none. */
  readonly web: () => WebReport;
}

/** What a table's size cost it. */
export interface Treatment {
  readonly widgetId: string;
  /** Cells whose text was cut because it would have filled pages. */
  readonly cellsCut: number;
  /** Of a table whose cells are no elements of the structure: its rows, for readers without eyes. Null = it has tags. */
  readonly attached: AttachedRows | null;
}

/** Rows that go with a document as a CSV file. */
export interface AttachedRows {
  /** Unique in the document. */
  readonly fileName: string;
  readonly description: string;
  readonly rows: Rows;
  /** IANA name: instants are written in it. */
  readonly timeZone: string;
}

export interface ScenePage {
  /** What margins, header and footer leave to the content. */
  readonly area: Box;
  /** Bands, rules, card edges: what a screen reader passes by. Drawn first. */
  readonly artifacts: readonly ArtifactGroup[];
  /** In reading order. */
  readonly parts: readonly PagePart[];
}

export interface ArtifactGroup {
  /** `Pagination` for header and footer, `Layout` for decoration. */
  readonly type: 'Pagination' | 'Layout';
  readonly marks: readonly Mark[];
}

/** The part of a section that stands on one page. A section is one element of the structure, over all its pages. */
export interface PagePart {
  readonly section: string;
  /** A card's own place, its frame included. */
  readonly box?: Box;
  /** Set where the section begins. */
  readonly destination?: Destination;
  readonly pieces: Iterable<Piece>;
}

/**
 * A place that links, the outline and the contents lead to: the top of the part or piece that carries it. A look's `link` is
 * either `#name` of such a place or an http(s) or mailto address; layout lets no other one through (`Anchors.link`).
 */
export interface Destination {
  /** Links to `#name` lead here; where two places have one name, the first is meant. Null = only a bookmark. */
  readonly anchor: string | null;
  /** Its entry in the outline, below the last one of a lower level; levels begin at 1. Null = none. */
  readonly bookmark: { readonly title: string; readonly level: number } | null;
  readonly y: number;
}

/** Structure types of ISO 32000-1 §14.8.4; `Artifact` is decoration amid the content. */
export type Tag =
  | 'Document'
  | 'Sect'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'H4'
  | 'H5'
  | 'H6'
  | 'P'
  | 'Span'
  | 'Link'
  | 'Code'
  | 'BlockQuote'
  | 'Caption'
  | 'Note'
  | 'L'
  | 'TOC'
  | 'TOCI'
  | 'Reference'
  | 'LI'
  | 'Lbl'
  | 'LBody'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'Figure'
  | 'Artifact';

/**
 * An element of the structure with what it draws, in reading order. Long content (a table of 100 000 rows) is an
 * iterable that lays its rows out while they are printed.
 */
export interface Piece {
  readonly tag: Tag;
  readonly content: Iterable<Mark | Piece>;
  readonly alt?: string;
  readonly scope?: 'Column' | 'Row';
  /** Rows and columns of a table that the cell covers; absent = one. Covered places have no cells of their own. */
  readonly rowSpan?: number;
  readonly colSpan?: number;
  /** What a figure covers, for readers that show it. */
  readonly box?: Box;
  /** Pieces of one id are one element, though they stand on several pages. */
  readonly id?: string;
  readonly destination?: Destination;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Mark = TextMark | RectMark | RuleMark | PictureMark | DrawingMark;

/** One line of text with its baseline at (x, y). */
export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly line: Line;
}

export interface RectMark extends Box {
  readonly kind: 'rect';
  readonly fill: string | null;
  readonly stroke: { readonly color: string; readonly width: number } | null;
  readonly radius: number;
}

export interface RuleMark {
  readonly kind: 'rule';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly color: string;
  readonly width: number;
  /** Lengths of dashes and gaps, with round ends: a dash of 0 is a dot. Left out = solid, with flat ends. */
  readonly dash?: readonly [number, number];
}

/** A picture, drawn at `target` and cut to the box. */
export interface PictureMark extends Box {
  readonly kind: 'picture';
  readonly picture: Picture;
  readonly target: Box;
}

/** A chart, drawn with its top left corner at that of the box. */
export interface DrawingMark extends Box {
  readonly kind: 'drawing';
  readonly drawing: ChartScene;
}

export function isPiece(item: Mark | Piece): item is Piece {
  return 'tag' in item;
}
