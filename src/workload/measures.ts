import { type Block, type BlockColumn, tableBlock } from './block.ts';

/** A line of a list of measures; null figures print as a dash. */
export type Measure = readonly [label: string, ...values: (string | null)[]];

/** Measures of different kinds one below the other, each as text in its own unit. */
export const measureBlock = (
  words: {
    readonly id: string;
    readonly heading: string | null;
    readonly description?: string | null;
    readonly width?: number;
  },
  labels: readonly string[],
  measures: readonly Measure[],
): Block =>
  tableBlock(
    words,
    labels.map(
      (label, at): BlockColumn => ({ key: `c${at}`, label, type: 'text', ...(at > 0 ? { align: 'right' } : {}) }),
    ),
    measures.map((measure) => labels.map((_, at) => measure[at] ?? '–')),
  );
