import type { Matrix } from './path-writer.ts';
import { multiply, PathWriter } from './path-writer.ts';

/** The half of a canvas that builds paths under a transformation. */
export class CanvasPath {
  protected matrix: Matrix;
  protected readonly path = new PathWriter();

  constructor(matrix: Matrix) {
    this.matrix = matrix;
  }

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
    this.path.begin();
  }

  closePath(): void {
    this.path.close();
  }

  moveTo(x: number, y: number): void {
    this.path.moveTo(this.matrix, x, y);
  }

  lineTo(x: number, y: number): void {
    this.path.lineTo(this.matrix, x, y);
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.path.curveTo(this.matrix, x1, y1, x2, y2, x, y);
  }

  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void {
    this.path.quadraticTo(this.matrix, x1, y1, x, y);
  }

  arc(x: number, y: number, radius: number, from: number, to: number, counterclockwise = false): void {
    this.path.arc(this.matrix, x, y, radius, from, to, counterclockwise);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path.rect(this.matrix, x, y, width, height);
  }
}
