import { setImmediate as nextTurn } from 'node:timers/promises';
import { BroadsheetError } from '../errors.ts';
import type { WebBand, WebOpening, WebReport } from '../scene/web-report.ts';
import { htmlBlocks } from './html-blocks.ts';
import { htmlColors } from './html-colors.ts';
import { numberSizes } from './html-number.ts';
import { HTML_POLICY, SORT_SCRIPT } from './html-script.ts';
import { type HtmlSection, htmlSection, imageTag } from './html-section.ts';
import { htmlStyle } from './html-style.ts';
import { escapeText, hrefOf, idRegistry } from './html-text.ts';
import type { WrittenFile } from './output.ts';

export interface HtmlOptions {
  /** Tables can be sorted by their column headings: a small script in the document, allowed by its hash. */
  readonly sortable?: boolean;
  /** Rows of one table that are written; more are left to CSV and XLSX, and the table says so. */
  readonly maxRows?: number;
  readonly signal: AbortSignal;
}

const USUAL_MAX_ROWS = 10_000;
/** Beyond this browsers give up sooner than readers. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Write a report as one HTML file that needs nothing else: no network, no script unless tables are to be sorted, charts
 * as SVG, pictures as data. The same report and options give the same bytes.
 * @throws BroadsheetError `canceled` when the signal fires, `too_large` beyond 64 MB.
 */
export async function printHtml(report: WebReport, options: HtmlOptions): Promise<WrittenFile> {
  const colors = htmlColors(report.theme);
  const idAttribute = idRegistry();
  const { sortable = false, maxRows = USUAL_MAX_ROWS, signal } = options;
  const context = { colors, fonts: report.fonts, words: report.words, sortable, maxRows, idAttribute };
  const sheets: { readonly open: string; readonly sections: HtmlSection[] }[] = [];
  for (const { title, columns, sections } of report.sheets) {
    const written: HtmlSection[] = [];
    const sizes = numberSizes(sections);
    for (const section of sections) {
      if (signal.aborted) throw new BroadsheetError('canceled', 'printing was canceled');
      written.push(htmlSection(section, { ...context, numberSizes: sizes }));
      await nextTurn();
    }
    sheets.push({ open: `${sheetTitle(title, idAttribute)}${gridOf(columns)}`, sections: written });
  }
  const out = byteCollector();
  // Charts are drawn by now, so the stylesheet knows all colours; long tables are written piece by piece.
  out.add(headOf(report, htmlStyle(report, colors), sortable));
  for (const { open: opening, sections } of sheets) {
    out.add(opening);
    for (const { open, body, close } of sections) {
      if (signal.aborted) throw new BroadsheetError('canceled', 'printing was canceled');
      out.add(open);
      for (const piece of body) out.add(piece);
      out.add(`${close}\n`);
      await nextTurn();
    }
    out.add('</div>\n');
  }
  out.add(tailOf(report, sortable));
  return { bytes: out.end(), mediaType: 'text/html; charset=utf-8', extension: 'html', pages: 0 };
}

const gridOf = (columns: number): string =>
  `<div class="sheet" style="grid-template-columns:repeat(${columns},minmax(0,1fr))">\n`;

function sheetTitle(title: WebReport['sheets'][number]['title'], idAttribute: (name: string | null) => string): string {
  if (title === null) return '';
  return `<h${title.level} class="part"${idAttribute(title.anchor)}>${escapeText(title.text)}</h${title.level}>\n`;
}

function headOf(report: WebReport, style: string, sortable: boolean): string {
  const { title, language, words } = report;
  return [
    `<!DOCTYPE html>\n<html lang="${escapeText(language)}">\n<head>\n<meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeText(sortable ? HTML_POLICY : HTML_POLICY.replace(/; script-src.*$/, ''))}">`,
    '<meta name="generator" content="Broadsheet">\n<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(title)}</title>\n<style>${style}</style>\n</head>\n<body>`,
    `<a class="skip" href="#main">${escapeText(words.skip)}</a>\n<div class="page">`,
    report.header === null ? '' : bandOf(report.header, 'header'),
    report.opening === null ? '' : openingOf(report.opening),
    contentsOf(report),
    '<main id="main">',
    report.emptyHint === null ? '' : `<p>${escapeText(report.emptyHint)}</p>`,
    '',
  ].join('\n');
}

function tailOf(report: WebReport, sortable: boolean): string {
  const footer = report.footer === null ? '' : bandOf(report.footer, 'footer');
  const script = sortable ? `<script>${SORT_SCRIPT}</script>\n` : '';
  return `</main>\n${footer}\n</div>\n${script}</body>\n</html>\n`;
}

const SIDES = { left: '', center: ' c', right: ' e' } as const;

/** Header or footer: picture and texts at their sides. */
function bandOf(band: WebBand, tag: 'header' | 'footer'): string {
  const color = band.color === null || !/^#[0-9a-f]{3,8}$/i.test(band.color) ? '' : ` style="color:${band.color}"`;
  const text = band.text.trim() === '' ? '' : `<span${color}>${escapeText(band.text)}</span>`;
  const picture = band.picture === null ? '' : imageTag(band.picture, '', band.fit);
  if (band.picture !== null && band.fit === 'fill')
    return `<${tag} class="band">${picture}${text}${dateOf(band)}</${tag}>`;
  const at = (side: keyof typeof SIDES): string => {
    const inside = [band.imageAlign === side ? picture : '', band.textAlign === side ? text : ''].join('');
    return inside === '' ? '' : `<div class="s${SIDES[side]}">${inside}</div>`;
  };
  return `<${tag} class="band">${at('left')}${at('center')}${at('right')}${dateOf(band)}</${tag}>`;
}

const dateOf = ({ date }: WebBand): string => (date === null ? '' : `<span>${escapeText(date)}</span>`);

function openingOf({ title, subtitle, facts, text, picture }: WebOpening): string {
  const below = subtitle === null ? '' : `<p class="subtitle">${escapeText(subtitle)}</p>`;
  const said = facts.length === 0 ? '' : `<p class="period">${facts.map(escapeText).join(' · ')}</p>`;
  const words = htmlBlocks(text, () => '');
  return `<div class="title">${picture === null ? '' : imageTag(picture, '', 'logo')}<h1>${escapeText(title)}</h1>${below}${said}${words}</div>`;
}

function contentsOf({ contents, words }: WebReport): string {
  if (contents.length === 0) return '';
  const items = contents.map(({ title, anchor, depth }) => {
    return `<li class="d${Math.min(4, depth)}"><a href="${hrefOf(`#${anchor}`)}">${escapeText(title)}</a></li>`;
  });
  const label = escapeText(words.contents);
  return `<nav class="toc" aria-label="${label}"><details open><summary>${label}</summary><ol>${items.join('')}</ol></details></nav>`;
}

/** Gathers text as bytes in blocks, within a bound. */
function byteCollector(): { add: (text: string) => void; end: () => Uint8Array } {
  const blocks: Uint8Array[] = [];
  let waiting = '';
  let size = 0;
  const flush = (): void => {
    const block = Buffer.from(waiting);
    size += block.length;
    if (size > MOST_BYTES) throw new BroadsheetError('too_large', 'the report is too large for one HTML file');
    blocks.push(block);
    waiting = '';
  };
  return {
    add: (text) => {
      waiting += text;
      if (waiting.length > 65_536) flush();
    },
    end: () => {
      flush();
      return Buffer.concat(blocks, size);
    },
  };
}
