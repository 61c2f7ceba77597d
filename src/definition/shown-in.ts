import type { Placement, ReportDefinition, Widget } from './definition.ts';

/** Sheets of paper (PDF, PNG), or a document without pages (HTML). */
export type Medium = 'paper' | 'web';

const isLoose = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A widget as it stands in a medium: what `settings.inHtml` says holds in HTML before the other settings. */
export function widgetIn(widget: Widget, medium: Medium): Widget {
  const { inHtml } = widget.settings;
  if (medium === 'paper' || !isLoose(inHtml)) return widget;
  return { ...widget, settings: { ...widget.settings, ...inHtml } };
}

/** A report as it stands in a medium: its widgets likewise, without those whose settings say `hidden` there. */
export function definitionIn(definition: ReportDefinition, medium: Medium): ReportDefinition {
  const placed = (placements: readonly Placement[]): readonly Placement[] =>
    placements
      .map((placement) => ({ ...placement, widget: widgetIn(placement.widget, medium) }))
      .filter(({ widget }) => widget.settings.hidden !== true);
  return { ...definition, pages: definition.pages.map(placed) };
}
