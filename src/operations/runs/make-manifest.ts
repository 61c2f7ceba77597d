import type { Period } from '../../period/period.ts';
import type { Treatment } from '../../scene/scene.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import { packageVersion } from '../../version.ts';
import type { Drawing, DrawnFile } from './draw-document.ts';
import { rowsHash, valueHash } from './rows-hash.ts';

/**
 * What a document was made from: attached to it as `manifest.json` and kept with it. Keys stand in this order; a change
 * that readers must know of gets another `format`. docs/operations.md describes it.
 */
export interface Manifest extends Record<string, unknown> {
  readonly format: 'broadsheet-manifest/1';
  readonly report: { readonly id: string; readonly name: string; readonly definition_sha256: string };
  /** The instant it was made for, RFC 3339. */
  readonly made_for: string;
  readonly time_zone: string;
  readonly locale: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly widgets: readonly Record<string, unknown>[];
  /** Files that were written before the one that carries this. */
  readonly files: readonly Readonly<Record<string, unknown>>[];
  /** PostScript names of the fonts in a PDF; empty where the manifest goes with another file. */
  readonly fonts: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

/** What the size of its data cost a widget. */
interface Printed {
  readonly treatments: readonly Treatment[];
  /** Captions of charts, by the widget's id: what was thinned or left out. */
  readonly captions: ReadonlyMap<string, string>;
}

/** What is said of the files, fonts and outcomes so far; the rows are hashed once, when this begins. */
export function createManifests(
  drawing: Drawing,
  printed: Printed,
): (outcomes: readonly WidgetOutcome[], files: readonly DrawnFile[], fonts: readonly string[]) => Manifest {
  const { definition, at, timeZone, locale, reads } = drawing;
  const span = ({ from, to }: Period) => ({ from: from.toISOString(), to: to.toISOString() });
  const widgets = reads.map(({ widget, period, series }) => ({
    ...(period === null ? {} : { period: span(period) }),
    definition_sha256: valueHash(widget),
    series: series.map(({ name, source, queryHash, rows }) => ({
      name,
      source,
      query_sha256: queryHash,
      rows: rows.values.length,
      rows_sha256: rowsHash(rows),
      ...(rows.truncation === null ? {} : { truncated_by: rows.truncation.by, limit: rows.truncation.limit }),
    })),
  }));
  const head = {
    format: 'broadsheet-manifest/1',
    report: { id: definition.id, name: definition.name, definition_sha256: valueHash(definition) },
    made_for: at.toISOString(),
    time_zone: timeZone,
    locale,
    period: span(drawing.period),
  } as const;
  // Dates, numbers and time zones depend on these, and so do the bytes.
  const versions = { broadsheet: packageVersion(), icu: process.versions.icu ?? '', tz: process.versions.tz ?? '' };
  return (outcomes, files, fonts) => ({
    ...head,
    widgets: reads.map(({ widget }, index) => ({
      id: widget.id,
      name: widget.heading ?? widget.name,
      kind: widget.kind,
      state: outcomes[index]?.state ?? 'ok',
      rows: outcomes[index]?.rows ?? 0,
      ...policiesOf(widget.id, printed),
      ...widgets[index],
    })),
    files: files.map(({ kind, fileName, mediaType, bytes, sha256 }) => {
      return { kind, name: fileName, media_type: mediaType, size: bytes.length, sha256 };
    }),
    fonts,
    versions,
  });
}

/** Nothing for a widget that is printed whole. */
function policiesOf(id: string, { treatments, captions }: Printed): Record<string, unknown> {
  const treatment = treatments.find(({ widgetId }) => widgetId === id);
  const caption = captions.get(id);
  const policies = {
    ...(caption === undefined ? {} : { caption }),
    ...(treatment === undefined || treatment.cellsCut === 0 ? {} : { cells_cut: treatment.cellsCut }),
    ...(treatment?.attached ? { untagged: treatment.attached.fileName } : {}),
  };
  return Object.keys(policies).length === 0 ? {} : { policies };
}
