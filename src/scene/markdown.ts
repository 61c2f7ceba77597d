import type { MarkedToken, Token, Tokens } from 'marked';
import type { Align } from '../definition/definition.ts';
import { columnNeeds } from './column-needs.ts';
import { type Flow, flowOfSlices } from './flow.ts';
import { MAX_NESTING } from './markdown-headings.ts';
import {
  addParagraph,
  addRule,
  addSlice,
  newSheet,
  nextId,
  type Place,
  type Sheet,
  type SheetOptions,
} from './markdown-sheet.ts';
import { inlineSpans, inlineText, linesAsWritten, markdownTokens } from './markdown-spans.ts';
import type { Tag } from './scene.ts';
import { tableFlow } from './table.ts';
import { lookOf, type Span, type TextLook } from './text.ts';

const HEADING_TAGS: readonly Tag[] = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6'];
const INDENT = 14;
/** A block of its own that says "new page", as editors and converters write it. */
const PAGE_BREAK = /^\s*(?:<!--\s*page-?\s?break\s*-->|\\(?:newpage|pagebreak))\s*$/i;

export interface MarkdownFlow extends Flow {
  /** The slice that each heading begins with. */
  readonly headings: readonly number[];
}

/**
 * Lay out a Markdown text as lines that may go on over pages: headings stay with what follows, the first and last two
 * lines of a paragraph stay together, HTML and images stay text, links lead only to http, https, mailto and `#name` in the document.
 */
export function markdownFlow(source: string, options: SheetOptions): MarkdownFlow {
  const { tokens } = markdownTokens(source);
  const sheet = newSheet(options);
  addBlocks(sheet, tokens, { path: [], indent: 0, color: null, bar: false, depth: 0 }, null);
  return { ...flowOfSlices(sheet.slices), headings: sheet.headings };
}

function addBlocks(sheet: Sheet, tokens: readonly MarkedToken[], place: Place, label: Span | null): void {
  if (place.depth > MAX_NESTING) {
    addTooDeep(sheet, tokens, place, label);
    return;
  }
  tokens.forEach((token, index) => {
    addBlock(sheet, token, place, index === 0 ? label : null);
  });
}

/** What is nested too deep is printed as it is written. */
function addTooDeep(sheet: Sheet, tokens: readonly MarkedToken[], place: Place, label: Span | null): void {
  const text = linesAsWritten(tokens).join('\n');
  const spans = [{ ...sheet.body, color: place.color ?? sheet.body.color, text }];
  const { lineHeight } = sheet.options.theme.text.body;
  addParagraph(sheet, { spans, tag: 'P', lineHeight, keeps: false, label }, place);
}

function addBlock(sheet: Sheet, token: MarkedToken, place: Place, label: Span | null): void {
  const { theme } = sheet.options;
  if (token.type === 'space' || token.type === 'def') return;
  if (PAGE_BREAK.test(token.raw)) {
    sheet.breaks = true;
    return;
  }
  if (token.type === 'heading') {
    addHeading(sheet, token, place);
    return;
  }
  if (token.type === 'list') addList(sheet, token, place);
  else if (token.type === 'blockquote') {
    const inside = {
      ...place,
      indent: place.indent + INDENT,
      color: theme.ink.muted,
      bar: true,
      depth: place.depth + 1,
    };
    addBlocks(sheet, token.tokens as MarkedToken[], inside, null);
  } else if (token.type === 'code') addCode(sheet, token.text, place);
  else if (token.type === 'hr') addRule(sheet, place);
  else if (token.type === 'table') addTable(sheet, token, place);
  else {
    const children: readonly Token[] = 'tokens' in token && token.tokens ? token.tokens : [token];
    const spans = inlineSpans(children, { ...sheet.body, color: place.color ?? sheet.body.color }, sheet.looks);
    addParagraph(sheet, { spans, tag: 'P', lineHeight: theme.text.body.lineHeight, keeps: false, label }, place);
  }
  sheet.gap = theme.space.paragraph;
}

/** A level below the widget's heading, and never more than one below the heading before: PDF/UA-1 §7.4.2. */
function addHeading(sheet: Sheet, token: Tokens.Heading, place: Place): void {
  const { theme, ruler, family, isHeaded, anchors, section } = sheet.options;
  const { heading, subheading, strong } = theme.text;
  const style = [heading, subheading][token.depth - (isHeaded ? 0 : 1)] ?? strong;
  const level = sheet.levelOf(token.depth);
  if (sheet.slices.length > 0) sheet.gap = theme.space.paragraph * 2;
  const spans = inlineSpans(token.tokens, lookOf(ruler.fonts, style, family), sheet.looks);
  const tag = HEADING_TAGS[level - 1] ?? 'H6';
  const title = inlineText(token.tokens).trim();
  const destination = {
    anchor: anchors.ofTextHeading(section, sheet.headings.length),
    bookmark: title === '' ? null : { title, level: level },
  };
  sheet.headings.push(sheet.slices.length);
  addParagraph(sheet, { spans, tag, lineHeight: style.lineHeight, keeps: true, label: null, destination }, place);
  sheet.gap = theme.space.unit;
}

function addList(sheet: Sheet, token: Tokens.List, place: Place): void {
  const { theme } = sheet.options;
  const list = { tag: 'L' as const, id: nextId(sheet) };
  if (place.depth > 0) sheet.gap = theme.space.unit / 2;
  const first = typeof token.start === 'number' ? token.start : 1;
  token.items.forEach((item, index) => {
    const path = [
      ...place.path,
      list,
      { tag: 'LI' as const, id: nextId(sheet) },
      { tag: 'LBody' as const, id: nextId(sheet) },
    ];
    const label = { ...sheet.body, color: theme.ink.muted, text: token.ordered ? `${first + index}.` : '•' };
    if (index > 0) sheet.gap = token.loose ? theme.space.unit : theme.space.unit / 2;
    const inside = { ...place, path, indent: place.indent + INDENT, depth: place.depth + 1 };
    addBlocks(sheet, item.tokens as MarkedToken[], inside, label);
  });
}

function addCode(sheet: Sheet, text: string, place: Place): void {
  const { theme } = sheet.options;
  const { small } = theme.text;
  const look: TextLook = { ...sheet.looks.code(sheet.body), size: small.size };
  const inside = { ...place, indent: place.indent + theme.space.unit * 2, isCode: true };
  for (const line of text.split('\n')) {
    const spans = [{ ...look, text: line.replaceAll('\t', '  ').replaceAll(' ', '\u00a0') || '\u00a0' }];
    addParagraph(sheet, { spans, tag: 'P', lineHeight: small.lineHeight, keeps: false, label: null }, inside);
  }
}

function addTable(sheet: Sheet, token: Tokens.Table, place: Place): void {
  const { ruler, theme, family } = sheet.options;
  const cell = (tokens: Token[], bold: boolean): Span[] =>
    inlineSpans(tokens, lookOf(ruler.fonts, bold ? theme.text.tableHeader : theme.text.tableCell, family), sheet.looks);
  const rows = token.rows.map((row) => row.map(({ tokens }) => cell(tokens, false)));
  const columns = token.header.map(({ tokens, align }) => {
    return { label: cell(tokens, true), align: (align ?? 'left') as Align, wraps: align !== 'right' };
  });
  const row = (index: number): readonly Span[][] => rows[index] ?? [];
  const needs = columnNeeds({ columns, count: rows.length, row, ruler });
  const width = sheet.options.width - place.indent;
  const flow = tableFlow({
    columns,
    needs,
    count: rows.length,
    row,
    width,
    theme,
    ruler,
    id: nextId(sheet),
    caption: null,
  });
  const lead = { height: flow.frame(0, 0), paint: (x: number, y: number) => flow.paintHeader(x + place.indent, y) };
  for (let index = 0; index < Math.max(1, flow.count); index += 1) {
    const first = index === 0;
    addSlice(sheet, {
      height: flow.height(index) + (first ? flow.frame(0, 0) : 0),
      gap: first ? sheet.gap : 0,
      keepsNext: flow.keepsNext(index),
      ...(first ? {} : { lead }),
      paint: (x, y) => [...flow.paintRow(index, x + place.indent, y, first)],
    });
  }
}
