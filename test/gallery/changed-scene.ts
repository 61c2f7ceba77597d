import { printPdf } from '../../src/print/pdf.ts';
import { isPiece, type Mark, type PagePart, type Piece, type Scene, type TextMark } from '../../src/scene/scene.ts';

export interface SceneChange {
  readonly text?: (mark: TextMark, text: string) => TextMark;
  readonly piece?: (piece: Piece) => Piece;
}

/** A scene with something planted in it, to see that a check can fail. */
export function changedScene(scene: Scene, { text, piece }: SceneChange): Scene {
  const change = (item: Mark | Piece): Mark | Piece => {
    if (isPiece(item)) {
      const inner = { ...item, content: changed(item.content) };
      return piece === undefined ? inner : piece(inner);
    }
    if (item.kind !== 'text' || text === undefined) return item;
    return text(item, item.line.runs.map((run) => run.text).join(''));
  };
  function* changed(items: Iterable<Mark | Piece>): Iterable<Mark | Piece> {
    for (const item of items) yield change(item);
  }
  const parts = (all: readonly PagePart[]): PagePart[] =>
    all.map((part) => ({ ...part, pieces: changed(part.pieces) as Iterable<Piece> }));
  return { ...scene, pages: scene.pages.map((page) => ({ ...page, parts: parts(page.parts) })) };
}

/** Prints a scene on its own, without the run around it. */
export async function printScene(scene: Scene): Promise<Uint8Array> {
  const signal = new AbortController().signal;
  return (await printPdf(scene, { createdAt: new Date(0), manifest: () => '{}', signal })).bytes;
}
