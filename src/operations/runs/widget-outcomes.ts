import type { Content } from '../../charts/content.ts';
import type { FontRegistry } from '../../scene/fonts.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import type { WidgetRead } from './read-widgets.ts';

/** What stands on the page where a widget could not be read. */
export function problemContent({ problem }: WidgetRead): Content {
  return { kind: 'notice', state: problem?.state ?? 'failed', message: problem?.message ?? '' };
}

/** How a widget ended. `defect` is what went wrong while its chart was drawn. */
export function outcomeOf(read: WidgetRead, content: Content | undefined, defect: unknown): WidgetOutcome {
  const { widget, series, problem } = read;
  const rows = series.reduce((sum, one) => sum + one.rows.values.length, 0);
  const named = { widget_id: widget.id, name: widget.heading ?? widget.name, rows };
  if (problem !== null) return { ...named, state: problem.state, message: problem.message || 'internal error' };
  if (defect !== undefined) return { ...named, state: 'failed', message: 'the chart could not be drawn' };
  if (content?.kind === 'notice') {
    return { ...named, state: content.state === 'unsupported' ? 'failed' : content.state, message: content.message };
  }
  const cut = series.find((one) => one.rows.truncation !== null)?.rows.truncation ?? null;
  if (cut !== null) return { ...named, state: 'truncated', message: `the source had more than ${cut.limit} ${cut.by}` };
  if (content?.kind === 'chart' && content.truncated) return { ...named, state: 'truncated', message: content.caption };
  return { ...named, state: 'ok', message: null };
}

const LISTED_GLYPHS = 20;

/** A warning for characters that no font has, with their code points. */
export function missingGlyphs(fonts: readonly FontRegistry[]): { code: string; message: string }[] {
  const missing = [...new Set(fonts.flatMap((registry) => registry.missing()))];
  if (missing.length === 0) return [];
  const points = missing
    .slice(0, LISTED_GLYPHS)
    .map((point) => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`);
  const more = missing.length > LISTED_GLYPHS ? ` and ${missing.length - LISTED_GLYPHS} more` : '';
  return [{ code: 'missing_glyph', message: `no font has ${points.join(', ')}${more}` }];
}
