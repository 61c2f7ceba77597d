import type { Block } from '../block.ts';
import { namesOf, settingOf, type WorkloadFacts } from '../facts.ts';
import { countColumn, listBlock, ratioColumn, textColumn } from '../list.ts';
import type { VacuumFigures } from '../vacuum.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  absent: ['No tables were read.', 'Таблицы не были прочитаны.', '未读取到任何表。'],
  age: ['Age of unfrozen rows', 'Возраст незамороженных строк', '未冻结行的年龄'],
  ageNote: [
    'Transactions since the oldest row was frozen; at 100% a vacuum is forced, at 2 billion the server stops writing.',
    'Транзакций с заморозки старейшей строки; при 100 % очистка обязательна, при 2 млрд сервер прекращает запись.',
    '最旧行冻结以来的事务数；达到 100% 会强制清理，达到 20 亿时服务器停止写入。',
  ],
  table: ['Table', 'Таблица', '表'],
  database: ['Database', 'База данных', '数据库'],
  xid: ['Transactions', 'Транзакций', '事务年龄'],
  multixact: ['Multixacts', 'Мультитранзакций', '多事务年龄'],
  ofMax: ['Of the limit', 'От предела', '占上限'],
} as const satisfies Record<string, Wording>;

interface Aged {
  readonly name: string;
  readonly database: string;
  readonly age: number;
  readonly multixact: number | null;
  readonly most: number;
}

/** Databases first: what they are near to is what stops the server; then the tables that hold them there. */
export function ageList(facts: WorkloadFacts, all: readonly VacuumFigures[]): Block {
  const words = wordsIn(WORDS, facts.locale);
  const database = facts.range.table('database');
  const names = namesOf(facts.range, 'database');
  const most = Number(settingOf(facts.range, 'autovacuum_freeze_max_age') ?? 200_000_000);
  const databases = database.rows.flatMap((row): Aged[] => {
    const [age, multixact] = [database.last(row, 'xid_age'), database.last(row, 'mxid_age')];
    if (!row.isAtEnd || age === null) return [];
    const name = names(database.last(row, 'datid'));
    return [
      { name: '', database: name, age: Number(age), multixact: multixact === null ? null : Number(multixact), most },
    ];
  });
  const tables = all.flatMap((one): Aged[] =>
    one.age === null
      ? []
      : [
          {
            name: one.name,
            database: one.database,
            age: one.age,
            multixact: one.multixactAge,
            most: one.freezeMaxAge,
          },
        ],
  );
  const oldest = (items: readonly Aged[], count: number): Aged[] =>
    items.toSorted((a, b) => b.age / b.most - a.age / a.most || a.name.localeCompare(b.name)).slice(0, count);
  return listBlock<Aged>({
    id: 'vacuum-age',
    heading: words.age,
    description: words.ageNote,
    locale: facts.locale,
    items: [...oldest(databases, 4), ...oldest(tables, 6)],
    none: words.absent,
    columns: [
      textColumn('database', words.database, (one) => one.database),
      textColumn('table', words.table, ({ name }) => name),
      countColumn('age', words.xid, ({ age }) => age),
      countColumn('multixact', words.multixact, ({ multixact }) => multixact),
      ratioColumn(
        'of',
        words.ofMax,
        ({ age }) => age,
        (one) => one.most,
        { mark: 'bar', width: 130, align: 'left' },
      ),
    ],
  });
}
