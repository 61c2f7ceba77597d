import { type Block, chartBlock, plain, textBlock } from '../block.ts';
import type { DeltaRow } from '../delta-table.ts';
import type { WorkloadFacts } from '../facts.ts';
import { bytesColumn, changeColumn, countColumn, listBlock, textColumn } from '../list.ts';
import type { Section } from '../section.ts';
import { type Level, levelOf } from '../tables.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  note: [
    'Only what the server tells about its machine. Processors, memory and disks were not captured.',
    'Только то, что о своей машине сообщает сервер. Процессоры, память и диски не снимались.',
    '仅包含数据库服务器能提供的主机信息。未采集 CPU、内存与磁盘。',
  ],
  spaces: ['Tablespaces', 'Табличные пространства', '表空间'],
  noSpaces: ['Tablespaces were not read.', 'Табличные пространства не прочитаны.', '未读取到表空间。'],
  directory: ['pg_wal', 'pg_wal', 'pg_wal'],
  noDirectory: ['The directory of WAL files was not read.', 'Каталог файлов WAL не прочитан.', '未读取到 WAL 目录。'],
  memory: ['Shared memory', 'Общая память', '共享内存'],
  noMemory: [
    'Shared memory can be seen from PostgreSQL 15 on.',
    'Общую память видно, начиная с PostgreSQL 15.',
    'PostgreSQL 15 起才能查看共享内存。',
  ],
  space: ['Tablespace', 'Табличное пространство', '表空间'],
  before: ['Size before', 'Размер до', '起始大小'],
  after: ['Size after', 'Размер после', '结束大小'],
  change: ['Change', 'Изменение', '变化'],
  tempFiles: ['Temporary files after', 'Временных файлов после', '结束时临时文件'],
  tempBytes: ['Their size', 'Их размер', '临时文件大小'],
  filesBefore: ['Files before', 'Файлов до', '起始文件数'],
  filesAfter: ['Files after', 'Файлов после', '结束文件数'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** What SQL shows of the machine: tablespaces, files of WAL and of sorts, shared memory. */
export const host: Section = {
  id: 'host',
  chapter: 'system',
  title: { en: 'Host', ru: 'Машина', zh: '主机' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const note = textBlock({ id: host.id, heading: host.title[facts.locale] }, plain(words.note));
    return [note, spaceList(facts, words), directoryTable(facts, words), memoryChart(facts, words)];
  },
};

function spaceList({ range, locale }: WorkloadFacts, words: Words): Block {
  const table = range.table('temp_dir');
  const level =
    (column: string) =>
    (row: DeltaRow): Level =>
      levelOf(table, row, column);
  const size = level('size_bytes');
  return listBlock<DeltaRow>({
    id: 'host-tablespaces',
    heading: words.spaces,
    locale,
    items: table.rows,
    rank: (row) => (size(row).end ?? size(row).start ?? 0) + 1,
    none: words.noSpaces,
    columns: [
      textColumn('name', words.space, (row) => String(table.last(row, 'spcname'))),
      bytesColumn('before', words.before, (row) => size(row).start),
      bytesColumn('after', words.after, (row) => size(row).end),
      changeColumn('change', words.change, size),
      countColumn('temp_files', words.tempFiles, (row) => level('temp_files')(row).end),
      bytesColumn('temp_bytes', words.tempBytes, (row) => level('temp_bytes')(row).end),
    ],
  });
}

function directoryTable({ range, locale }: WorkloadFacts, words: Words): Block {
  const table = range.table('wal_dir');
  return listBlock<DeltaRow>({
    id: 'host-wal',
    heading: words.directory,
    locale,
    width: 6,
    items: table.rows,
    none: words.noDirectory,
    columns: [
      countColumn('files_before', words.filesBefore, (row) => levelOf(table, row, 'files').start),
      countColumn('files_after', words.filesAfter, (row) => levelOf(table, row, 'files').end),
      bytesColumn('after', words.after, (row) => levelOf(table, row, 'bytes').end),
      changeColumn('change', words.change, (row) => levelOf(table, row, 'bytes')),
    ],
  });
}

const MOST_BARS = 6;

function memoryChart({ range }: WorkloadFacts, words: Words): Block {
  const table = range.table('shmem');
  const place = { id: 'host-memory', heading: words.memory, width: 6 };
  const rows = table.rows.filter(({ isAtEnd }) => isAtEnd);
  if (rows.length === 0) return textBlock(place, plain(words.noMemory));
  const columns = [
    { key: 'name', type: 'text' as const },
    { key: 'bytes', type: 'number' as const },
  ];
  const bars = rows.map((row) => [String(table.last(row, 'name')), table.last(row, 'bytes')]);
  const settings = { unit: 'bytes', limit: MOST_BARS, other: true };
  return chartBlock({ ...place, kind: 'toplist' }, columns, bars, { settings });
}
