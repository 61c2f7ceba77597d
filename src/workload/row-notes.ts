import type { Locale } from '../definition/definition.ts';
import type { RowLabel } from './delta-row.ts';
import type { DeltaRow } from './delta-table.ts';

const LABELS: Readonly<Record<Locale, Readonly<Record<RowLabel, string>>>> = {
  en: {
    new: 'new',
    gone: 'gone',
    reset: 'reset',
    'at least': '≥',
    recreated: 'recreated',
    renamed: 'was',
    rewritten: 'rewritten',
  },
  ru: {
    new: 'новая',
    gone: 'удалена',
    reset: 'сброс',
    'at least': '≥',
    recreated: 'создана заново',
    renamed: 'была',
    rewritten: 'переписана',
  },
  zh: {
    new: '新',
    gone: '已删除',
    reset: '已重置',
    'at least': '≥',
    recreated: '已重建',
    renamed: '原名',
    rewritten: '已重写',
  },
};

const ORDER: readonly RowLabel[] = ['at least', 'new', 'recreated', 'renamed', 'rewritten', 'reset', 'gone'];

/** What is to be known of a row beside its numbers, in a few words: `new`, `was a.b`, `≥`; null for nothing. */
export function rowNote(row: Pick<DeltaRow, 'labels' | 'was'>, locale: Locale): string | null {
  const words = ORDER.filter((label) => row.labels.has(label)).map((label) =>
    label === 'renamed' ? `${LABELS[locale].renamed} ${row.was ?? ''}`.trim() : LABELS[locale][label],
  );
  return words.length === 0 ? null : words.join(', ');
}
