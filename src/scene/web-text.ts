import type { MarkedToken, Token, Tokens } from 'marked';
import type { Align } from '../definition/definition.ts';
import { headingLevels, MAX_NESTING } from './markdown-headings.ts';
import { decodeEntities, inlineText, linesAsWritten, markdownTokens, oneLine } from './markdown-spans.ts';

/** Text with marks, as plain data; every string is text and never markup. */
export type WebInline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'break' }
  | { readonly type: 'strong' | 'emphasis' | 'deleted'; readonly content: readonly WebInline[] }
  | { readonly type: 'link'; readonly target: string; readonly content: readonly WebInline[] };

export type WebBlock =
  | { readonly type: 'paragraph'; readonly content: readonly WebInline[] }
  | {
      readonly type: 'heading';
      readonly level: number;
      readonly anchor: string | null;
      readonly title: string;
      readonly content: readonly WebInline[];
    }
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly (readonly WebBlock[])[] }
  | { readonly type: 'quote'; readonly blocks: readonly WebBlock[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'rule' }
  | {
      readonly type: 'table';
      readonly columns: readonly { readonly align: Align; readonly content: readonly WebInline[] }[];
      readonly rows: readonly (readonly (readonly WebInline[])[])[];
    };

export interface WebTextOptions {
  /** Level of the heading above this text; 0 where there is none. */
  readonly headingLevel: number;
  /** Name of heading number `index` of this text. */
  readonly anchorOf: (index: number) => string | null;
  /** The target that may be followed; null = the link's text is plain text. */
  readonly link: (target: string) => string | null;
}

const MAX_DEPTH = 20;

/**
 * A Markdown text as blocks, from the same tokens that pages are laid out from: HTML in it stays text, images are their
 * alternative text, headings go down one level at a time.
 */
export function webText(source: string, options: WebTextOptions): readonly WebBlock[] {
  const levelOf = headingLevels(options.headingLevel);
  let headings = 0;
  const blocks = (tokens: readonly MarkedToken[], depth: number): WebBlock[] =>
    depth > MAX_NESTING ? asWritten(tokens) : tokens.flatMap((token) => block(token, depth));
  const inline = (tokens: readonly Token[] | undefined): WebInline[] => inlinesOf(tokens, options.link, 0);
  const block = (token: MarkedToken, depth: number): WebBlock[] => {
    switch (token.type) {
      case 'space':
      case 'def':
        return [];
      case 'heading':
        return [heading(token)];
      case 'list': {
        const items = token.items.map((item) => blocks(item.tokens as MarkedToken[], depth + 1));
        return [{ type: 'list', start: token.ordered ? Number(token.start) || 1 : null, items }];
      }
      case 'blockquote':
        return [{ type: 'quote', blocks: blocks(token.tokens as MarkedToken[], depth + 1) }];
      case 'code':
        return [{ type: 'code', text: token.text }];
      case 'hr':
        return [{ type: 'rule' }];
      case 'table':
        return [tableOf(token, inline)];
      case 'paragraph':
      case 'text':
      case 'html':
      case 'list_item':
      case 'br':
      case 'checkbox':
      case 'codespan':
      case 'del':
      case 'em':
      case 'escape':
      case 'image':
      case 'link':
      case 'strong': {
        const content = inline('tokens' in token && token.tokens ? token.tokens : [token]);
        return content.length === 0 ? [] : [{ type: 'paragraph', content }];
      }
    }
  };
  const heading = (token: Tokens.Heading): WebBlock => {
    const level = levelOf(token.depth);
    const anchor = options.anchorOf(headings);
    headings += 1;
    const title = inlineText(token.tokens).trim();
    return { type: 'heading', level, anchor, title, content: inline(token.tokens) };
  };
  return blocks(markdownTokens(source).tokens, 0);
}

/** What is nested too deep stays as it is written, line by line. */
const asWritten = (tokens: readonly MarkedToken[]): WebBlock[] =>
  linesAsWritten(tokens).map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] }));

function tableOf(token: Tokens.Table, inline: (tokens: readonly Token[]) => WebInline[]): WebBlock {
  return {
    type: 'table',
    columns: token.header.map(({ tokens, align }) => ({ align: align ?? 'left', content: inline(tokens) })),
    rows: token.rows.map((row) => row.map(({ tokens }) => inline(tokens))),
  };
}

function inlinesOf(tokens: readonly Token[] | undefined, link: WebTextOptions['link'], depth: number): WebInline[] {
  if (tokens === undefined) return [];
  if (depth > MAX_DEPTH) return [{ type: 'text', text: oneLine(tokens.map(({ raw }) => raw).join('')) }];
  const inside = (children: readonly Token[] | undefined): WebInline[] => inlinesOf(children, link, depth + 1);
  const one = (token: MarkedToken): WebInline[] => {
    switch (token.type) {
      case 'strong':
        return [{ type: 'strong', content: inside(token.tokens) }];
      case 'em':
        return [{ type: 'emphasis', content: inside(token.tokens) }];
      case 'del':
        return [{ type: 'deleted', content: inside(token.tokens) }];
      case 'codespan':
        return [{ type: 'code', text: decodeEntities(token.text) }];
      case 'br':
        return [{ type: 'break' }];
      case 'checkbox':
        return [{ type: 'text', text: token.checked ? '☑ ' : '☐ ' }];
      case 'link': {
        const target = link(token.href);
        const content = inside(token.tokens);
        return target === null ? content : [{ type: 'link', target, content }];
      }
      case 'image': {
        const text = `[${decodeEntities(token.text)}]`;
        return token.text === '' ? [] : [{ type: 'emphasis', content: [{ type: 'text', text }] }];
      }
      case 'text':
        if (token.tokens !== undefined) return inside(token.tokens);
        return [{ type: 'text', text: oneLine(decodeEntities(token.text)) }];
      case 'escape':
        return [{ type: 'text', text: token.text }];
      case 'blockquote':
      case 'code':
      case 'def':
      case 'heading':
      case 'hr':
      case 'html':
      case 'list':
      case 'list_item':
      case 'paragraph':
      case 'space':
      case 'table':
        return [{ type: 'text', text: oneLine(token.raw) }];
    }
  };
  return (tokens as readonly MarkedToken[]).flatMap(one);
}
