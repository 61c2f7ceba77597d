/** Classes in the order of a stack: work first, then what is waited for. A class's place is that of its colour. */
const CLASSES: readonly string[] = [
  ...['CPU', 'IO', 'LWLock', 'Lock', 'IPC', 'Client', 'BufferPin', 'Timeout', 'Extension'],
];
/** Colours of a palette; beyond it they come again, lighter and darker. */
const PALETTE = 8;
const SHADES = 3;

/** Those that were seen, in the order of the stack; ones that a newer server has come last. */
export const classesInOrder = (seen: readonly string[]): readonly string[] => [
  ...CLASSES.filter((word) => seen.includes(word)),
  ...seen.filter((word) => !CLASSES.includes(word)),
];

/** A class has one colour in every chart of waits, whichever others are there: `colors` of a chart over time. */
export const classColors = (classes: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(classes.flatMap((word) => (CLASSES.includes(word) ? [[word, CLASSES.indexOf(word) + 1]] : [])));

/**
 * Events have the colour of their class: the first of a class as it is, the next ones lighter and darker, and from the fourth
 * on colours of classes that none of the events is of.
 * @param other the word of those that are not drawn by name; grey.
 */
export function eventColors(
  events: readonly { readonly word: string; readonly waitClass: string }[],
  other: string,
): Readonly<Record<string, number | string>> {
  const free = CLASSES.flatMap((word, index) =>
    events.some(({ waitClass }) => waitClass === word) ? [] : [index + 1],
  );
  const taken = new Map<string, number>();
  const colors = events.flatMap(({ word, waitClass }): (readonly [string, number])[] => {
    const [index, turn] = [CLASSES.indexOf(waitClass), taken.get(waitClass) ?? 0];
    taken.set(waitClass, turn + 1);
    const place = index < 0 || turn >= SHADES ? free.shift() : index + 1 + turn * PALETTE;
    return place === undefined ? [] : [[word, place]];
  });
  return { ...Object.fromEntries(colors), [other]: 'neutral' };
}
