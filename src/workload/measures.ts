import { type Block, type BlockColumn, tableBlock } from './block.ts';

/** A line of a list of measures; null figures print as a dash. */
export type Measure = readonly [label: string, ...values: (string | null)[]];

/** Points of a label where two lists stand side by side: names are longer than figures. */
const LABEL_WIDTH = 116;

/**
 * Measures of different kinds one below the other, each as text in its own unit. A column with the heading of the first is
 * one of names too.
 */
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
    labels.map((label, at): BlockColumn => {
      const isName = label === labels[0];
      const width = isName && words.width === 6 ? { width: LABEL_WIDTH } : {};
      return { key: `c${at}`, label, type: 'text', ...(isName ? width : { align: 'right' }) };
    }),
    measures.map((measure) => labels.map((_, at) => measure[at] ?? '–')),
    { sortable: false },
  );
