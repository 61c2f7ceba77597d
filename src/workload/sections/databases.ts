import { type Block, chartBlock } from '../block.ts';
import type { DeltaRow } from '../delta-table.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import {
  bytesColumn,
  changeColumn,
  countColumn,
  figureColumn,
  listBlock,
  ratioColumn,
  textColumn,
  total,
} from '../list.ts';
import { rowNote } from '../row-notes.ts';
import type { Section } from '../section.ts';
import { levelOf } from '../tables.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  timeChart: ['Database time by database', 'Время по базам данных', '各数据库的数据库时间'],
  sizeChart: ['Databases by size', 'Размер баз данных', '各数据库大小'],
  dataList: ['Rows and blocks by database', 'Строки и блоки по базам данных', '各数据库的行与块'],
  sizeList: ['Database sizes and sessions', 'Размер и сеансы баз данных', '数据库大小与会话'],
  none: [
    'No database did anything in this range.',
    'За этот период ни одна база данных не работала.',
    '此区间内没有数据库活动。',
  ],
  shared: ['(shared objects)', '(общие объекты)', '（共享对象）'],
  untimed: [
    'This version does not count the time of sessions; transactions order the list.',
    'Эта версия не считает время сеансов; порядок — по транзакциям.',
    '此版本不统计会话时间；按事务数排序。',
  ],
  database: ['Database', 'База данных', '数据库'],
  active: ['Time, s', 'Время, с', '时间（秒）'],
  share: ['Share', 'Доля', '占比'],
  idle: ['Idle in transaction, s', 'Простой в транзакции, с', '事务中空闲（秒）'],
  mean: ['Mean sessions', 'Сеансов в среднем', '平均会话'],
  transactions: ['Transactions', 'Транзакции', '事务'],
  rollbacks: ['Rolled back', 'Откаты', '回滚'],
  temp: ['Temporary files', 'Временные файлы', '临时文件'],
  deadlocks: ['Deadlocks', 'Взаимоблок.', '死锁'],
  hit: ['Hit', 'Из буферов', '命中率'],
  read: ['Read', 'Прочитано', '读取'],
  readTime: ['Read time, s', 'Чтение, с', '读取时间（秒）'],
  returned: ['Rows returned', 'Строк просмотрено', '扫描行'],
  fetched: ['Rows fetched', 'Строк выбрано', '获取行'],
  inserted: ['Inserted', 'Вставлено', '插入'],
  updated: ['Updated', 'Изменено', '更新'],
  deleted: ['Deleted', 'Удалено', '删除'],
  start: ['Size before', 'Размер до', '起始大小'],
  end: ['Size after', 'Размер после', '结束大小'],
  change: ['Change', 'Изменение', '变化'],
  opened: ['Sessions opened', 'Открыто сеансов', '新建会话'],
  lost: ['Lost or killed', 'Потеряно или прервано', '断开或终止'],
  now: ['Connected after', 'Подключений после', '结束时连接'],
  workers: ['Workers missing', 'Не хватило процессов', '缺少工作进程'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** Databases: what each did, read and wrote, and how it grew. */
export const databases: Section = {
  id: 'databases',
  chapter: 'objects',
  title: { en: 'Databases', ru: 'Базы данных', zh: '数据库' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const rows = facts.range.table('database').rows;
    const table = workTable(facts, words, rows);
    if (rows.length === 0) return [table];
    return [table, ...charts(facts, words, rows), dataTable(facts, words, rows), sizeTable(facts, words, rows)];
  },
};

type Of = (row: DeltaRow) => number | null;

/** Counters of a database, times in seconds. */
function figuresOf({ range }: WorkloadFacts) {
  const table = range.table('database');
  const of =
    (...columns: string[]): Of =>
    (row) =>
      total(columns, (column) => table.delta(row, column));
  const seconds =
    (column: string): Of =>
    (row) => {
      const value = table.delta(row, column);
      return value === null ? null : value / 1000;
    };
  return { table, of, seconds };
}

const nameOf =
  ({ range }: WorkloadFacts, words: Words) =>
  (row: DeltaRow): string =>
    String(range.table('database').last(row, 'datname') ?? words.shared);

const transactions = ['xact_commit', 'xact_rollback'] as const;

function workTable(facts: WorkloadFacts, words: Words, rows: readonly DeltaRow[]): Block {
  const { table, of, seconds } = figuresOf(facts);
  const [active, work] = [seconds('active_time'), of(...transactions)];
  const isTimed = table.has('active_time');
  const whole = total(rows, active);
  const mean: Of = (row) => {
    const value = table.delta(row, 'session_time');
    return value === null || facts.range.seconds <= 0 ? null : value / 1000 / facts.range.seconds;
  };
  const timed = [
    figureColumn('active', words.active, active, rows),
    ratioColumn<DeltaRow>('share', words.share, active, () => whole),
    figureColumn('idle', words.idle, seconds('idle_in_transaction_time'), rows),
    figureColumn('mean', words.mean, mean, rows),
  ];
  return listBlock<DeltaRow>({
    id: databases.id,
    heading: databases.title[facts.locale],
    description: isTimed ? null : words.untimed,
    locale: facts.locale,
    items: rows,
    rank: (row) => (isTimed ? (active(row) ?? 0) + (work(row) ?? 0) / 1e12 : work(row)),
    none: words.none,
    note: (row) => rowNote(row, facts.locale),
    columns: [
      textColumn('database', words.database, nameOf(facts, words)),
      ...(isTimed ? timed : []),
      countColumn('transactions', words.transactions, work),
      countColumn('rollbacks', words.rollbacks, of('xact_rollback')),
      bytesColumn('temp', words.temp, of('temp_bytes')),
      countColumn('deadlocks', words.deadlocks, of('deadlocks')),
    ],
  });
}

/** Where the time and the space went, where there is more than one database to compare. */
function charts(facts: WorkloadFacts, words: Words, rows: readonly DeltaRow[]): Block[] {
  const { table, seconds } = figuresOf(facts);
  const chart = (id: string, heading: string, unit: string, value: Of): Block[] => {
    const bars = rows.flatMap((row) => ((value(row) ?? 0) > 0 ? [[nameOf(facts, words)(row), value(row)]] : []));
    const columns = [
      { key: 'database', type: 'text' as const },
      { key: 'value', type: 'number' as const },
    ];
    const settings = { unit, limit: 8, other: true };
    return bars.length < 2 ? [] : [chartBlock({ id, heading, kind: 'toplist', width: 6 }, columns, bars, { settings })];
  };
  return [
    ...chart('databases-time', words.timeChart, 's', seconds('active_time')),
    ...chart('databases-size', words.sizeChart, 'decbytes', (row) => levelOf(table, row, 'size_bytes').end),
  ];
}

function dataTable(facts: WorkloadFacts, words: Words, rows: readonly DeltaRow[]): Block {
  const { of, seconds } = figuresOf(facts);
  const [read, both] = [of('blks_read'), of('blks_hit', 'blks_read')];
  const bytes = blockSize(facts.range);
  const readTime = seconds('blk_read_time');
  const isTimed = (total(rows, readTime) ?? 0) > 0;
  return listBlock<DeltaRow>({
    id: 'databases-data',
    heading: words.dataList,
    locale: facts.locale,
    items: rows,
    rank: (row) => both(row),
    none: words.none,
    columns: [
      textColumn('database', words.database, nameOf(facts, words)),
      ratioColumn('hit', words.hit, of('blks_hit'), both),
      bytesColumn('read', words.read, (row) => (read(row) ?? 0) * bytes),
      figureColumn('read_time', words.readTime, (row) => (isTimed ? readTime(row) : null), rows),
      countColumn('returned', words.returned, of('tup_returned')),
      countColumn('fetched', words.fetched, of('tup_fetched')),
      countColumn('inserted', words.inserted, of('tup_inserted')),
      countColumn('updated', words.updated, of('tup_updated')),
      countColumn('deleted', words.deleted, of('tup_deleted')),
    ],
  });
}

function sizeTable(facts: WorkloadFacts, words: Words, rows: readonly DeltaRow[]): Block {
  const { table, of } = figuresOf(facts);
  const size = (row: DeltaRow) => levelOf(table, row, 'size_bytes');
  const missing: Of = (row) => {
    const [wanted, launched] = ['parallel_workers_to_launch', 'parallel_workers_launched'].map((name) =>
      table.delta(row, name),
    );
    return wanted === null || wanted === undefined ? null : wanted - (launched ?? 0);
  };
  return listBlock<DeltaRow>({
    id: 'databases-size-table',
    heading: words.sizeList,
    locale: facts.locale,
    items: rows,
    rank: (row) => size(row).end ?? size(row).start,
    none: words.none,
    columns: [
      textColumn('database', words.database, nameOf(facts, words)),
      bytesColumn('start', words.start, (row) => size(row).start),
      bytesColumn('end', words.end, (row) => size(row).end),
      changeColumn('change', words.change, size),
      ...(table.has('sessions') ? [countColumn('opened', words.opened, of('sessions'))] : []),
      ...(table.has('sessions')
        ? [countColumn('lost', words.lost, of('sessions_abandoned', 'sessions_fatal', 'sessions_killed'))]
        : []),
      countColumn('now', words.now, (row) => levelOf(table, row, 'numbackends').end),
      ...(table.has('parallel_workers_to_launch') ? [countColumn('workers', words.workers, missing)] : []),
    ],
  });
}
