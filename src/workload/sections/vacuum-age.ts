import { type Block, chartBlock } from '../block.ts';
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
  left: ['Left until a forced vacuum', 'Осталось до обязательной очистки', '距强制清理'],
  ageChart: [
    'Age against autovacuum_freeze_max_age',
    'Возраст относительно autovacuum_freeze_max_age',
    '相对 autovacuum_freeze_max_age 的年龄',
  ],
} as const satisfies Record<string, Wording>;

interface Aged {
  readonly name: string;
  readonly database: string;
  readonly age: number;
  readonly multixact: number | null;
  readonly most: number;
}

/** Databases first: what they are near to is what stops the server; then the tables that hold them there, once it matters. */
export function ageBlocks(facts: WorkloadFacts, all: readonly VacuumFigures[]): Block[] {
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
  // Far from the limit it does not matter which tables are the oldest.
  const items = [...oldest(databases, 4), ...oldest(tables.filter(isWorthALook), 6)];
  return [ageList(facts, words, items), ...ageChart(words, items)];
}

type Words = Record<keyof typeof WORDS, string>;

const ageList = (facts: WorkloadFacts, words: Words, items: readonly Aged[]): Block =>
  listBlock<Aged>({
    id: 'vacuum-age',
    heading: words.age,
    description: words.ageNote,
    locale: facts.locale,
    items,
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
      ),
    ],
  });

/** Bars against the age that forces a vacuum, once one of them is worth a look. */
function ageChart(words: Words, items: readonly Aged[]): Block[] {
  if (!items.some(isWorthALook)) return [];
  const bars = items.flatMap(({ database, name, age, most }) => {
    const label = name === '' ? database : `${database}.${name}`;
    return [
      [label, words.xid, Math.min(age, most)],
      [label, words.left, Math.max(0, most - age)],
    ];
  });
  const chart = chartBlock(
    { id: 'vacuum-age-chart', heading: words.ageChart, kind: 'histogram' },
    [
      { key: 'name', type: 'text' },
      { key: 'part', type: 'text' },
      { key: 'age', type: 'number' },
    ],
    bars,
    {
      settings: { stack: 'percent', orientation: 'horizontal' },
      mappings: { xAxis: { field: 'name' }, yAxis: { field: 'age', groupingField: 'part' } },
    },
  );
  return [chart];
}

/** Share of the age at which a vacuum is forced. */
const WORTH_A_LOOK = 0.05;

const isWorthALook = ({ age, most }: Aged): boolean => age >= WORTH_A_LOOK * most;
