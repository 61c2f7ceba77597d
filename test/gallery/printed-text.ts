import type { Value } from '../../src/rows/rows.ts';
import type { Scene } from '../../src/scene/scene.ts';
import { onFile, type TestReport } from '../print/printing.ts';
import { wordsOf } from './scene-words.ts';

/** What a PDF reader has no need to give back as it was: blanks, hyphens at line ends, direction marks, ligatures. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/(?!\s)\p{Cc}|[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/[\u2010\u2011]/gu, '-')
    .replace(/\s+/gu, '');

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const letters = (text: string): string => [...text].sort().join('');

/** Pages as poppler reads them: in reading order, and line by line as they stand. */
function readPages(bytes: Uint8Array): readonly { readonly page: string; readonly lines: readonly string[] }[] {
  const pagesOf = (...options: readonly string[]): readonly string[] =>
    onFile(bytes, 'pdftotext', ...options, 'FILE', '-').split('\f');
  const [ordered, raw] = [pagesOf(), pagesOf('-raw')];
  return ordered.map((text, page) => ({
    page: `${plain(text)}\n${plain(raw[page] ?? '')}`,
    lines: `${text}\n${raw[page] ?? ''}`.split('\n').map(plain),
  }));
}

/**
 * Texts of the scene that poppler does not find on their page. A line with right-to-left words may come back in reading
 * order, so it is looked for by its letters.
 */
export function unreadTexts(scene: Scene, bytes: Uint8Array): readonly string[] {
  const pages = readPages(bytes);
  return wordsOf(scene).flatMap(({ lines, labels }, page) => {
    const read = pages[page] ?? { page: '', lines: [] };
    const isRead = (text: string): boolean => {
      const wanted = plain(text);
      if (read.page.includes(wanted)) return true;
      if (!RIGHT_TO_LEFT.test(text)) return false;
      return [...wanted.matchAll(/[\p{L}\p{N}]+/gu)].every(([word]) => {
        const turned = [...word].reverse().join('');
        return read.page.includes(word) || read.page.includes(turned) || hasLetters(read.lines, word);
      });
    };
    const missing = [...lines, ...labels].filter((text) => !isRead(text));
    return missing.map((text) => `page ${page + 1}: ${text}`);
  });
}

const hasLetters = (lines: readonly string[], word: string): boolean =>
  lines.some((line) => [...letters(word)].every((letter) => line.includes(letter)));

function hiddenColumns(settings: TestReport['widgets'][number]['settings']): readonly unknown[] {
  const columns = Array.isArray(settings?.columns) ? settings.columns : [];
  return columns.flatMap(({ key, hide }) => (hide === true ? [key] : []));
}

/** Words of Markdown that are surely printed: letters alone, between blanks. */
const proseOf = (markdown: string): readonly string[] =>
  markdown
    .replace(/<!--.*?-->/gsu, '')
    .split(/\s+/u)
    .filter((word) => /^[\p{L}\p{M}]+$/u.test(word));

/** Longer words are cut where cells end. */
const WHOLE_WORD = 12;

/**
 * Words that the definition and its rows hold and the pages do not: headings, the text cells of tables, Markdown; known
 * from the input alone.
 */
export function lostWords(report: TestReport, bytes: Uint8Array): readonly string[] {
  const text = readPages(bytes)
    .map(({ page }) => page)
    .join('\n');
  const widgets = report.widgets.filter(({ settings }) => settings?.hidden !== true);
  const cells = widgets.flatMap(({ kind, sql, settings }) => {
    const rows = kind === 'table' && sql !== undefined ? report.answers?.[sql] : undefined;
    if (rows === undefined || rows instanceof Error) return [];
    const hidden = hiddenColumns(settings);
    const shown = (_: Value, at: number): boolean => !hidden.includes(rows.columns[at]?.name);
    const printed = rows.values.slice(0, Number(settings?.rowsShown ?? rows.values.length));
    return printed.flatMap((row) => row.filter(shown)).filter((value) => typeof value === 'string');
  });
  const texts = widgets.flatMap(({ kind, settings }) => (kind === 'text' ? proseOf(String(settings?.text ?? '')) : []));
  const words = [...widgets.map(({ name = '' }) => name), ...cells, ...texts].flatMap((value) => value.split(/\s+/u));
  const short = [...new Set(words)].filter((word) => word.length <= WHOLE_WORD && !RIGHT_TO_LEFT.test(word));
  return short.filter((word) => !text.includes(plain(word)));
}
