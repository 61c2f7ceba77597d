import {
  type Box,
  isPiece,
  type Mark,
  type Piece,
  type Scene,
  type ScenePage,
  type Tag,
} from '../../src/scene/scene.ts';

/** A line of text as it stands on its page, with what it is in the structure. */
export interface SeenText {
  /** From the tops of its capitals to below its descenders. */
  readonly box: Box;
  readonly baseline: number;
  readonly size: number;
  readonly color: string;
  /** Colour of what it stands on. */
  readonly ground: string;
  readonly text: string;
  readonly link: string | null;
  /** Elements around it, outermost first, with their ids. */
  readonly path: readonly { readonly tag: Tag; readonly id: string | null }[];
  /** Number of its part on the page; null = header, footer, decoration of the page. */
  readonly part: number | null;
  readonly isPagination: boolean;
}

/** A chart or a picture. */
export interface SeenFigure {
  readonly box: Box;
  readonly part: number | null;
  readonly isPagination: boolean;
}

export interface SeenPage {
  /** Counted from 1, as people do. */
  readonly page: number;
  readonly area: Box;
  readonly texts: readonly SeenText[];
  readonly figures: readonly SeenFigure[];
  /** Rules and filled surfaces. */
  readonly shapes: readonly SeenFigure[];
  /** Cards by the number of their part. */
  readonly cards: readonly { readonly part: number; readonly box: Box }[];
  readonly anchors: readonly string[];
}

interface Pen {
  readonly texts: SeenText[];
  readonly figures: SeenFigure[];
  readonly shapes: SeenFigure[];
  readonly anchors: string[];
  readonly grounds: { readonly box: Box; readonly color: string }[];
}

/** Everything on the pages of a scene. The scene is used up: its pieces are laid out while they are looked at. */
export function seePages(scene: Scene): SeenPage[] {
  return scene.pages.map((page, index) => seePage(page, index + 1, scene.theme.surface.page));
}

function seePage({ area, artifacts, parts }: ScenePage, page: number, paper: string): SeenPage {
  const pen: Pen = { texts: [], figures: [], shapes: [], anchors: [], grounds: [] };
  for (const { type, marks } of artifacts) {
    const isPagination = type === 'Pagination';
    for (const mark of marks) seeMark(mark, { path: [], part: null, isPagination }, pen, paper);
  }
  for (const [part, { pieces, destination }] of parts.entries()) {
    if (destination?.anchor) pen.anchors.push(destination.anchor);
    for (const piece of pieces) seePiece(piece, [], part, pen, paper);
  }
  const cards = parts.flatMap(({ box }, part) => (box === undefined ? [] : [{ part, box }]));
  const { texts, figures, shapes, anchors } = pen;
  return { page, area, texts, figures, shapes, anchors, cards };
}

function seePiece(piece: Piece, above: SeenText['path'], part: number, pen: Pen, paper: string): void {
  const path = [...above, { tag: piece.tag, id: piece.id ?? null }];
  if (piece.destination?.anchor) pen.anchors.push(piece.destination.anchor);
  for (const item of piece.content) {
    if (isPiece(item)) seePiece(item, path, part, pen, paper);
    else seeMark(item, { path, part, isPagination: false }, pen, paper);
  }
}

type Where = Pick<SeenText, 'path' | 'part' | 'isPagination'>;

function seeMark(mark: Mark, where: Where, pen: Pen, paper: string): void {
  const { part, isPagination } = where;
  if (mark.kind === 'text') {
    const seen = seenText(mark, where, pen, paper);
    if (seen !== null) pen.texts.push(seen);
  } else if (mark.kind === 'picture' || mark.kind === 'drawing') {
    pen.figures.push({ box: boxOf(mark), part, isPagination });
  } else if (mark.kind === 'rect') {
    if (mark.fill !== null) pen.grounds.push({ box: boxOf(mark), color: mark.fill });
    pen.shapes.push({ box: boxOf(mark), part, isPagination });
  } else {
    const box = {
      x: Math.min(mark.x1, mark.x2),
      y: Math.min(mark.y1, mark.y2),
      width: Math.abs(mark.x2 - mark.x1),
      height: Math.abs(mark.y2 - mark.y1),
    };
    pen.shapes.push({ box, part, isPagination });
  }
}

const boxOf = ({ x, y, width, height }: Box): Box => ({ x, y, width, height });

const CAPITALS = 0.74;
const DESCENDERS = 0.22;

function seenText(mark: Mark & { kind: 'text' }, where: Where, pen: Pen, paper: string): SeenText | null {
  const { runs } = mark.line;
  const text = runs.map((run) => run.text).join('');
  const [first] = runs;
  if (first === undefined || text.trim() === '') return null;
  const size = Math.max(...runs.map(({ look }) => look.size));
  const left = mark.x + Math.min(...runs.map(({ x }) => x));
  const box = { x: left, y: mark.y - size * CAPITALS, width: mark.line.width, height: size * (CAPITALS + DESCENDERS) };
  const [x, y] = [box.x + box.width / 2, mark.y - size * 0.3];
  const ground = pen.grounds.findLast(({ box: on }) => {
    return x >= on.x && x <= on.x + on.width && y >= on.y && y <= on.y + on.height;
  });
  const { color, link = null } = first.look;
  return { box, baseline: mark.y, size, color, ground: ground?.color ?? paper, text, link, ...where };
}
