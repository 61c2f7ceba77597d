import { basename } from 'node:path';
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
const LISTED_FILES = 10;

/**
 * Warnings for a wished font that is not there, for characters that no font has, with their code points, and for files
 * that might have had either.
 * @param fonts of the scenes that were printed.
 */
export function fontWarnings(
  fonts: readonly FontRegistry[],
  wished: string | null,
): { code: string; message: string }[] {
  const [first] = fonts;
  const warnings: { code: string; message: string }[] = [];
  if (wished && first && !first.knows(wished))
    warnings.push({ code: 'font', message: `no font is called "${wished.slice(0, 80)}": Open Sans in its place` });
  const missing = [...new Set(fonts.flatMap((registry) => registry.missing()))];
  const points = missing.map((point) => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`);
  if (missing.length > 0)
    warnings.push({ code: 'missing_glyph', message: `no font has ${listed(points, LISTED_GLYPHS)}` });
  if (warnings.length === 0) return [];
  const files = new Map(fonts.flatMap((registry) => registry.passedOver().map(({ path, reason }) => [path, reason])));
  const unused = [...files].map(([path, reason]) => `${basename(path)} (${reason})`);
  if (unused.length > 0)
    warnings.push({ code: 'font_file', message: `font files not used: ${listed(unused, LISTED_FILES)}` });
  return warnings;
}

const listed = (items: readonly string[], most: number): string =>
  `${items.slice(0, most).join(', ')}${items.length > most ? ` and ${items.length - most} more` : ''}`;
