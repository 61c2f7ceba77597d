import type { WebReport } from '../scene/web-report.ts';

type Section = WebReport['sheets'][number]['sections'][number];

/** Letters that a number may have on one line; Chinese ones are as wide as this many others. */
const LONGEST_VALUE = 28;
const WIDE_LETTER = 1.7;
const FEWEST_LETTERS = 4;
/** Width of a letter, in em. */
const LETTER = 0.6;
/** What a line of values beside it leaves to a number. */
const SHARE_BESIDE = 0.54;
/** Padding and margin of a card, in CSS pixels: on a wide screen, where cards stand beside each other, and on a phone. */
const AROUND = { wide: 50, narrow: 32 } as const;
/** Widths of a sheet, in CSS pixels, at which the number with least room is looked for. */
const SHEET_WIDTHS = [1120, 720] as const;
/** A number that needs less than this share of the others' size keeps its own: it is a text. */
const MUCH_SMALLER = 0.5;
/** In CSS pixels; what numbers have where there is room. */
const USUAL = 45;

/** What the size of a number depends on. */
interface Figure {
  readonly id: string;
  readonly row: number;
  /** Of the sheet's width. */
  readonly share: number;
  readonly letters: number;
  /** Of the card's width. */
  readonly part: number;
}

/** Whether a number is so long that it is broken into lines, like a text. */
export const isLongNumber = (value: string): boolean => lettersIn(value) > LONGEST_VALUE;

const lettersIn = (value: string): number =>
  [...value].reduce((sum, letter) => sum + (letter > '\u2e80' ? WIDE_LETTER : 1), 0);

/**
 * The styles that size the numbers of a sheet, by section: those of a row are as large as the one with least room lets
 * them be, on a screen of any width.
 */
export function numberSizes(sections: readonly Section[]): ReadonlyMap<string, string> {
  const numbers = sections.flatMap(({ id, place, share, body }): Figure[] => {
    if (body.kind !== 'metric') return [];
    const letters = Math.max(FEWEST_LETTERS, Math.min(LONGEST_VALUE, lettersIn(body.content.value)));
    return [{ id, row: place.row, share, letters, part: body.draw === null ? 1 : SHARE_BESIDE }];
  });
  const sizes = new Map<string, string>();
  for (const row of Map.groupBy(numbers, (number) => number.row).values()) {
    const at = SHEET_WIDTHS[0];
    const most = Math.max(...row.map((number) => Math.min(USUAL, sizeAt(number, at))));
    const [alike, others] = [true, false].map((is) =>
      row.filter((number) => sizeAt(number, at) >= most * MUCH_SMALLER === is),
    );
    for (const group of [alike ?? [], ...(others ?? []).map((one) => [one])]) {
      for (const { id } of group) sizes.set(id, sizeOf(group));
    }
  }
  return sizes;
}

const sizeAt = ({ share, letters, part }: Figure, sheet: number): number =>
  ((share * sheet - AROUND.wide) * part) / letters / LETTER;

/** The custom properties `--wide` and `--narrow`: sizes by the width of the sheet, `cqi`. */
function sizeOf(group: readonly Figure[]): string {
  const tightest = SHEET_WIDTHS.map((sheet) => least(group, (number) => sizeAt(number, sheet)));
  const wide = [...new Set(tightest)].map(({ share, letters, part }) =>
    lengthOf(share * 100, AROUND.wide, part / letters / LETTER),
  );
  const { letters, part } = least(group, (number) => number.part / number.letters);
  const narrow = lengthOf(100, AROUND.narrow, part / letters / LETTER);
  return `--wide:${wide.length > 1 ? `min(${wide.join()})` : wide.join()};--narrow:${narrow}`;
}

const lengthOf = (percent: number, around: number, factor: number): string =>
  `calc((${rounded(percent, 3)}cqi - ${around}px)*${rounded(factor, 4)})`;

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

const least = (group: readonly Figure[], of: (number: Figure) => number): Figure =>
  group.reduce((best, number) => (of(number) < of(best) ? number : best));
