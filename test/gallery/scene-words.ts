import type { DrawingContext } from '../../src/scene/drawing-context.ts';
import { isPiece, type Mark, type Piece, type Scene } from '../../src/scene/scene.ts';

/** Texts a scene means to put on one page: lines of headings, cells, bands and titles, labels of axes and legends. */
export interface PageWords {
  readonly lines: readonly string[];
  readonly labels: readonly string[];
}

/** Walks a scene as whoever prints it does, writing down the texts instead of drawing them. */
export function wordsOf(scene: Scene): readonly PageWords[] {
  return scene.pages.map((page) => {
    const lines: string[] = [];
    const labels: string[] = [];
    const take = (item: Mark | Piece): void => {
      if (isPiece(item)) for (const inner of item.content) take(inner);
      else if (item.kind === 'text') lines.push(item.line.runs.map(({ text }) => text).join(''));
      else if (item.kind === 'drawing') item.drawing.draw(listener(labels));
    };
    for (const group of page.artifacts) for (const mark of group.marks) take(mark);
    for (const part of page.parts) for (const piece of part.pieces) take(piece);
    return { lines: lines.filter(isSeen), labels: labels.filter(isSeen) };
  });
}

const isSeen = (text: string): boolean => text.trim() !== '';

/** A canvas that draws nothing and notes the texts it is given, unless they are transparent. */
function listener(heard: string[]): DrawingContext {
  const gradient = { addColorStop: () => undefined };
  const state: Record<string, unknown> = { globalAlpha: 1, pixelRatio: 1 };
  const hear = (text: string): void => {
    if (Number(state.globalAlpha) > 0) heard.push(text);
  };
  const answers: Record<string, unknown> = {
    fillText: hear,
    measureText: () => ({ width: 0 }),
    createLinearGradient: () => gradient,
    createRadialGradient: () => gradient,
  };
  return new Proxy(state, {
    get: (target, name) => answers[String(name)] ?? target[String(name)] ?? (() => undefined),
    set: (target, name, value) => {
      target[String(name)] = value;
      return true;
    },
  }) as unknown as DrawingContext;
}
