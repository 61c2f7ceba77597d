import type { Content, MetricContent, NoticeContent, TableContent } from '../charts/content.ts';
import type { Theme } from '../charts/theme.ts';
import type { Align, ImageFit, PageBand, Picture, Placement } from '../definition/definition.ts';
import type { Anchors } from './anchors.ts';
import type { ChartScene } from './chart-view.ts';
import type { FontRegistry } from './fonts.ts';
import { noticeWords } from './notice-body.ts';
import type { ReportSceneInput } from './report-scene.ts';
import { languageOf } from './strings.ts';
import { type WebPlace, webPlaces } from './web-placement.ts';
import { type WebBlock, webText } from './web-text.ts';
import { type WebWords, webWords } from './web-words.ts';

/**
 * A report as a document without pages: the same sections in the same order of reading, with the same names of places,
 * texts and charts as on paper, but not broken into lines. HTML is written from it. Every string is text, never markup;
 * every link has passed `Anchors.link`.
 */
export interface WebReport {
  readonly title: string;
  /** False where the report wants no title on its page; a document still needs one for its window. */
  readonly showTitle: boolean;
  /** BCP 47. */
  readonly language: string;
  readonly period: string | null;
  readonly generated: string;
  readonly header: WebBand | null;
  readonly footer: WebBand | null;
  readonly paper: { readonly width: number; readonly height: number };
  readonly theme: Theme;
  /** Family or PostScript name that the report asks for; null = the theme's. */
  readonly font: string | null;
  readonly words: WebWords;
  /** What charts were measured with. */
  readonly fonts: FontRegistry;
  /** In the order of the definition's pages. */
  readonly sheets: readonly WebSheet[];
  /** Said where there is nothing else. */
  readonly emptyHint: string | null;
}

export interface WebBand {
  readonly text: string;
  readonly color: string | null;
  readonly textAlign: Align;
  readonly picture: Picture | null;
  readonly imageAlign: Align;
  readonly fit: ImageFit;
  /** Day and time, where the footer shows it. */
  readonly date: string | null;
}

/** One page of the definition; its cards stand on a grid of `columns` equal columns. */
export interface WebSheet {
  readonly columns: number;
  readonly sections: readonly WebSection[];
}

export interface WebSection {
  /** Unique in the document. */
  readonly id: string;
  readonly place: WebPlace;
  /** In grid rows as defined; null = as the content needs. */
  readonly rows: number | null;
  /** Share of the sheet's width, 0 to 1. */
  readonly share: number;
  readonly heading: string | null;
  /** Name of the heading, for links. */
  readonly anchor: string | null;
  readonly level: 1 | 2;
  readonly description: string | null;
  readonly body: WebBody;
}

export type WebBody = WebChart | WebTable | WebMetric | WebText | WebImage | WebNotice;

export interface WebChart {
  readonly kind: 'chart';
  readonly alt: string;
  readonly caption: string | null;
  readonly aspect: number;
  readonly minHeight: number;
  /** Lays the chart out in a size in points; whoever draws releases it. Null when it cannot be drawn: `failed` is said. */
  readonly draw: (width: number, height: number) => ChartScene | null;
  readonly failed: string;
}

/** All rows that were read; `format` and `linkOf` of the columns make text and links of values, as on paper. */
export interface WebTable {
  readonly kind: 'table';
  readonly content: TableContent;
  readonly alt: string;
  /** What stands below: rows shown of rows there are. */
  readonly caption: (shown: number) => string;
  readonly link: (target: string) => string | null;
}

export interface WebMetric {
  readonly kind: 'metric';
  readonly content: MetricContent;
  readonly draw: ((width: number, height: number) => ChartScene | null) | null;
}

export interface WebText {
  readonly kind: 'text';
  readonly blocks: readonly WebBlock[];
}

export interface WebImage {
  readonly kind: 'image';
  readonly picture: Picture;
  readonly fit: ImageFit;
  readonly alt: string;
}

export interface WebNotice {
  readonly kind: 'notice';
  readonly state: NoticeContent['state'];
  /** Empty for what is no failure. */
  readonly title: string;
  readonly message: string;
}

interface Shared {
  readonly input: ReportSceneInput;
  readonly anchors: Anchors;
  readonly sectionOf: (page: number, index: number) => string;
  readonly paper: WebReport['paper'];
}

/** Describe a report for outputs without pages. Charts are laid out only when they are asked to be drawn. */
export function webReport(shared: Shared): WebReport {
  const { definition, style, period, at } = shared.input;
  const { strings, theme, family, locale } = style;
  const date = strings.instant(at);
  return {
    title: definition.name,
    showTitle: definition.style.showTitle,
    language: languageOf(locale),
    period: period === null ? null : `${strings.period(period.from, period.to)} · ${style.timeZone}`,
    generated: strings.words.generated(date),
    header: bandOf(definition.header, null),
    footer: bandOf(definition.footer, definition.footer.showDate ? date : null),
    paper: shared.paper,
    theme,
    font: family,
    words: webWords(locale),
    fonts: style.ruler.fonts,
    emptyHint: definition.pages.length === 0 ? strings.words.noWidgets : null,
    sheets: definition.pages.map((placements, page) => {
      const { columns, places } = webPlaces(placements);
      const sections = placements.flatMap((placement, index) => {
        const place = places[index];
        return place === undefined ? [] : [sectionOf(placement, place, shared.sectionOf(page, index), shared)];
      });
      return { columns, sections };
    }),
  };
}

function bandOf(band: PageBand, date: string | null): WebBand | null {
  const { show, text, color, textAlign, picture, imageAlign, fit } = band;
  const isEmpty = text.trim() === '' && picture === null && date === null;
  return show && !isEmpty ? { text, color, textAlign, picture, imageAlign, fit, date } : null;
}

function sectionOf(placement: Placement, place: WebPlace, id: string, shared: Shared): WebSection {
  const { heading, description } = placement.widget;
  const level = shared.input.definition.style.showTitle ? 2 : 1;
  return {
    id,
    place,
    rows: placement.h,
    share: placement.w / 12,
    heading,
    anchor: shared.anchors.ofHeading(id),
    level,
    description,
    body: bodyOf(shared.input.contentOf(placement), { placement, id, level, shared }),
  };
}

interface BodyContext {
  readonly placement: Placement;
  readonly id: string;
  readonly level: 1 | 2;
  readonly shared: Shared;
}

type Describe<C> = (content: C, context: BodyContext) => WebBody;

/** How each kind of content stands in a document without pages. */
const BODIES: { readonly [K in Content['kind']]: Describe<Extract<Content, { kind: K }>> } = {
  chart: ({ chart, alt, caption, aspect, minHeight }, { placement, shared }) => {
    const { input } = shared;
    const draw = drawing(placement, input, (width, height) => input.style.drawChart(chart, width, height));
    return { kind: 'chart', alt, caption, aspect, minHeight, draw, failed: input.style.strings.words.failed };
  },
  table: (content, { shared }) => {
    const { rows, truncation, limit, alt } = content;
    const { strings, locale } = shared.input.style;
    const caption = (shown: number): string => {
      const said = strings.rows(Math.min(1, shown), shown, rows.length, truncation, limit);
      return shown < rows.length ? `${said} · ${webWords(locale).mostRows(strings.number(shown))}` : said;
    };
    return { kind: 'table', content, alt, caption, link: shared.anchors.link };
  },
  metric: (content, { placement, shared: { input } }) => {
    const { sparkline } = content;
    const draw = sparkline && drawing(placement, input, (w, h) => input.style.drawChart(sparkline, w, h));
    return { kind: 'metric', content, draw };
  },
  text: ({ markdown }, { placement, id, level, shared: { anchors } }) => ({
    kind: 'text',
    blocks: webText(markdown, {
      headingLevel: placement.widget.heading === null ? level - 1 : level,
      anchorOf: (index) => anchors.ofTextHeading(id, index),
      link: anchors.link,
    }),
  }),
  image: ({ picture, fit, alt }) => ({ kind: 'image', picture, fit, alt }),
  notice: (content, { placement, shared }) => {
    const { title, message } = noticeWords(content, placement.widget.kind, shared.input.style.strings);
    return { kind: 'notice', state: content.state, title, message };
  },
};

function bodyOf(content: Content, context: BodyContext): WebBody {
  const describe = BODIES[content.kind] as Describe<Content>;
  return describe(content, context);
}

function drawing(
  placement: Placement,
  input: ReportSceneInput,
  draw: (width: number, height: number) => ChartScene,
): (width: number, height: number) => ChartScene | null {
  return (width, height) => {
    try {
      return draw(width, height);
    } catch (error) {
      input.onFailure(placement, error);
      return null;
    }
  };
}
