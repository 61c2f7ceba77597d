import type { Widget, WidgetKind } from '../definition/definition.ts';
import type { Content } from './content.ts';
import type { ChartEnvironment, SeriesRows, WidgetKindMaker } from './environment.ts';
import { gauge } from './gauge.ts';
import { heatmap } from './heatmap.ts';
import { histogram } from './histogram.ts';
import { image } from './image.ts';
import { shortText } from './mappings.ts';
import { metric } from './metric.ts';
import { pie } from './pie.ts';
import { statetimeline } from './state-timeline.ts';
import { table } from './table.ts';
import { text } from './text.ts';
import { timeseries } from './timeseries.ts';
import { toplist } from './toplist.ts';
import { chartWords } from './words.ts';

/** How each kind of widget becomes content: one file a kind. */
const KINDS: Readonly<Record<WidgetKind, WidgetKindMaker>> = {
  timeseries,
  histogram,
  pie,
  toplist,
  heatmap,
  gauge,
  statetimeline,
  table,
  metric,
  text,
  image,
};

/** Never throws for what rows or settings hold; a widget of an unknown kind becomes a notice that says so. */
export function contentOf(widget: Widget, series: readonly SeriesRows[], env: ChartEnvironment): Content {
  if (!Object.hasOwn(KINDS, widget.kind)) {
    const message = chartWords(env.locale).unknownKind(shortText(widget.kind));
    return { kind: 'notice', state: 'unsupported', message };
  }
  return KINDS[widget.kind as WidgetKind](widget, series, env);
}
