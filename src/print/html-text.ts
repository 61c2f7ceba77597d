const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as it may stand between tags and in quoted attributes of HTML and of SVG. Characters that neither may hold
 * (controls, lone surrogates, non-characters) are dropped or become U+FFFD.
 */
export const escapeText = (text: string): string =>
  plain(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** `dir` for text with letters of scripts that run from the right; others need none. */
export const directionOf = (text: string): string =>
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(text) ? ' dir="auto"' : '';

const plain = (text: string): string =>
  text.toWellFormed().replaceAll(/(?![\t\n])[\p{Cc}\ufdd0-\ufdef\ufffe\uffff]/gu, '');

/** The name of a place as an id: without blanks, which ids may not have. Links to it are written by `hrefOf`. */
const idOf = (name: string): string => plain(name).replaceAll(/\s/gu, '-');

/** A link's target as the value of `href`: an address that layout let through, or a place in the document. */
export function hrefOf(target: string): string | null {
  if (target.startsWith('#')) return escapeText(`#${encodeURIComponent(idOf(target.slice(1)))}`);
  return /^(https?:|mailto:)/i.test(target) ? escapeText(target) : null;
}

/** Hands out each id once: `id` of an attribute with its blank, or nothing where the name is taken or missing. */
export function idRegistry(): (name: string | null) => string {
  const taken = new Set<string>();
  return (name) => {
    if (name === null || name === '') return '';
    const id = idOf(name);
    if (taken.has(id)) return '';
    taken.add(id);
    return ` id="${escapeText(id)}"`;
  };
}
