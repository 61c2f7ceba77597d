import type { Block } from '../block.ts';
import type { DeltaRow } from '../delta-table.ts';
import type { WorkloadFacts } from '../facts.ts';
import { momentText } from '../figures.ts';
import { countColumn, listBlock, ratioColumn, textColumn } from '../list.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  running: ['Vacuums running at the end', 'Очистки в конце периода', '区间结束时正在运行的清理'],
  horizon: ['Who holds the horizon at the end', 'Кто удерживает горизонт в конце периода', '区间结束时持有事务视界者'],
  horizonNote: [
    'Rows that died after the oldest of these began cannot be removed.',
    'Строки, умершие после начала старейшего из них, удалить нельзя.',
    '最旧者开始之后产生的死元组都无法清除。',
  ],
  none: ['None.', 'Нет.', '无。'],
  table: ['Table', 'Таблица', '表'],
  database: ['Database', 'База данных', '数据库'],
  phase: ['Phase', 'Фаза', '阶段'],
  pages: ['Pages', 'Страниц', '页数'],
  scanned: ['Scanned', 'Просмотрено', '已扫描'],
  vacuumed: ['Vacuumed', 'Очищено', '已清理'],
  indexes: ['Index passes', 'Проходов индексов', '索引遍数'],
  holder: ['Holder', 'Кто', '持有者'],
  id: ['Id', 'Номер', '标识'],
  who: ['Of', 'Чей', '所属'],
  state: ['State', 'Состояние', '状态'],
  age: ['Transactions', 'Транзакций', '事务年龄'],
  since: ['Since', 'С', '起始'],
  session: ['session', 'сеанс', '会话'],
  slot: ['slot', 'слот', '复制槽'],
  standby: ['standby', 'реплика', '备库'],
  prepared: ['prepared transaction', 'подготовленная транзакция', '预备事务'],
} as const satisfies Record<string, Wording>;

const HORIZON_ROWS = 5;

/** What the end snapshot saw of vacuum at work, and what keeps it from removing dead rows. */
export function vacuumNow(facts: WorkloadFacts): Block[] {
  const words = wordsIn(WORDS, facts.locale);
  const [running, horizon] = [runningList(facts, words), horizonList(facts, words)];
  return [...(running === null ? [] : [running]), ...(horizon === null ? [] : [horizon])];
}

type Words = Record<keyof typeof WORDS, string>;

function runningList({ range, locale }: WorkloadFacts, words: Words): Block | null {
  const [table, tables, databases] = [range.table('progress_vacuum'), range.table('tables'), range.table('database')];
  const rows = table.rows.filter(({ isAtEnd }) => isAtEnd);
  if (rows.length === 0) return null;
  const number =
    (column: string) =>
    (row: DeltaRow): number | null => {
      const value = table.last(row, column);
      return value === null ? null : Number(value);
    };
  const databaseOf = (row: DeltaRow): string => {
    const found = databases.rows.find((one) => databases.last(one, 'datid') === table.last(row, 'datid'));
    return found === undefined ? '' : String(databases.last(found, 'datname'));
  };
  const tableOf = (row: DeltaRow): string => {
    const relation = table.last(row, 'relid');
    const found = tables.rows.find((one) => one.scope === databaseOf(row) && tables.last(one, 'relid') === relation);
    return found === undefined ? String(relation) : String(tables.last(found, 'relname'));
  };
  return listBlock<DeltaRow>({
    id: 'vacuum-running',
    heading: words.running,
    locale,
    items: rows,
    none: words.none,
    columns: [
      textColumn('table', words.table, tableOf),
      textColumn('database', words.database, databaseOf),
      textColumn('phase', words.phase, (row) => String(table.last(row, 'phase'))),
      countColumn('pages', words.pages, number('heap_blks_total')),
      ratioColumn('scanned', words.scanned, number('heap_blks_scanned'), number('heap_blks_total')),
      ratioColumn('vacuumed', words.vacuumed, number('heap_blks_vacuumed'), number('heap_blks_total')),
      countColumn('indexes', words.indexes, number('index_vacuum_count')),
    ],
  });
}

/** Null where nobody holds it: then there is nothing to say. */
function horizonList({ range, locale, timeZone }: WorkloadFacts, words: Words): Block | null {
  const table = range.table('horizon');
  const text =
    (column: string) =>
    (row: DeltaRow): string | null => {
      const value = table.last(row, column);
      return value === null ? null : String(value);
    };
  const kinds: Readonly<Record<string, string>> = words;
  const age = (row: DeltaRow): number => Number(table.last(row, 'xid_age') ?? 0);
  const rows = table.rows.filter(({ isAtEnd }) => isAtEnd).toSorted((a, b) => age(b) - age(a));
  if (rows.length === 0) return null;
  return listBlock<DeltaRow>({
    id: 'vacuum-horizon',
    heading: words.horizon,
    description: words.horizonNote,
    locale,
    items: rows.slice(0, HORIZON_ROWS),
    none: words.none,
    columns: [
      textColumn('holder', words.holder, (row) => kinds[text('holder')(row) ?? ''] ?? text('holder')(row)),
      textColumn('id', words.id, text('id')),
      textColumn('who', words.who, text('who')),
      textColumn('state', words.state, text('state')),
      countColumn('age', words.age, age),
      textColumn('since', words.since, (row) => {
        const since = table.last(row, 'since');
        return since === null ? null : momentText(Number(since), locale, timeZone);
      }),
    ],
  });
}
