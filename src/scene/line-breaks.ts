/** A piece of text that no line may end inside of, with what stands at its end. */
export interface Chunk {
  /** The text by span: a word may change its look inside. Empty for a lone space or line end. */
  readonly parts: readonly { readonly text: string; readonly span: number }[];
  /** Spaces after the text: drawn only inside a line. */
  readonly spaces: string;
  /** `always` = a line ends here; `hyphen` = a hyphen is drawn if it does; `may` = it can. */
  readonly end: 'may' | 'hyphen' | 'always';
}

/** Characters that lines may break before and after: Han, kana, Hangul, full-width forms (UAX #14 class ID and kin). */
const WIDE =
  /[\u2e80-\u2fdf\u3040-\u30ff\u3130-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u{20000}-\u{3134f}]/u;
/** Closing marks and small kana: no line begins with one (JIS X 4051, GB/T 15834). */
const NOT_FIRST =
  /[!%),.:;?\]}¢°’”†‡›℃∶、。〃〆〕〗〞﹚﹜！＂％＇），．：；？］｝～」』】》〉·…‥ー々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ\u2010\u2013\u2014]/u;
/** Opening marks and currency signs: no line ends with one. */
const NOT_LAST = /[([{£¥‘“‹〈《「『【〔〖〝﹙﹛＄（．［｛￡￥$]/u;
const SOFT_HYPHEN = '\u00ad';
const ZERO_WIDTH_SPACE = '\u200b';
const IS_SPACE = /[ \t\u2000-\u2006\u2008-\u200a\u205f\u3000]/;
const DASH = /[-\u2010\u2013\u2014]/;

/** Whether a line may end between two neighbouring characters that are not spaces. */
function breaksBetween(before: string, after: string, beforeThat: string): boolean {
  if (NOT_FIRST.test(after) || NOT_LAST.test(before)) return false;
  if (WIDE.test(before) || WIDE.test(after)) return true;
  return DASH.test(before) && /\p{L}/u.test(after) && /[\p{L}\p{N}]/u.test(beforeThat);
}

/** Cut the text of a paragraph, given as spans of different looks, into its unbreakable chunks; `\n` ends a line. */
export function chunksOf(spans: readonly string[]): Chunk[] {
  const chunks: Chunk[] = [];
  let parts: { text: string; span: number }[] = [];
  let spaces = '';
  let [before, beforeThat] = ['', ''];
  const close = (end: Chunk['end']): void => {
    chunks.push({ parts, spaces, end });
    parts = [];
    [spaces, before, beforeThat] = ['', '', ''];
  };
  const take = (character: string, span: number): void => {
    if (spaces !== '' || (before !== '' && breaksBetween(before, character, beforeThat))) close('may');
    const last = parts.at(-1);
    if (last?.span === span) last.text += character;
    else parts.push({ text: character, span });
    [beforeThat, before] = [before, character];
  };
  for (const [span, text] of spans.entries()) {
    for (const character of text) {
      if (character === '\n') close('always');
      else if (character === SOFT_HYPHEN || character === ZERO_WIDTH_SPACE) {
        if (before !== '' && spaces === '') close(character === SOFT_HYPHEN ? 'hyphen' : 'may');
      } else if (IS_SPACE.test(character)) spaces += character === '\t' ? ' ' : character;
      else take(character, span);
    }
  }
  if (parts.length > 0 || spaces !== '') close('may');
  return chunks;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Cut a word that is wider than its line: after the marks of paths, addresses and identifiers where there are any, else
 * between characters as people see them. Every piece but the last is at most `width` wide and has one character at least.
 */
export function cutWord(word: string, width: number, measure: (text: string) => number): string[] {
  const pieces: string[] = [];
  let rest = [...graphemes.segment(word)].map(({ segment }) => segment);
  while (rest.length > 1) {
    const fits = fittingCount(rest, width, measure);
    if (fits >= rest.length) break;
    const cut = lastMark(rest, fits);
    pieces.push(rest.slice(0, cut).join(''));
    rest = rest.slice(cut);
  }
  if (rest.length > 0) pieces.push(rest.join(''));
  return pieces;
}

/** How many characters from the start fit; by halving, for a word may be long and measuring is not free. */
function fittingCount(characters: readonly string[], width: number, measure: (text: string) => number): number {
  let [low, high] = [1, Math.min(characters.length, 512)];
  if (measure(characters.slice(0, high).join('')) <= width) return high;
  while (low < high - 1) {
    const middle = (low + high) >> 1;
    if (measure(characters.slice(0, middle).join('')) <= width) low = middle;
    else high = middle;
  }
  return low;
}

function lastMark(characters: readonly string[], fits: number): number {
  for (let index = fits; index > fits / 2; index -= 1) {
    if (/[/\\_.,:;?&=@+|-]/.test(characters[index - 1] ?? '')) return index;
  }
  return fits;
}
