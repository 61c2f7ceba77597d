import { type Block, plain, textBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { figure, instantText } from '../figures.ts';
import { type Measure, measureBlock } from '../measures.ts';
import { partRows } from '../part-rows.ts';
import { sumOf } from '../sums.ts';
import { levelOf } from '../tables.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  archiver: ['Archiver', 'Архивация WAL', 'WAL 归档'],
  off: [
    'Finished WAL files are not archived: archive_mode is off.',
    'Готовые файлы WAL не архивируются: archive_mode выключен.',
    '未归档 WAL 文件：archive_mode 已关闭。',
  ],
  measure: ['Measure', 'Показатель', '指标'],
  value: ['Value', 'Значение', '值'],
  archived: ['Files archived', 'Файлов заархивировано', '已归档文件'],
  failed: ['Failed attempts', 'Неудачных попыток', '失败次数'],
  lastArchived: ['Last archived', 'Последний в архиве', '最近归档'],
  lastFailed: ['Last failed', 'Последняя неудача', '最近失败'],
  ready: ['Files waiting at the end', 'Файлов ожидает в конце', '结束时等待归档'],
} as const satisfies Record<string, Wording>;

/** What the archiver did; a line that it is off, where it is. */
export function archiverBlock({ range, locale, timeZone }: WorkloadFacts): Block {
  const words = wordsIn(WORDS, locale);
  const table = range.table('archiver');
  const [row] = table.rows;
  const [last] = partRows(range.end, 'archiver');
  const event = (kind: 'archived' | 'failed'): string => {
    const [file, at] = [last?.text(`last_${kind}_wal`) ?? null, last?.number(`last_${kind}_time`) ?? null];
    return file === null || at === null ? '–' : `${file}, ${instantText(at, locale, timeZone)}`;
  };
  if (settingOf(range, 'archive_mode') === 'off') return textBlock({ id: 'archiver', heading: null }, plain(words.off));
  const lines: Measure[] = [
    [words.archived, figure(sumOf(table, 'archived_count'), locale)],
    [words.failed, figure(sumOf(table, 'failed_count'), locale)],
    [words.lastArchived, event('archived')],
    [words.lastFailed, event('failed')],
    [words.ready, figure(row === undefined ? null : levelOf(table, row, 'ready_files').end, locale)],
  ];
  return measureBlock({ id: 'archiver', heading: words.archiver, width: 6 }, [words.measure, words.value], lines);
}
