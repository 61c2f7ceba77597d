import type { FontRegistry } from '../scene/fonts.ts';
import type { Mark, PictureMark, RectMark, RuleMark, TextMark } from '../scene/scene.ts';
import { parseColor } from './color.ts';
import { drawChart } from './draw-chart.ts';
import { type Pdf, writeOperators } from './page-resources.ts';
import { coordinate as c, factor, IDENTITY } from './path-writer.ts';
import type { EmbeddedImage } from './pictures.ts';
import { createPlainTextWriter } from './plain-text.ts';
import { textOperators } from './text-operators.ts';

type Picture = PictureMark['picture'];

/** What marks are drawn with. */
export interface MarkContext {
  readonly pdf: Pdf;
  readonly fonts: FontRegistry;
  readonly images: ReadonlyMap<Picture, EmbeddedImage>;
}

/** A circle's quarter as a Bézier curve: distance of the handles from its ends, in radii. */
const KAPPA = 0.5523;
/** Distances from the baseline, in em. */
const STRIKE_HEIGHT = 0.3;
const UNDERLINE_DEPTH = 0.15;
const THIN = 0.5;

/** Draw marks onto the current page; its graphics state stays as it was. */
export function drawMarks(context: MarkContext, marks: Iterable<Mark>): void {
  let operators = '';
  const flush = (): void => {
    if (operators !== '') writeOperators(context.pdf, operators.trimEnd());
    operators = '';
  };
  const plain = createPlainTextWriter(context.pdf, fillOf);
  for (const mark of marks) {
    if (mark.kind === 'text' && plain.add(mark)) continue;
    operators += plain.take();
    if (mark.kind === 'text') operators += textMark(context.pdf, mark);
    else if (mark.kind === 'rect') operators += rectMark(mark);
    else if (mark.kind === 'rule') operators += ruleMark(mark);
    else {
      flush();
      if (mark.kind === 'picture') drawPicture(context, mark);
      else drawChart(context.pdf, mark.drawing, mark.x, mark.y, context.fonts);
    }
  }
  operators += plain.take();
  flush();
}

export const fillOf = (color: string): string => paint(color, 'rg');

const MOST_PAINTS = 1024;
const paints = { rg: new Map<string, string>(), RG: new Map<string, string>() } as const;

function paint(color: string, operator: 'rg' | 'RG'): string {
  const known = paints[operator];
  let operators = known.get(color);
  if (operators === undefined) {
    const [red, green, blue] = parseColor(color);
    operators = `${factor(red)} ${factor(green)} ${factor(blue)} ${operator} `;
    if (known.size >= MOST_PAINTS) known.clear();
    known.set(color, operators);
  }
  return operators;
}

function textMark(pdf: Pdf, { line, x, y }: TextMark): string {
  let operators = '';
  for (const run of line.runs) if (run.text.trim() !== '') operators += textRun(pdf, run, x + run.x, y);
  return operators;
}

function textRun(pdf: Pdf, run: TextMark['line']['runs'][number], left: number, y: number): string {
  const { look } = run;
  let operators = `q ${paint(look.color, 'rg')}${textOperators(pdf, [run], look.size, IDENTITY, left, y)}`;
  if (look.strike === true || look.link !== undefined) {
    const width = run.face.widthInEm(run.text.trimEnd()) * look.size;
    if (look.strike === true) operators += stroke(left, y - look.size * STRIKE_HEIGHT, width, look.color);
    if (look.link !== undefined && look.quiet !== true)
      operators += stroke(left, y + look.size * UNDERLINE_DEPTH, width, look.color);
  }
  return `${operators}Q\n`;
}

const stroke = (x: number, y: number, width: number, color: string): string =>
  `${paint(color, 'RG')}${THIN} w ${c(x)} ${c(y)} m ${c(x + width)} ${c(y)} l S `;

function ruleMark({ x1, y1, x2, y2, color, width, dash }: RuleMark): string {
  const dashes = dash === undefined ? '' : `[${dash.map(c).join(' ')}] 0 d 1 J `;
  return `q ${paint(color, 'RG')}${dashes}${c(width)} w ${c(x1)} ${c(y1)} m ${c(x2)} ${c(y2)} l S Q\n`;
}

function rectMark(mark: RectMark): string {
  const { fill, stroke: edge } = mark;
  if (fill === null && edge === null) return '';
  const colors = `${fill === null ? '' : paint(fill, 'rg')}${edge === null ? '' : `${paint(edge.color, 'RG')}${c(edge.width)} w `}`;
  const operator = fill === null ? 'S' : edge === null ? 'f' : 'B';
  return `q ${colors}${rectPath(mark)}${operator} Q\n`;
}

function rectPath({ x, y, width, height, radius }: RectMark): string {
  const r = Math.min(radius, width / 2, height / 2);
  if (r <= 0) return `${c(x)} ${c(y)} ${c(width)} ${c(height)} re `;
  const [right, bottom, k] = [x + width, y + height, r * (1 - KAPPA)];
  const curve = (...points: readonly number[]): string => `${points.map(c).join(' ')} c `;
  return [
    `${c(x + r)} ${c(y)} m ${c(right - r)} ${c(y)} l `,
    curve(right - k, y, right, y + k, right, y + r),
    `${c(right)} ${c(bottom - r)} l `,
    curve(right, bottom - k, right - k, bottom, right - r, bottom),
    `${c(x + r)} ${c(bottom)} l `,
    curve(x + k, bottom, x, bottom - k, x, bottom - r),
    `${c(x)} ${c(y + r)} l `,
    curve(x, y + k, x + k, y, x + r, y),
    'h ',
  ].join('');
}

function drawPicture({ pdf, images }: MarkContext, { picture, target, x, y, width, height }: PictureMark): void {
  const image = images.get(picture);
  if (image === undefined) return;
  pdf.save();
  pdf.rect(x, y, width, height).clip();
  const [right, down, origin] = SEEN_AS[(picture.orientation ?? 1) - 1] ?? SEEN_AS[0];
  const { width: w, height: h } = target;
  pdf.transform(
    w * right[0],
    h * right[1],
    w * down[0],
    h * down[1],
    target.x + w * origin[0],
    target.y + h * origin[1],
  );
  pdf.image(image as never, 0, 0, { width: 1, height: 1, ignoreOrientation: true } as never);
  pdf.restore();
}

/**
 * By Exif's orientation: where the stored picture's rows and columns lead and where its first pixel stands, in the unit
 * square of the picture as it is seen.
 */
const SEEN_AS = [
  [
    [1, 0],
    [0, 1],
    [0, 0],
  ],
  [
    [-1, 0],
    [0, 1],
    [1, 0],
  ],
  [
    [-1, 0],
    [0, -1],
    [1, 1],
  ],
  [
    [1, 0],
    [0, -1],
    [0, 1],
  ],
  [
    [0, 1],
    [1, 0],
    [0, 0],
  ],
  [
    [0, 1],
    [-1, 0],
    [1, 0],
  ],
  [
    [0, -1],
    [-1, 0],
    [1, 1],
  ],
  [
    [0, -1],
    [1, 0],
    [0, 1],
  ],
] as const;
