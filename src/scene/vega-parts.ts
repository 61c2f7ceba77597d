import type { Loader, Runtime, Scene, View } from 'vega';
import { BroadsheetError } from '../errors.ts';
import { canvasFont } from './canvas-font.ts';
import type { DrawingContext } from './drawing-context.ts';
import type { Face } from './face.ts';
import type { FontRegistry } from './fonts.ts';
import { createRuler } from './text.ts';
import { vega } from './vega-build.ts';
import { operators, TUPLE_ID, type Tuple } from './vega-operators.ts';
import { newStillView, type StillView } from './vega-run.ts';
import { installTransforms } from './vega-transforms.ts';

/** A text mark as Vega asks for its width. */
interface TextItem {
  readonly font?: string;
  readonly fontSize?: number | null;
  readonly fontStyle?: string;
  readonly fontWeight?: string | number;
  readonly limit?: number;
}

interface TextMetrics {
  width: (item: TextItem, text: unknown) => number;
}

interface ContextRenderer {
  initialize(
    element: null,
    width: number,
    height: number,
    origin: readonly number[],
    scale: number,
    options: { externalContext: DrawingContext },
  ): ContextRenderer;
  render(scene: Scene): ContextRenderer;
}

/** Exported by Vega, missing from its type declarations. */
const untyped = vega as unknown as {
  readonly textMetrics: TextMetrics;
  readonly CanvasRenderer: new () => ContextRenderer;
};

const MAX_FACES = 100;

/**
 * Makes Vega measure text by our registry. Vega's text metrics are one object for the whole process: the registry
 * installed last measures for all, so a process has one.
 */
export function installRuler(fonts: FontRegistry): void {
  installTransforms();
  const ruler = createRuler(fonts);
  const unsized = new Map<string, Face>();
  let last: (TextItem & { readonly face: Face }) | undefined;
  const faceOf = ({ font = 'sans-serif', fontStyle = '', fontWeight = '' }: TextItem): Face => {
    // Labels come in rows of the same font.
    if (last?.font === font && last.fontStyle === fontStyle && last.fontWeight === fontWeight) return last.face;
    const wish = `${fontStyle} ${fontWeight} 10px ${font}`;
    let face = unsized.get(wish);
    if (face === undefined) {
      face = canvasFont(fonts, wish).face;
      if (unsized.size >= MAX_FACES) unsized.clear();
      unsized.set(wish, face);
    }
    last = { font, fontStyle, fontWeight, face };
    return face;
  };
  untyped.textMetrics.width = (item, text) => {
    if (text === null || text === undefined) return 0;
    const size = item.fontSize ?? 11;
    const width = ruler.width(String(text).trim(), faceOf(item), size);
    return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
  };
}

const refuse = async (): Promise<never> => {
  throw new BroadsheetError('bad_request', 'a chart may not load anything');
};

/** Charts are drawn from rows alone: no network, no files, no links. */
const refusingLoader = { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as Loader;

/** A view without a screen. */
export const createView = (runtime: Runtime): StillView =>
  newStillView(runtime, { logLevel: vega.None, loader: refusingLoader });

/** Rows that get a number of ours; more have Vega's own. */
const MOST_NUMBERED = 2000;
for (let count = 0; count < 2 * MOST_NUMBERED; count++) vega.ingest({});
const turns = new WeakMap<View, 0 | 1>();

/**
 * Copies of rows as Vega's tuples, for it marks what it is given. Vega numbers the tuples of a process on and on, and keeps
 * its tables by these numbers: with high ones V8 makes them slow dictionaries, which costs a tenth of a document. So its
 * first numbers are set aside here (above) and given again and again, in turns, for the rows before leave at the same time.
 */
export function tuplesOf(view: View, rows: readonly object[]): Tuple[] {
  if (rows.length > MOST_NUMBERED) return rows.map((row) => operators.ingest({ ...row }));
  const turn = turns.get(view) === 0 ? 1 : 0;
  turns.set(view, turn);
  return rows.map((row, index) => {
    // In one expression V8 takes three times as long.
    const tuple: Tuple = { ...row };
    tuple[TUPLE_ID] = 2 * index + 1 + turn;
    return tuple;
  });
}

/** The scene graph's root, which Vega's type declarations confuse with the graph. */
export const rootOf = (view: View): Scene => (view.scenegraph() as unknown as { root: Scene }).root;

/** Draws a view's scene into a context whose origin is the chart's top left corner. */
export function drawScene(view: View, context: DrawingContext, width: number, height: number): void {
  context.save();
  new untyped.CanvasRenderer()
    .initialize(null, width, height, view.origin(), 1, { externalContext: context })
    .render(rootOf(view));
  context.restore();
}
