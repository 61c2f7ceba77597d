/** A gradient made by a drawing context. */
export interface DrawingGradient {
  addColorStop(offset: number, color: string): void;
}

/**
 * The part of the canvas 2D interface that Vega's canvas renderer draws with (the DOM's types are not loaded here).
 * Whoever prints or paints a chart implements it. Pictures are not among it: charts may not load any.
 */
export interface DrawingContext {
  fillStyle: string | DrawingGradient;
  strokeStyle: string | DrawingGradient;
  globalAlpha: number;
  globalCompositeOperation: string;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  miterLimit: number;
  lineDashOffset: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  readonly pixelRatio: number;
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  rotate(angle: number): void;
  scale(x: number, y: number): void;
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number, counterclockwise?: boolean): void;
  rect(x: number, y: number, width: number, height: number): void;
  fill(): void;
  stroke(): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  setLineDash(pattern: readonly number[]): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  createLinearGradient(x1: number, y1: number, x2: number, y2: number): DrawingGradient;
  createRadialGradient(x1: number, y1: number, r1: number, x2: number, y2: number, r2: number): DrawingGradient;
}
