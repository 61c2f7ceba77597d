import type { WebBody } from '../scene/web-body.ts';
import type { WebReport } from '../scene/web-report.ts';
import { htmlBlocks } from './html-blocks.ts';
import { type ChartInk, svgChart } from './html-chart.ts';
import { isLongNumber } from './html-number.ts';
import { htmlTable } from './html-table.ts';
import { escapeText } from './html-text.ts';

type Section = WebReport['sheets'][number]['sections'][number];
type Body<K extends WebBody['kind']> = Extract<WebBody, { kind: K }>;

export interface SectionContext extends ChartInk {
  readonly words: WebReport['words'];
  readonly sortable: boolean;
  readonly maxRows: number;
  readonly idAttribute: (name: string | null) => string;
  /** Styles of the numbers of the sheet, by section. */
  readonly numberSizes: ReadonlyMap<string, string>;
}

/** A card in pieces; the pieces of long tables are made while they are written. */
export interface HtmlSection {
  readonly open: string;
  readonly body: Iterable<string>;
  readonly close: string;
}

/** Of the sheet, in the units of charts (points): twelve columns. */
const SHEET_WIDTH = 760;
const NARROW_WIDTH = 250;
/** Charts up to this width are drawn once, for all screens. */
const NARROW_ENOUGH = 290;
/** Height of a grid row, as on paper. */
const PITCH = 46;
/** Gutter and padding of a card. */
const AROUND = 34;
const HEAD = 20;
const TALLEST = 620;

const UNFRAMED: readonly WebBody['kind'][] = ['text', 'image'];

/** @throws what drawing a chart throws beyond being impossible. */
export function htmlSection(section: Section, context: SectionContext): HtmlSection {
  const { id, place, heading, anchor, level, description, body } = section;
  const classes = [
    'card',
    `k-${body.kind}`,
    ...(UNFRAMED.includes(body.kind) ? [] : ['framed']),
    ...(isLong(body) ? ['flows'] : []),
  ];
  const { column, columnSpan, row, rowSpan } = place;
  const spot = `--x:${column};--w:${columnSpan};--y:${row};--h:${rowSpan}`;
  const headId = heading === null ? null : `${id}h`;
  const named = headId === null ? '' : ` aria-labelledby="${headId}"`;
  const title =
    heading === null ? '' : `<h${level} class="head"><span id="${id}h">${escapeText(heading)}</span></h${level}>`;
  const lead = description === null ? '' : `<p class="lead">${escapeText(description)}</p>`;
  const own = context.idAttribute(anchor) || context.idAttribute(id);
  return {
    open: `<section${own} class="${classes.join(' ')}" style="${spot}"${named}>${title}${body.kind === 'metric' ? '' : lead}`,
    body: BODIES[body.kind](body as never, section, context),
    close: `${body.kind === 'metric' ? lead : ''}</section>`,
  };
}

const isLong = (body: WebBody): boolean =>
  body.kind === 'text' || (body.kind === 'table' && body.content.rows.length > 12);

type Write<K extends WebBody['kind']> = (body: Body<K>, section: Section, context: SectionContext) => Iterable<string>;

const BODIES: { readonly [K in WebBody['kind']]: Write<K> } = {
  chart: (body, section, context) => [figureOf(body, section, context)],
  table: (body, { id, heading }, { sortable, maxRows, idAttribute }) =>
    htmlTable(body, { sortable, maxRows, idAttribute, labelledBy: heading === null ? null : `${id}h` }),
  metric: (body, section, context) => [metricOf(body, section, context)],
  text: ({ blocks }, _, { idAttribute }) => [htmlBlocks(blocks, idAttribute)],
  image: ({ picture, fit, alt }) => [imageTag(picture, alt, fit)],
  notice: ({ state, title, message }) => [noticeOf(state === 'failed' || state === 'timed out', title, message)],
};

function figureOf(body: Body<'chart'>, section: Section, context: SectionContext): string {
  const width = Math.max(120, section.share * SHEET_WIDTH - AROUND);
  const lines =
    (section.heading === null ? 0 : HEAD) +
    (section.description === null ? 0 : HEAD) +
    (body.caption === null ? 0 : HEAD);
  const wished = section.rows === null ? width / body.aspect : section.rows * PITCH - AROUND - lines;
  const height = Math.min(TALLEST, Math.max(body.minHeight(width), wished));
  const words = { title: section.heading ?? firstSentence(body.alt), alt: body.alt };
  const single = width <= NARROW_ENOUGH;
  const shape = { width, height, id: `${section.id}g`, className: single ? 'both' : 'wide', words };
  const drawn = svgChart(body.draw, shape, context);
  if (drawn === null) return noticeOf(true, body.failed, '');
  const small = Math.max(
    body.minHeight(NARROW_WIDTH),
    Math.min(NARROW_WIDTH / 1.4, (NARROW_WIDTH * height) / width + 40),
  );
  const narrow = { ...shape, width: NARROW_WIDTH, height: small, id: `${section.id}n`, className: 'narrow' };
  const second = single ? '' : (svgChart(body.draw, narrow, context) ?? '');
  const caption = body.caption === null ? '' : `<figcaption>${escapeText(body.caption)}</figcaption>`;
  const said = `<details><summary>${escapeText(context.words.inWords)}</summary><p>${escapeText(body.alt)}</p></details>`;
  return `<figure>${drawn}${second}${caption}</figure>${said}`;
}

const firstSentence = (text: string): string => /^[^.,;。，；]{1,120}/u.exec(text)?.[0] ?? text.slice(0, 120);

function metricOf({ content, draw }: Body<'metric'>, { id }: Section, context: SectionContext): string {
  const { value, label, change } = content;
  const shape = { width: 150, height: 30, id: `${id}g`, className: 'spark', words: null };
  const spark = draw === null ? null : svgChart(draw, shape, context);
  const tone = change === null || change.good === null ? '' : change.good ? ' good' : ' bad';
  const notes = [
    ...(change === null ? [] : [`<span class="change${tone}">${escapeText(change.text)}</span>`]),
    ...(label === null ? [] : [escapeText(label)]),
  ];
  const below = notes.length === 0 ? '' : `<p class="lead">${notes.join('&ensp;')}</p>`;
  const style = ` class="value${isLongNumber(value) ? ' long' : ''}" style="${context.numberSizes.get(id) ?? ''}"`;
  return `<div class="body"><p${style}>${escapeText(value)}</p>${spark ?? ''}</div>${below}`;
}

function noticeOf(isWrong: boolean, title: string, message: string): string {
  const strong = title === '' ? '' : `<p><strong>${escapeText(title)}</strong></p>`;
  const words = message === '' ? '' : `<p>${escapeText(message)}</p>`;
  return `<div class="notice${isWrong ? ' wrong' : ''}" role="note">${strong}${words}</div>`;
}

/** A picture as part of the document. */
export function imageTag(
  { bytes, mediaType, width, height }: Body<'image'>['picture'],
  alt: string,
  className: string,
): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return `<img class="${className}" alt="${escapeText(alt)}" width="${width}" height="${height}" src="data:${mediaType};base64,${data}">`;
}
