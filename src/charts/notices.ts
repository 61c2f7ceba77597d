import type { NoticeContent } from './content.ts';
import type { ChartEnvironment, SeriesRows } from './environment.ts';
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
  const said = [...remarks, cut ? chartWords(env.locale).cut(formatFixed(cut.limit, 0, env.locale)) : null];
  const lines = said.filter((remark) => remark !== null);
  const truncated = series.some(({ rows }) => rows.truncation !== null);
  return { caption: lines.length === 0 ? null : lines.join('; '), truncated };
}
