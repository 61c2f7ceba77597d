import { textKey, type WorkloadFacts } from './facts.ts';
import { nameOfStatement } from './piece-means.ts';
import type { Statement } from './statements.ts';

/** The same statement before and after; either side may be missing. */
export type Pair = readonly [Statement | null, Statement | null];

/**
 * The same statements of both ranges: by database, user and id; those left over by database, user and text, since a table
 * that was made again gives its statements new ids before PostgreSQL 18.
 */
export function pairsOf(
  facts: WorkloadFacts,
  before: readonly Statement[],
  after: readonly Statement[],
): readonly Pair[] {
  const first = new Map(before.map((one) => [nameOfStatement(one), one]));
  const paired = after.map((one): Pair => [first.get(nameOfStatement(one)) ?? null, one]);
  const taken = new Set(paired.flatMap(([one]) => one ?? []));
  const byText = (one: Statement): string => {
    const text = facts.texts.get(textKey('sql', '', one.queryId))?.text;
    return JSON.stringify([one.database, one.user, text === undefined ? one.queryId : normalText(text)]);
  };
  const left = new Map(before.filter((one) => !taken.has(one)).map((one) => [byText(one), one]));
  const pairs = paired.map(([a, b]): Pair => {
    const found = a === null && b !== null ? left.get(byText(b)) : undefined;
    if (found === undefined || taken.has(found)) return [a, b];
    taken.add(found);
    return [found, b];
  });
  return [...pairs, ...before.filter((one) => !taken.has(one)).map((one): Pair => [one, null])];
}

/** A statement's text without what does not matter: letter case, blanks, the length of lists of constants. */
export const normalText = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\$\d+/g, '?')
    .replaceAll(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, '(?)')
    .trim();
