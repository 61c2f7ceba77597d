import { readTableSettings } from '../../charts/table-settings.ts';
import { unitOf } from '../../charts/units.ts';
import type { Locale } from '../../definition/definition.ts';
import { safeFileName } from '../../definition/name-mask.ts';
import { type CsvOptions, csvPieces } from '../../print/csv.ts';
import type { DataSet } from '../../print/data-set.ts';
import { WORKBOOK_WORDS } from '../../print/xlsx-words.ts';
import type { ZipEntry } from '../../print/zip.ts';
import type { WidgetRead } from './read-widgets.ts';

/** What a report has read, a set for every series of every widget, in reading order; texts and pictures have none. */
export function dataSetsOf(reads: readonly WidgetRead[], locale: Locale): DataSet[] {
  return reads.flatMap(({ widget, series, problem }) => {
    const heading = widget.heading ?? (widget.name || widget.kind);
    // What has no query of its own, such as a part of a workload report, has rows all the same.
    const all = widget.series.length > 0 ? widget.series : series;
    const isAlone = all.length === 1;
    const shares = shareColumns(widget);
    return all.map((planned, index): DataSet => {
      const name = isAlone || planned.name === '' ? heading : `${heading} – ${planned.name}`;
      const read = problem === null ? series[index] : undefined;
      if (read === undefined) return { name, rows: null, shares, remark: problem?.message || (problem?.state ?? null) };
      const cut = read.rows.truncation;
      return { name, rows: read.rows, shares, remark: cut && WORKBOOK_WORDS[locale].truncated(cut.limit, cut.by) };
    });
  });
}

/** Columns of a table that are printed as percent of 0 to 1. */
const shareColumns = (widget: WidgetRead['widget']): ReadonlySet<string> =>
  new Set(
    [...readTableSettings(widget).columns].flatMap(([key, { unit }]) => (unitOf(unit, null) === 'ratio' ? [key] : [])),
  );

/**
 * The files of a CSV archive: every set that could be read, numbered in reading order, and the manifest, which tells of
 * those that could not.
 */
export function csvEntries(sets: readonly DataSet[], manifest: string, options: CsvOptions): ZipEntry[] {
  const digits = Math.max(2, String(sets.length).length);
  const tables = sets.flatMap(({ name, rows }, index) => {
    if (rows === null) return [];
    const file = safeFileName(`${String(index + 1).padStart(digits, '0')} ${name}`, 'csv');
    return [{ name: file, pieces: csvPieces(rows, options) }];
  });
  return [...tables, { name: 'manifest.json', pieces: [`${manifest}\n`] }];
}
