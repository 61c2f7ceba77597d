import type { Period } from '../../period/period.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import { packageVersion } from '../../version.ts';
import type { Drawing, DrawnFile } from './draw-document.ts';

/** What a document was made from: attached to it as `manifest.json` and kept with it. */
export interface Manifest extends Record<string, unknown> {
  readonly format: 'broadsheet-manifest/1';
  readonly report: { readonly id: string; readonly name: string };
  /** The instant it was made for, RFC 3339. */
  readonly made_for: string;
  readonly time_zone: string;
  readonly locale: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly widgets: readonly Record<string, unknown>[];
  /** Files that were written beside the one that carries this. */
  readonly files: readonly Readonly<Record<string, unknown>>[];
  readonly versions: Readonly<Record<string, string>>;
}

export function makeManifest(input: {
  readonly drawing: Drawing;
  readonly outcomes: readonly WidgetOutcome[];
  readonly files: readonly DrawnFile[];
}): Manifest {
  const { definition, at, timeZone, locale, reads } = input.drawing;
  const span = ({ from, to }: Period) => ({ from: from.toISOString(), to: to.toISOString() });
  return {
    format: 'broadsheet-manifest/1',
    report: { id: definition.id, name: definition.name },
    made_for: at.toISOString(),
    time_zone: timeZone,
    locale,
    period: span(input.drawing.period),
    widgets: reads.map(({ widget, period, series }, index) => ({
      id: widget.id,
      name: widget.heading ?? widget.name,
      kind: widget.kind,
      state: input.outcomes[index]?.state ?? 'ok',
      rows: input.outcomes[index]?.rows ?? 0,
      ...(period === null ? {} : { period: span(period) }),
      series: series.map(({ name, source, queryHash, rows }) => ({
        name,
        source,
        query_sha256: queryHash,
        rows: rows.values.length,
        ...(rows.truncation === null ? {} : { truncated_by: rows.truncation.by, limit: rows.truncation.limit }),
      })),
    })),
    files: input.files.map(({ kind, fileName, mediaType, bytes, sha256 }) => {
      return { kind, name: fileName, media_type: mediaType, size: bytes.length, sha256 };
    }),
    // Dates, numbers and time zones depend on these, and so do the bytes.
    versions: { broadsheet: packageVersion(), icu: process.versions.icu ?? '', tz: process.versions.tz ?? '' },
  };
}
