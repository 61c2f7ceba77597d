import type { Metrics } from '../../metrics.ts';
import { errorOf, type Thrown } from '../../tasks/thread-answers.ts';
import { createThreadPool } from '../../tasks/thread-pool.ts';
import type { Drawing, DrawnDocument } from './draw-document.ts';
import { partsOf } from './drawing-parts.ts';

/** Draws documents, here or elsewhere. The rows of long tables are given away: who draws elsewhere leaves none in the drawing. */
export type Draw = (drawing: Drawing, signal: AbortSignal) => Promise<DrawnDocument>;

/** What a drawing thread is told when it starts. */
export interface ThreadSettings {
  readonly fontDir: string | null;
  /** Whether the machine's fonts are the last resort for a character; default no. */
  readonly systemFonts?: boolean;
}

export interface DrawingOptions extends ThreadSettings {
  readonly threads: number;
  readonly memoryMb: number;
  readonly metrics: Metrics;
}

export interface Drawers {
  readonly draw: Draw;
  /** Documents that are being drawn are given up. */
  stop(): Promise<void>;
}

/** Draws in threads, so that nothing else of the process waits for a page. The bytes are the same as when drawn here. */
export function drawInThreads({ threads, memoryMb, metrics, ...settings }: DrawingOptions): Drawers {
  const entry = new URL('drawing-thread.ts', import.meta.url);
  const pool = createThreadPool({ entry, data: settings, size: threads, memoryMb, metrics });
  return {
    draw: async (drawing, signal) => {
      const drawn = (await pool.run(partsOf(drawing), signal)) as DrawnDocument;
      const defects = drawn.defects.map(({ widgetId, error }) => ({ widgetId, error: errorOf(error as Thrown) }));
      return { ...drawn, defects };
    },
    stop: pool.stop,
  };
}
