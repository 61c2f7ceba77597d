import { type Matrix, multiply } from './path-writer.ts';

const FARTHEST = 1e6;
const ARC_STEPS = 12;

/** A coordinate with two decimals, as short as it can be written. */
export function svgNumber(value: number): string {
  const bounded = Number.isFinite(value) ? Math.max(-FARTHEST, Math.min(FARTHEST, value)) : 0;
  const text = String(Math.round(bounded * 100) / 100);
  return text === '-0' ? '0' : text.replace(/^(-?)0\./, '$1.');
}

/** The half of a canvas that builds paths, as the `d` of an SVG path; points are transformed as they come. */
export class SvgPath {
  protected matrix: Matrix = [1, 0, 0, 1, 0, 0];
  protected d = '';
  /** The same path as polygons, x and y in turn: what stands on it can be told. */
  protected rings: number[][] = [];
  private open = false;

  translate(x: number, y: number): void {
    this.matrix = multiply(this.matrix, [1, 0, 0, 1, x, y]);
  }

  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.matrix = multiply(this.matrix, [cos, sin, -sin, cos, 0, 0]);
  }

  scale(x: number, y: number): void {
    this.matrix = multiply(this.matrix, [x, 0, 0, y, 0, 0]);
  }

  transform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.matrix = multiply(this.matrix, [a, b, c, d, e, f]);
  }

  beginPath(): void {
    this.d = '';
    this.rings = [];
    this.open = false;
  }

  closePath(): void {
    if (this.open) this.d += 'Z';
  }

  moveTo(x: number, y: number): void {
    this.d += `M${this.point(x, y)}`;
    this.rings.push([]);
    this.mark(x, y);
    this.open = true;
  }

  lineTo(x: number, y: number): void {
    if (!this.open) {
      this.moveTo(x, y);
      return;
    }
    this.d += `L${this.point(x, y)}`;
    this.mark(x, y);
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    if (!this.open) this.moveTo(x1, y1);
    this.d += `C${this.point(x1, y1)} ${this.point(x2, y2)} ${this.point(x, y)}`;
    this.mark(x, y);
  }

  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void {
    if (!this.open) this.moveTo(x1, y1);
    this.d += `Q${this.point(x1, y1)} ${this.point(x, y)}`;
    this.mark(x, y);
  }

  /** As SVG arcs of less than half a turn each, which need no flag for the longer way. */
  arc(x: number, y: number, radius: number, from: number, to: number, counterclockwise = false): void {
    const sweep = sweepOf(from, to, counterclockwise);
    const pieces = Math.max(1, Math.ceil(Math.abs(sweep) / (Math.PI * 0.9)));
    const at = (angle: number): [number, number] => [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    const [a, b, c, d] = this.matrix;
    const size = svgNumber(radius * Math.sqrt(Math.abs(a * d - b * c)));
    const clockwise = sweep > 0 === a * d - b * c > 0 ? 1 : 0;
    this.lineTo(...at(from));
    for (let piece = 1; piece <= pieces; piece += 1) {
      this.d += `A${size} ${size} 0 0 ${clockwise} ${this.point(...at(from + (sweep * piece) / pieces))}`;
    }
    for (let step = 1; step <= ARC_STEPS; step += 1) this.mark(...at(from + (sweep * step) / ARC_STEPS));
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.d += this.rectangle(x, y, width, height);
    this.rings.push([]);
    this.mark(x, y);
    this.mark(x + width, y);
    this.mark(x + width, y + height);
    this.mark(x, y + height);
    this.open = false;
  }

  protected rectangle(x: number, y: number, width: number, height: number): string {
    const corners = [this.point(x + width, y), this.point(x + width, y + height), this.point(x, y + height)];
    return `M${this.point(x, y)}L${corners.join('L')}Z`;
  }

  /** Where a point of the user's is on the canvas. */
  protected placed(x: number, y: number): [number, number] {
    const [a, b, c, d, e, f] = this.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  private mark(x: number, y: number): void {
    this.rings.at(-1)?.push(...this.placed(x, y));
  }

  protected point(x: number, y: number): string {
    const [left, top] = this.placed(x, y);
    return `${svgNumber(left)} ${svgNumber(top)}`;
  }
}

function sweepOf(from: number, to: number, counterclockwise: boolean): number {
  const turn = Math.PI * 2;
  const raw = counterclockwise ? from - to : to - from;
  if (raw >= turn) return counterclockwise ? -turn : turn;
  const positive = ((raw % turn) + turn) % turn;
  return counterclockwise ? -positive : positive;
}

/** Whether a point is inside polygons, by the even-odd rule. */
export function isInside(rings: readonly (readonly number[])[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [ring[at], ring[at + 1], ring[before], ring[before + 1]];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}
