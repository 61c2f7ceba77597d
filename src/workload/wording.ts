import type { Locale } from '../definition/definition.ts';

/** A word of a section in English, Russian and Chinese. */
export type Wording = readonly [en: string, ru: string, zh: string];

const PLACES: Readonly<Record<Locale, 0 | 1 | 2>> = { en: 0, ru: 1, zh: 2 };

/** A section's words in one language. */
export function wordsIn<K extends string>(words: Readonly<Record<K, Wording>>, locale: Locale): Record<K, string> {
  const place = PLACES[locale];
  return Object.fromEntries(Object.entries<Wording>(words).map(([key, word]) => [key, word[place]])) as Record<
    K,
    string
  >;
}

/** A sentence with `{name}`s filled in. */
export const filled = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
