import type { Content, MetricContent, NoticeContent, TableContent } from '../charts/content.ts';
import { leastHeightOf } from '../charts/signals.ts';
import type { ImageFit, Picture, Placement } from '../definition/definition.ts';
import type { ChartScene } from './chart-view.ts';
import { noticeWords } from './notice-body.ts';
import type { ReportOutline } from './report-outline.ts';
import type { ReportSceneInput } from './report-scene.ts';
import { rowsCaption } from './shown-rows.ts';
import { type WebBlock, webText } from './web-text.ts';
import { webWords } from './web-words.ts';

/** What a document without pages is described from. */
export interface WebSource {
  readonly input: ReportSceneInput;
  readonly outline: ReportOutline;
}

export type WebBody = WebChart | WebTable | WebMetric | WebText | WebImage | WebNotice;

export interface WebChart {
  readonly kind: 'chart';
  readonly alt: string;
  readonly caption: string | null;
  readonly aspect: number;
  /** Least height in points at a width. */
  readonly minHeight: (width: number) => number;
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

interface BodyContext {
  readonly placement: Placement;
  readonly id: string;
  readonly level: number;
  readonly shared: WebSource;
}

type Describe<C> = (content: C, context: BodyContext) => WebBody;

/** How each kind of content stands in a document without pages. */
const BODIES: { readonly [K in Content['kind']]: Describe<Extract<Content, { kind: K }>> } = {
  chart: ({ chart, alt, caption, aspect, minHeight }, { placement, shared }) => {
    const { input } = shared;
    const draw = drawing(placement, input, (width, height) => input.style.drawChart(chart, width, height));
    const { failed } = input.style.strings.words;
    const least = (width: number): number => Math.max(minHeight, leastHeightOf(chart, width));
    return { kind: 'chart', alt, caption, aspect, minHeight: least, draw, failed };
  },
  table: (content, { shared }) => {
    const { rows, alt } = content;
    const { style } = shared.input;
    const caption = (shown: number): string => {
      const said = rowsCaption(content, { from: Math.min(1, shown), to: shown }, style);
      return shown < rows.length ? `${said} · ${webWords(style.locale).mostRows(style.strings.number(shown))}` : said;
    };
    return { kind: 'table', content, alt, caption, link: shared.outline.anchors.link };
  },
  metric: (content, { placement, shared: { input } }) => {
    const { sparkline } = content;
    const draw = sparkline && drawing(placement, input, (w, h) => input.style.drawChart(sparkline, w, h));
    return { kind: 'metric', content, draw };
  },
  text: (
    { markdown },
    {
      placement,
      id,
      level,
      shared: {
        outline: { anchors },
      },
    },
  ) => ({
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

/** What a widget's content is in a document without pages. */
export function webBody(content: Content, context: BodyContext): WebBody {
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
