import { type MarkedToken, marked, type Token } from 'marked';
import type { Span, TextLook } from './text.ts';

/** How inline marks change the look they stand in. */
export interface InlineLooks {
  bold(look: TextLook): TextLook;
  italic(look: TextLook): TextLook;
  code(look: TextLook): TextLook;
  readonly linkColor: string;
  /** The target that may be drawn; null = the link's text is plain text. */
  link(target: string): string | null;
}

const MAX_SOURCE = 200_000;
const MAX_DEPTH = 20;

/**
 * The block tokens of a Markdown text. A text that the parser can't take (nested thousands deep) comes back as one
 * plain paragraph; beyond 200 000 characters it is cut.
 */
export function markdownTokens(source: string): { tokens: readonly MarkedToken[]; cut: boolean } {
  const text = source.slice(0, MAX_SOURCE);
  const cut = source.length > MAX_SOURCE;
  try {
    return { tokens: marked.lexer(text, { gfm: true, breaks: false }) as MarkedToken[], cut };
  } catch {
    const plain: MarkedToken = {
      type: 'paragraph',
      raw: text,
      text,
      tokens: [{ type: 'text', raw: text, text, escaped: false }],
    };
    return { tokens: [plain], cut };
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

export function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

/**
 * Inline tokens as spans. HTML is text like any other, so it is printed as it was written; images are not loaded: their
 * alternative text stands in their place.
 */
export function inlineSpans(
  tokens: readonly Token[] | undefined,
  look: TextLook,
  looks: InlineLooks,
  depth = 0,
): Span[] {
  if (tokens === undefined) return [];
  if (depth > MAX_DEPTH) return [{ ...look, text: oneLine(tokens.map(({ raw }) => raw).join('')) }];
  return (tokens as readonly MarkedToken[]).flatMap((token): Span[] => {
    const inside = (children: readonly Token[] | undefined, changed: TextLook): Span[] =>
      inlineSpans(children, changed, looks, depth + 1);
    switch (token.type) {
      case 'strong':
        return inside(token.tokens, looks.bold(look));
      case 'em':
        return inside(token.tokens, looks.italic(look));
      case 'del':
        return inside(token.tokens, { ...look, strike: true });
      case 'codespan':
        return [{ ...looks.code(look), text: decodeEntities(token.text) }];
      case 'br':
        return [{ ...look, text: '\n' }];
      case 'checkbox':
        return [{ ...look, text: token.checked ? '☑ ' : '☐ ' }];
      case 'link': {
        const link = looks.link(token.href);
        return inside(token.tokens, link === null ? look : { ...look, color: looks.linkColor, link });
      }
      case 'image':
        return token.text === '' ? [] : [{ ...looks.italic(look), text: `[${decodeEntities(token.text)}]` }];
      case 'text':
        if (token.tokens !== undefined) return inside(token.tokens, look);
        return [{ ...look, text: oneLine(decodeEntities(token.text)) }];
      case 'escape':
        return [{ ...look, text: token.text }];
      case 'html':
      case 'blockquote':
      case 'code':
      case 'def':
      case 'heading':
      case 'hr':
      case 'list':
      case 'list_item':
      case 'paragraph':
      case 'space':
      case 'table':
        break;
    }
    return [{ ...look, text: oneLine(token.raw) }];
  });
}

/** The source of blocks that are nested too deep, line by line, without the signs of quotations. */
export const linesAsWritten = (tokens: readonly Token[]): readonly string[] =>
  tokens
    .flatMap(({ raw }) => raw.split('\n'))
    .map((line) => line.replace(/^[>\s]+/, ''))
    .filter((line) => line !== '');

/** Inline tokens as plain text, for bookmarks and names of places. */
export function inlineText(tokens: readonly Token[] | undefined, depth = 0): string {
  if (tokens === undefined || depth > MAX_DEPTH) return '';
  return (tokens as readonly MarkedToken[])
    .map((token) => {
      if (token.type === 'br') return ' ';
      if (token.type === 'checkbox') return '';
      if ('tokens' in token && token.tokens !== undefined) return inlineText(token.tokens, depth + 1);
      return oneLine(decodeEntities('text' in token ? String(token.text) : token.raw));
    })
    .join('');
}

/** Line ends inside a paragraph are blanks; between Chinese or Japanese characters they are nothing. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])/g, '')
    .replaceAll(/[ \t]*\n[ \t]*/g, ' ');
}
