import type { WidgetKindMaker } from './environment.ts';
import { emptyNotice } from './notices.ts';

/** Markdown of the widget itself. */
export const text: WidgetKindMaker = (widget, series, env) => {
  const stored = widget.settings.text;
  const markdown = typeof stored === 'string' ? stored : '';
  return markdown.trim() === '' ? emptyNotice(series, env) : { kind: 'text', markdown };
};
