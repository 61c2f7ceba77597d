/** A piece of text that no line may end inside of, with what stands at its end. */
export interface Chunk {
  /** The text by span: a word may change its look inside. Empty for a lone space or line end. */
  readonly parts: readonly { readonly text: string; readonly span: number }[];
  /** Spaces after the text: drawn only inside a line. */
  readonly spaces: string;
  /** `always` = a line ends here; `hyphen` = a hyphen is drawn if it does; `may` = it can. */
  readonly end: 'may' | 'hyphen' | 'always';
}

/**
 * Characters that lines may break before and after: Han, kana, full-width forms (UAX #14 class ID and kin). Hangul is none
 * of them: Korean is written with spaces, and its lines end there as the standard lets them (section 8.1, "keep-all").
 */
const WIDE =
  /[\u2e80-\u2fdf\u3040-\u30ff\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u{20000}-\u{3134f}]/u;
/** Closing marks and small kana: no line begins with one (JIS X 4051, GB/T 15834). */
const NOT_FIRST =
  /[!%),.:;?\]}¢°’”†‡›℃∶、。〃〆〕〗〞﹚﹜！＂％＇），．：；？］｝～」』】》〉·…‥ー々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ\u2010\u2013\u2014]/u;
/** Opening marks and currency signs: no line ends with one. */
const NOT_LAST = /[([{£¥‘“‹〈《「『【〔〖〝﹙﹛＄（．［｛￡￥$]/u;
/** What belongs to the character before it. */
const CONTINUES = /[\p{M}\p{Emoji_Modifier}\u200c\u200d]/u;
const SOFT_HYPHEN = '\u00ad';
const ZERO_WIDTH_SPACE = '\u200b';
const ZERO_WIDTH_JOINER = '\u200d';
const IS_SPACE = /[ \t\u2000-\u2006\u2008-\u200a\u205f\u3000]/;
/** No line holds a longer word: one of megabytes is handed on in pieces, so that lines cost by their number only. */
const LONGEST_CHUNK = 4000;
const DASH = /[-\u2010\u2013\u2014]/;

/** Whether a line may end between two neighbouring characters that are not spaces. */
function breaksBetween(before: string, after: string, beforeThat: string): boolean {
  if (NOT_FIRST.test(after) || NOT_LAST.test(before) || CONTINUES.test(after)) return false;
  if (WIDE.test(before) || WIDE.test(after)) return true;
  return DASH.test(before) && /\p{L}/u.test(after) && /[\p{L}\p{N}]/u.test(beforeThat);
}

/** Scripts that write words without spaces between them: where a word ends is in a dictionary. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+/g;
let dictionary: Intl.Segmenter | undefined;

/** Marks the ends of words by zero-width spaces where the script has no others. */
function withWordEnds(text: string): string {
  return text.replace(UNSPACED, (stretch) => {
    dictionary ??= new Intl.Segmenter('th', { granularity: 'word' });
    return Array.from(dictionary.segment(stretch), ({ segment }) => segment).join(ZERO_WIDTH_SPACE);
  });
}

/**
 * Cut the text of a paragraph, given as spans of different looks, into its unbreakable chunks; `\n` ends a line. Chunks
 * are made as they are asked for.
 */
export function* chunksOf(spans: readonly string[]): Iterable<Chunk> {
  let parts: { text: string; span: number }[] = [];
  let spaces = '';
  let [before, beforeThat] = ['', ''];
  let length = 0;
  const close = (end: Chunk['end']): Chunk => {
    const chunk: Chunk = { parts, spaces, end };
    parts = [];
    [spaces, before, beforeThat] = ['', '', ''];
    length = 0;
    return chunk;
  };
  for (const [span, text] of spans.entries()) {
    for (const character of withWordEnds(text)) {
      if (character === '\n') yield close('always');
      else if (character === SOFT_HYPHEN || character === ZERO_WIDTH_SPACE) {
        if (before !== '' && spaces === '') yield close(character === SOFT_HYPHEN ? 'hyphen' : 'may');
      } else if (IS_SPACE.test(character)) spaces += character === '\t' ? ' ' : character;
      else {
        const isFull = length >= LONGEST_CHUNK && before !== ZERO_WIDTH_JOINER && !CONTINUES.test(character);
        if (spaces !== '' || isFull || (before !== '' && breaksBetween(before, character, beforeThat)))
          yield close('may');
        const last = parts.at(-1);
        if (last?.span === span) last.text += character;
        else parts.push({ text: character, span });
        [beforeThat, before] = [before, character];
        length += 1;
      }
    }
  }
  if (parts.length > 0 || spaces !== '') yield close('may');
}

let graphemes: Intl.Segmenter | undefined;
/** No piece is longer, however narrow its characters are. */
const LONGEST_PIECE = 512;
/** Code units the segmenter is given at a time. */
const WINDOW = 4096;

/**
 * Cut a word that is wider than its line: after the marks of paths, addresses and identifiers where there are any, else
 * between characters as people see them. Every piece but the last is at most `width` wide and has one character at least.
 * Pieces are made as they are asked for, in time that grows with the word and not faster.
 */
export function* cutWord(word: string, width: number, measure: (text: string) => number): Iterable<string> {
  let characters: string[] = [];
  let read = 0;
  for (;;) {
    while (characters.length <= LONGEST_PIECE && read < word.length) {
      graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
      const segments = Array.from(graphemes.segment(word.slice(read, read + WINDOW)), ({ segment }) => segment);
      // The window's last character may go on behind it, unless it is the only one.
      if (read + WINDOW < word.length && segments.length > 1) segments.pop();
      characters = characters.concat(segments);
      read += segments.reduce((sum, { length }) => sum + length, 0);
    }
    if (characters.length <= 1) break;
    const fits = fittingCount(characters, width, measure);
    if (fits >= characters.length) break;
    const cut = lastMark(characters, fits);
    yield characters.slice(0, cut).join('');
    characters = characters.slice(cut);
  }
  if (characters.length > 0) yield characters.join('');
}

const SAMPLE = 24;

/**
 * How many characters from the start fit; by halving, for a word may be long and measuring is not free. A look at the first
 * few tells about how many it will be.
 */
function fittingCount(characters: readonly string[], width: number, measure: (text: string) => number): number {
  let [low, high] = [1, Math.min(characters.length, LONGEST_PIECE)];
  const each = measure(characters.slice(0, SAMPLE).join('')) / Math.min(SAMPLE, characters.length);
  const guess = Math.ceil((width / each) * 1.5) + 1;
  if (guess < high && measure(characters.slice(0, guess).join('')) > width) high = guess;
  else if (measure(characters.slice(0, high).join('')) <= width) return high;
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
