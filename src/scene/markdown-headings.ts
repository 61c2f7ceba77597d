import type { MarkedToken, Token } from 'marked';
import { inlineText, markdownTokens } from './markdown-spans.ts';

/** Lists and quotations nested deeper than this are not printed. */
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

/** The level of a heading after one of level `before`: as written below `above`, and never more than one deeper. */
export const nextHeadingLevel = (before: number, above: number, depth: number): number =>
  Math.min(6, before + 1, above + depth);
