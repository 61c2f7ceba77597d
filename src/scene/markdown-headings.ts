import type { MarkedToken, Token } from 'marked';
import { inlineText, markdownTokens } from './markdown-spans.ts';

/** Lists and quotations nested deeper than this are printed as they are written. */
export const MAX_NESTING = 8;

/** The headings of a Markdown text in the order of reading: `level` as written, 1 to 6. */
export function textHeadings(source: string): { readonly title: string; readonly level: number }[] {
  return headingsIn(markdownTokens(source).tokens, 0);
}

function headingsIn(tokens: readonly MarkedToken[], depth: number): { title: string; level: number }[] {
  if (depth > MAX_NESTING) return [];
  return tokens.flatMap((token) => {
    if (token.type === 'heading') return [{ title: inlineText(token.tokens), level: token.depth }];
    if (token.type === 'blockquote') return headingsIn(token.tokens as MarkedToken[], depth + 1);
    if (token.type !== 'list') return [];
    return token.items.flatMap((item) => headingsIn(item.tokens as (MarkedToken & Token)[], depth + 1));
  });
}

/**
 * Levels for the headings of a text in order, each from its level as written: below `above`, a deeper one below the last
 * that is less deep, and none more than one level deeper than that (PDF/UA-1 §7.4.2).
 */
export function headingLevels(above: number): (written: number) => number {
  let open: readonly { readonly written: number; readonly level: number }[] = [];
  return (written) => {
    const around = open.filter((one) => one.written < written);
    const level = Math.min(6, (around.at(-1)?.level ?? above) + 1);
    open = [...around, { written, level }];
    return level;
  };
}
