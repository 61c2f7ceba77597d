import type { Locale } from '../../definition/definition.ts';
import { tableBlock } from '../block.ts';
import { databaseTimeOf } from '../database-time.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import { figure } from '../figures.ts';
import type { Section } from '../section.ts';
import { sumOf } from '../sums.ts';

const WORDS = {
  en: {
    columns: { measure: 'Measure', total: 'Total', second: 'Per second', transaction: 'Per transaction' },
    measures: {
      time: 'Database time, s',
      transactions: 'Transactions',
      rollbacks: 'Rollbacks',
      calls: 'Statements',
      rows: 'Rows of statements',
      inserted: 'Rows inserted',
      updated: 'Rows updated',
      deleted: 'Rows deleted',
      hit: 'Blocks found in shared buffers',
      read: 'Blocks read',
      readMb: 'Read, MB',
      walMb: 'WAL, MB',
      walRecords: 'WAL records',
      fullPages: 'Full page images',
      tempMb: 'Temporary files, MB',
      sessions: 'Sessions opened',
      deadlocks: 'Deadlocks',
    },
  },
  ru: {
    columns: { measure: 'Показатель', total: 'Всего', second: 'В секунду', transaction: 'На транзакцию' },
    measures: {
      time: 'Время базы данных, с',
      transactions: 'Транзакции',
      rollbacks: 'Откаты',
      calls: 'Операторы',
      rows: 'Строки операторов',
      inserted: 'Вставлено строк',
      updated: 'Изменено строк',
      deleted: 'Удалено строк',
      hit: 'Блоки из общих буферов',
      read: 'Прочитано блоков',
      readMb: 'Прочитано, МБ',
      walMb: 'WAL, МБ',
      walRecords: 'Записи WAL',
      fullPages: 'Полные образы страниц',
      tempMb: 'Временные файлы, МБ',
      sessions: 'Открыто сеансов',
      deadlocks: 'Взаимоблокировки',
    },
  },
  zh: {
    columns: { measure: '指标', total: '总计', second: '每秒', transaction: '每事务' },
    measures: {
      time: '数据库时间（秒）',
      transactions: '事务',
      rollbacks: '回滚',
      calls: '语句执行',
      rows: '语句行数',
      inserted: '插入行',
      updated: '更新行',
      deleted: '删除行',
      hit: '共享缓冲命中块',
      read: '读取块',
      readMb: '读取（MB）',
      walMb: 'WAL（MB）',
      walRecords: 'WAL 记录',
      fullPages: '整页镜像',
      tempMb: '临时文件（MB）',
      sessions: '新建会话',
      deadlocks: '死锁',
    },
  },
} as const satisfies Record<Locale, unknown>;

type Measure = keyof (typeof WORDS)['en']['measures'];

const MB = 1_000_000;

/** What the server did, in total, per second and per transaction: the first table of every workload report. */
export const loadProfile: Section = {
  id: 'load-profile',
  chapter: 'overview',
  title: { en: 'Load profile', ru: 'Профиль нагрузки', zh: '负载概况' },
  blocks: (facts) => {
    const words = WORDS[facts.locale];
    const { seconds } = facts.range;
    const all = measuresOf(facts);
    const transactions = all.transactions ?? 0;
    const rows = (Object.keys(words.measures) as Measure[]).flatMap((measure) => {
      const total = all[measure];
      if (total === null) return [];
      const perTransaction = transactions > 0 && measure !== 'transactions' ? total / transactions : null;
      const figures = [total, seconds > 0 ? total / seconds : null, perTransaction];
      return [[words.measures[measure], ...figures.map((value) => figure(value, facts.locale))]];
    });
    const { columns } = words;
    return [
      tableBlock(
        { id: loadProfile.id, heading: loadProfile.title[facts.locale], width: 7 },
        [
          { key: 'measure', label: columns.measure, type: 'text' },
          { key: 'total', label: columns.total, type: 'text', align: 'right' },
          { key: 'second', label: columns.second, type: 'text', align: 'right' },
          { key: 'transaction', label: columns.transaction, type: 'text', align: 'right' },
        ],
        rows,
      ),
    ];
  },
};

/** Null where the server does not count it. */
function measuresOf({ range, minutes }: WorkloadFacts): Record<Measure, number | null> {
  const [database, statements, wal] = [range.table('database'), range.table('statements'), range.table('wal')];
  const outer = statements.rows.filter((row) => statements.last(row, 'toplevel') !== false);
  const of = (column: string): number | null => sumOf(database, column);
  const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
  const [commits, rollbacks] = [of('xact_commit'), of('xact_rollback')];
  return {
    time: databaseTimeOf(range, minutes)?.seconds ?? null,
    transactions: commits === null ? null : commits + (rollbacks ?? 0),
    rollbacks,
    calls: sumOf(statements, 'calls', outer),
    rows: sumOf(statements, 'rows', outer),
    inserted: of('tup_inserted'),
    updated: of('tup_updated'),
    deleted: of('tup_deleted'),
    hit: of('blks_hit'),
    read: of('blks_read'),
    readMb: scaled(of('blks_read'), blockSize(range) / MB),
    walMb: scaled(sumOf(wal, 'wal_bytes') ?? sumOf(statements, 'wal_bytes'), 1 / MB),
    walRecords: sumOf(wal, 'wal_records') ?? sumOf(statements, 'wal_records'),
    fullPages: sumOf(wal, 'wal_fpi') ?? sumOf(statements, 'wal_fpi'),
    tempMb: scaled(of('temp_bytes'), 1 / MB),
    sessions: of('sessions'),
    deadlocks: of('deadlocks'),
  };
}
