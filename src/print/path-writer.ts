/** A transformation `x' = a·x + c·y + e`, `y' = b·x + d·y + f`. */
export type Matrix = readonly [number, number, number, number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** `first` applied to points that `then` has already been set up for: the canvas order of `translate`, `rotate`, `scale`. */
export function multiply(then: Matrix, first: Matrix): Matrix {
  const [a, b, c, d, e, f] = then;
  return [
    a * first[0] + c * first[1],
    b * first[0] + d * first[1],
    a * first[2] + c * first[3],
    b * first[2] + d * first[3],
    a * first[4] + c * first[5] + e,
    b * first[4] + d * first[5] + f,
  ];
}

const FARTHEST = 1e6;

/** A coordinate with two decimals: a hundredth of a point is finer than any printer. */
export function coordinate(value: number): number {
  if (!(value > -FARTHEST)) return value < 0 ? -FARTHEST : 0;
  return value < FARTHEST ? Math.round(value * 100) / 100 : FARTHEST;
}

/** `.01` to `.99` without zeros at the end; nothing for a whole number. */
const HUNDREDTHS = Array.from({ length: 100 }, (_, count) =>
  count === 0 ? '' : `.${String(count).padStart(2, '0').replace(/0$/, '')}`,
);

/** A coordinate as it is written: the text of `coordinate`, without the search for digits that a fraction costs. */
export function coordinateText(value: number): string {
  const isNear = value > -FARTHEST && value < FARTHEST;
  const hundredths = Math.round((isNear ? value : coordinate(value)) * 100);
  const size = Math.abs(hundredths);
  const whole = Math.floor(size / 100);
  const text = `${whole}${HUNDREDTHS[size - whole * 100]}`;
  return hundredths < 0 ? `-${text}` : text;
}

/** A factor of a matrix, a colour channel or a dash, with five decimals. */
export const factor = (value: number): number => Math.round(value * 1e5) / 1e5;

/** Collects a path as PDF operators. Points are transformed as they come, as a canvas does. */
export class PathWriter {
  operators = '';
  private open = false;
  /** Where the pen stands, transformed. */
  private penX = 0;
  private penY = 0;

  begin(): void {
    this.operators = '';
    this.open = false;
  }

  moveTo(m: Matrix, x: number, y: number): void {
    this.operators += `${this.penTo(m, x, y)} m `;
    this.open = true;
  }

  lineTo(m: Matrix, x: number, y: number): void {
    this.operators += `${this.penTo(m, x, y)} ${this.open ? 'l' : 'm'} `;
    this.open = true;
  }

  curveTo(m: Matrix, x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    if (!this.open) this.moveTo(m, x1, y1);
    this.operators += `${this.penTo(m, x1, y1)} ${this.penTo(m, x2, y2)} ${this.penTo(m, x, y)} c `;
  }

  /** A curve with one control point, raised to the cubic that PDF has. */
  quadraticTo(m: Matrix, x1: number, y1: number, x: number, y: number): void {
    if (!this.open) this.moveTo(m, x1, y1);
    const [fromX, fromY] = [this.penX, this.penY];
    const [controlX, controlY] = [m[0] * x1 + m[2] * y1 + m[4], m[1] * x1 + m[3] * y1 + m[5]];
    const [endX, endY] = [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];
    const third = (start: number, control: number): number => start + (2 / 3) * (control - start);
    const first = [third(fromX, controlX), third(fromY, controlY)] as const;
    this.curveTo(IDENTITY, ...first, third(endX, controlX), third(endY, controlY), endX, endY);
  }

  rect(m: Matrix, x: number, y: number, width: number, height: number): void {
    if (m[1] === 0 && m[2] === 0) {
      this.operators += `${this.penTo(m, x, y)} ${coordinateText(width * m[0])} ${coordinateText(height * m[3])} re `;
    } else {
      this.moveTo(m, x, y);
      this.lineTo(m, x + width, y);
      this.lineTo(m, x + width, y + height);
      this.lineTo(m, x, y + height);
      this.operators += 'h ';
    }
    this.open = false;
  }

  close(): void {
    if (this.open) this.operators += 'h ';
  }

  /** A circular arc as Bézier curves of at most a quarter turn each; the error is below 0.03 % of the radius. */
  arc(m: Matrix, x: number, y: number, radius: number, from: number, to: number, counterclockwise: boolean): void {
    const sweep = sweepOf(from, to, counterclockwise);
    const pieces = Math.max(1, Math.ceil(Math.abs(sweep) / (Math.PI / 2) - 1e-9));
    const step = sweep / pieces;
    const reach = (4 / 3) * Math.tan(step / 4) * radius;
    let angle = from;
    let [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.lineTo(m, x + radius * cos, y + radius * sin);
    for (let piece = 0; piece < pieces; piece++) {
      const [startX, startY] = [x + radius * cos, y + radius * sin];
      const [fromCos, fromSin] = [cos, sin];
      angle += step;
      [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const [endX, endY] = [x + radius * cos, y + radius * sin];
      this.curveTo(
        m,
        startX - reach * fromSin,
        startY + reach * fromCos,
        endX + reach * sin,
        endY - reach * cos,
        endX,
        endY,
      );
    }
  }

  private penTo(m: Matrix, x: number, y: number): string {
    this.penX = m[0] * x + m[2] * y + m[4];
    this.penY = m[1] * x + m[3] * y + m[5];
    return `${coordinateText(this.penX)} ${coordinateText(this.penY)}`;
  }
}

function sweepOf(from: number, to: number, counterclockwise: boolean): number {
  const turn = Math.PI * 2;
  const raw = counterclockwise ? from - to : to - from;
  if (raw >= turn) return counterclockwise ? -turn : turn;
  const positive = ((raw % turn) + turn) % turn;
  return counterclockwise ? -positive : positive;
}
