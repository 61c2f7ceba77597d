import type {
  ChartContent,
  Content,
  ImageContent,
  MetricContent,
  NoticeContent,
  TableContent,
  TextContent,
} from '../charts/content.ts';
import type { Anchors } from './anchors.ts';
import { chartBody } from './chart-body.ts';
import type { Flow } from './flow.ts';
import { imageBody } from './image-body.ts';
import { markdownFlow } from './markdown.ts';
import { metricBody } from './metric-body.ts';
import type { MetricRow } from './metric-rows.ts';
import { noticeBody } from './notice-body.ts';
import type { Box, Piece, Treatment } from './scene.ts';
import type { SheetStyle } from './sheet-style.ts';
import { tableBody } from './table-body.ts';

/** Content that stays whole in the box it is given. */
export interface FixedBody {
  readonly kind: 'fixed';
  readonly natural: number;
  readonly least: number;
  readonly warnings: readonly string[];
  readonly treatment?: Omit<Treatment, 'widgetId'>;
  pieces(box: Box): Iterable<Piece>;
}

/** Content that may go on over pages; it has one slice at least. */
export interface FlowBody {
  readonly kind: 'flow';
  readonly flow: Flow;
  /** Slices that headings of a text begin with. */
  readonly headings?: readonly number[];
  readonly warnings: readonly string[];
  readonly treatment?: Omit<Treatment, 'widgetId'>;
}

export interface BodyInput<C> {
  readonly content: C;
  readonly width: number;
  readonly id: string;
  /** Level of the heading above; 0 where there is none. */
  readonly headingLevel: number;
  /** Whether that heading is the widget's own. */
  readonly isHeaded: boolean;
  /** Every link that is drawn has to pass `anchors.link`. */
  readonly anchors: Anchors;
  /** The widget's heading or name. */
  readonly title: string;
  /** The widget's, for bodies that place it themselves. */
  readonly description: string | null;
  /** The stored word, for the notice on kinds that are not known. */
  readonly widgetKind: string;
  /** What a number has in common with those beside it. */
  readonly row?: MetricRow | null;
  readonly onFailure: (error: unknown) => void;
  /** Gives other work its turn. @throws BroadsheetError `canceled` when the document is no longer wanted. */
  readonly pause: () => Promise<void>;
}

type Body = FixedBody | FlowBody;
type Layer<C> = (input: BodyInput<C>, style: SheetStyle) => Body | Promise<Body>;

/** How each kind of content is laid out. */
const BODIES: {
  readonly chart: Layer<ChartContent>;
  readonly table: Layer<TableContent>;
  readonly metric: Layer<MetricContent>;
  readonly text: Layer<TextContent>;
  readonly image: Layer<ImageContent>;
  readonly notice: Layer<NoticeContent>;
} = {
  chart: chartBody,
  table: tableBody,
  metric: metricBody,
  text: textBody,
  image: imageBody,
  notice: noticeBody,
};

export async function cardBody(input: BodyInput<Content>, style: SheetStyle): Promise<Body> {
  const layOut = BODIES[input.content.kind] as Layer<Content>;
  return layOut(input, style);
}

function textBody(input: BodyInput<TextContent>, style: SheetStyle): FixedBody | FlowBody {
  const { theme, ruler, family } = style;
  const { width, id, headingLevel, anchors } = input;
  const options = { theme, ruler, family, width, id, section: id, headingLevel, isHeaded: input.isHeaded, anchors };
  const flow = markdownFlow(input.content.markdown, options);
  if (flow.count > 0) return { kind: 'flow', flow, headings: flow.headings, warnings: [] };
  return { kind: 'fixed', natural: 0, least: 0, warnings: [], pieces: () => [] };
}
