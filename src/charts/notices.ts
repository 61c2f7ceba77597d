import type { NoticeContent } from './content.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
import { isTooLarge } from './mappings.ts';
import { formatFixed } from './numbers.ts';
import { chartWords } from './words.ts';

const notice = (message: string): NoticeContent => ({ kind: 'notice', state: 'empty', message });

/** Said where a query returned no rows, or rows without anything to draw. */
export function emptyNotice(series: readonly SeriesRows[], env: ChartEnvironment): NoticeContent {
  const words = chartWords(env.locale);
  return notice(series.some(({ rows }) => rows.values.length > 0) ? words.noNumbers : words.empty);
}

/** Said where the column that a mapping names, or any that would do, is not among the rows. */
export const noColumnNotice = (name: string, env: ChartEnvironment): NoticeContent =>
  notice(chartWords(env.locale).noColumn(name));

/** What was left out, as one line under the chart; null when nothing was. */
export function captionOf(
  remarks: readonly (string | null)[],
  series: readonly SeriesRows[],
  env: ChartEnvironment,
): {
  readonly caption: string | null;
  readonly truncated: boolean;
} {
  const cut = series.find(({ rows }) => rows.truncation?.by === 'rows')?.rows.truncation;
  const large = countTooLarge(series);
  const huge = large === 0 ? null : chartWords(env.locale).tooLarge(formatFixed(large, 0, env.locale));
  const said = [...remarks, huge, cut ? chartWords(env.locale).cut(formatFixed(cut.limit, 0, env.locale)) : null];
  const lines = said.filter((remark) => remark !== null);
  const truncated = large > 0 || series.some(({ rows }) => rows.truncation !== null);
  return { caption: lines.length === 0 ? null : lines.join('; '), truncated };
}

function countTooLarge(series: readonly SeriesRows[]): number {
  let count = 0;
  for (const { rows } of series)
    for (const row of rows.values) for (const value of row) if (isTooLarge(value)) count += 1;
  return count;
}
