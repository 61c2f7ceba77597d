import { tableBlock, textBlock } from '../block.ts';
import { databaseTimeOf, statementSeconds } from '../database-time.ts';
import type { DeltaRow } from '../delta-table.ts';
import { settingOf } from '../facts.ts';
import { duration, percent } from '../figures.ts';
import type { Range } from '../range.ts';
import type { Section } from '../section.ts';
import { sumOf } from '../sums.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  part: ['Part', 'Часть', '组成'],
  time: ['Time', 'Время', '时间'],
  share: ['Of database time', 'От времени базы', '占数据库时间'],
  total: ['Database time', 'Время базы данных', '数据库时间'],
  planning: ['Planning', 'Планирование', '规划'],
  reading: ['Reading blocks', 'Чтение блоков', '读取块'],
  writing: ['Writing blocks', 'Запись блоков', '写入块'],
  temp: ['Temporary files', 'Временные файлы', '临时文件'],
  jit: ['Just-in-time compilation', 'JIT-компиляция', 'JIT 编译'],
  wal: ['WAL, write and sync', 'WAL, запись и синхронизация', 'WAL 写入与同步'],
  rest: ['CPU, locks, other', 'Процессор, блокировки, прочее', 'CPU、锁及其他'],
  sessions: [
    'Measured by the server (active time of sessions).',
    'Измерено сервером (активное время сеансов).',
    '由服务器测量（会话活动时间）。',
  ],
  samples: ['From samples of sessions.', 'По наблюдениям за сеансами.', '来自会话采样。'],
  statements: ['From what statements took.', 'По времени операторов.', '来自语句用时。'],
  unseen: [
    'Statements explain {share} of it; the rest was still under way, evicted, or is no statement.',
    'Операторы объясняют {share}; остальное не закончилось, вытеснено или не является оператором.',
    '语句可解释其中 {share}；其余仍在执行、已被淘汰或不是语句。',
  ],
  untimed: [
    'track_io_timing is off: reading and writing are not known.',
    'track_io_timing выключен: время чтения и записи неизвестно.',
    'track_io_timing 已关闭：读写时间未知。',
  ],
  parallel: [
    'Parallel workers read while their session waits: parts may add up to more than the whole.',
    'Параллельные процессы читают, пока сеанс ждёт: части могут превысить целое.',
    '并行进程在会话等待时读取：各部分之和可能超过总量。',
  ],
  unknown: ['Database time is not known.', 'Время базы данных неизвестно.', '数据库时间未知。'],
} as const satisfies Record<string, Wording>;

/** Below this share the statements leave something unexplained that must be said. */
const GOOD_COVERAGE = 0.8;

/** What database time was spent on, as far as the server tells. */
export const timeModel: Section = {
  id: 'time-model',
  chapter: 'overview',
  title: { en: 'Time model', ru: 'Модель времени', zh: '时间模型' },
  blocks: (facts) => {
    const { locale, range } = facts;
    const words = wordsIn(WORDS, locale);
    const block = { id: timeModel.id, heading: timeModel.title[locale], width: 6 };
    const total = databaseTimeOf(range, facts.minutes);
    if (total === null || total.seconds <= 0) return [textBlock(block, words.unknown)];
    const parts = partsOf(facts.range);
    const known = Object.values(parts).reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0);
    const rest = Math.max(0, total.seconds - known);
    const rows = [
      ...(Object.keys(parts) as (keyof typeof parts)[])
        .filter((part) => (parts[part] ?? 0) > 0)
        .map((part) => [words[part], parts[part] ?? 0] as const),
      [words.rest, rest] as const,
    ].sort((a, b) => b[1] - a[1]);
    const explained = statementSeconds(range);
    const coverage = explained === null ? null : explained / total.seconds;
    const notes = [
      words[total.source],
      ...(coverage !== null && coverage < GOOD_COVERAGE && total.source !== 'statements'
        ? [filled(words.unseen, { share: percent(coverage, locale) })]
        : []),
      ...(isTimed(range) ? [] : [words.untimed]),
      ...(known > total.seconds ? [words.parallel] : []),
    ];
    return [
      tableBlock(
        { ...block, description: notes.join(' ') },
        [
          { key: 'part', label: words.part, type: 'text' },
          { key: 'time', label: words.time, type: 'text', align: 'right' },
          { key: 'share', label: words.share, type: 'number', unit: 'ratio', decimals: 1, mark: 'bar' },
        ],
        [
          ...rows.map(([word, seconds]) => [word, duration(seconds, locale), Math.min(1, seconds / total.seconds)]),
          [words.total, duration(total.seconds, locale), 1],
        ],
        { sortable: false },
      ),
    ];
  },
};

const isTimed = (range: Range): boolean => settingOf(range, 'track_io_timing') !== 'off';

/** Seconds by part; null where the server does not tell. */
function partsOf(range: Range) {
  const [database, statements, io] = [range.table('database'), range.table('statements'), range.table('io')];
  const outer = statements.rows.filter((row) => statements.last(row, 'toplevel') !== false);
  const added = (columns: readonly string[], table: typeof io, rows: readonly DeltaRow[]): number | null => {
    const found = columns.flatMap((column) => sumOf(table, column, rows) ?? []);
    return found.length === 0 ? null : found.reduce((sum, ms) => sum + ms, 0) / 1000;
  };
  const timed = (seconds: number | null): number | null => (isTimed(range) ? seconds : null);
  const clientWal = io.rows.filter(
    (row) => io.last(row, 'object') === 'wal' && io.last(row, 'backend_type') === 'client backend',
  );
  const planned = settingOf(range, 'pg_stat_statements.track_planning') === 'on';
  const jit = ['jit_generation_time', 'jit_inlining_time', 'jit_optimization_time', 'jit_emission_time'];
  return {
    planning: planned ? added(['total_plan_time'], statements, outer) : null,
    reading: timed(added(['blk_read_time'], database, database.rows)),
    writing: timed(added(['blk_write_time'], database, database.rows)),
    temp: timed(added(['temp_blk_read_time', 'temp_blk_write_time'], statements, outer)),
    jit: added(jit, statements, outer),
    wal:
      clientWal.length === 0 || settingOf(range, 'track_wal_io_timing') !== 'on'
        ? null
        : added(['write_time', 'fsync_time'], io, clientWal),
  };
}
