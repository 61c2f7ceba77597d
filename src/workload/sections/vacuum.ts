import { type Block, plain, textBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { figure, momentText } from '../figures.ts';
import { countColumn, figureColumn, listBlock, ratioColumn, textColumn, total } from '../list.ts';
import { rowNote } from '../row-notes.ts';
import type { Section } from '../section.ts';
import { type VacuumFigures, vacuumsOf } from '../vacuum.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';
import { ageBlocks } from './vacuum-age.ts';
import { vacuumNow } from './vacuum-now.ts';

const WORDS = {
  summary: [
    'Vacuums in this range: {autovacuums} by autovacuum, {vacuums} by hand. Analyzes: {autoanalyzes} by autovacuum, {analyzes} by hand.',
    'Очисток за период: автоматических {autovacuums}, вручную {vacuums}. Анализов: автоматических {autoanalyzes}, вручную {analyzes}.',
    '区间内清理：自动 {autovacuums} 次，手动 {vacuums} 次；分析：自动 {autoanalyzes} 次，手动 {analyzes} 次。',
  ],
  left: [
    'Dead rows: {dead} at the end, {before} at the start.',
    'Мёртвых строк: {dead} в конце, {before} в начале.',
    '死元组：结束时 {dead} 行，开始时 {before} 行。',
  ],
  off: [
    ' Autovacuum is switched off for the whole server.',
    ' Автоочистка выключена для всего сервера.',
    '整个服务器的自动清理已关闭。',
  ],
  absent: ['No tables were read.', 'Таблицы не были прочитаны.', '未读取到任何表。'],
  activity: ['Vacuum and analyze by table', 'Очистка и анализ по таблицам', '各表的清理与分析'],
  noActivity: [
    'No table was vacuumed or analyzed in this range.',
    'За период таблицы не очищались и не анализировались.',
    '区间内没有表被清理或分析。',
  ],
  dead: ['Dead rows', 'Мёртвые строки', '死元组'],
  deadNote: [
    'Autovacuum begins with a table above its threshold; a dash means that it is off for the table.',
    'Автоочистка начинается, когда превышен порог таблицы; прочерк — она для таблицы выключена.',
    '超过阈值后自动清理才会处理该表；短横线表示该表已关闭自动清理。',
  ],
  noDead: ['No table has dead rows.', 'Мёртвых строк нет.', '没有死元组。'],
  analyze: ['Rows changed since analyze', 'Изменено строк после анализа', '上次分析以来的变更行'],
  noAnalyze: ['Statistics of every table are fresh.', 'Статистика всех таблиц свежая.', '所有表的统计信息都是最新的。'],
  table: ['Table', 'Таблица', '表'],
  database: ['Database', 'База данных', '数据库'],
  auto: ['Auto', 'Авто', '自动'],
  hand: ['By hand', 'Вручную', '手动'],
  autoAnalyzes: ['Auto analyze', 'Автоанализ', '自动分析'],
  analyzes: ['Analyze', 'Анализ', '分析'],
  seconds: ['Time, s', 'Время, с', '时间（秒）'],
  last: ['Last vacuum', 'Последняя очистка', '最近清理'],
  never: ['never', 'никогда', '从未'],
  before: ['Dead before', 'Мёртвых до', '起始死元组'],
  after: ['Dead after', 'Мёртвых после', '结束死元组'],
  share: ['Share', 'Доля', '占比'],
  live: ['Live rows', 'Живых строк', '存活行'],
  threshold: ['Threshold', 'Порог', '阈值'],
  ofThreshold: ['Of threshold', 'От порога', '占阈值'],
  changed: ['Changed', 'Изменено', '变更'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** What vacuum did, what it left, and how near the server is to a forced one. */
export const vacuum: Section = {
  id: 'vacuum',
  chapter: 'objects',
  title: { en: 'Vacuum', ru: 'Очистка', zh: '清理（Vacuum）' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const heading = vacuum.title[facts.locale];
    const all = vacuumsOf(facts.range);
    if (all.length === 0) return [textBlock({ id: vacuum.id, heading }, plain(words.absent))];
    const isOff = settingOf(facts.range, 'autovacuum') === 'off' ? words.off : '';
    return [
      textBlock({ id: vacuum.id, heading }, plain(summary(facts, words, all) + isOff)),
      ...(all.some((one) => workOf(one) > 0) ? [activityList(facts, words, all)] : []),
      deadList(facts, words, all),
      analyzeList(facts, words, all),
      ...ageBlocks(facts, all),
      ...vacuumNow(facts),
    ];
  },
};

function summary({ locale }: WorkloadFacts, words: Words, all: readonly VacuumFigures[]): string {
  const sum = (of: (one: VacuumFigures) => number | null): string => figure(total(all, of), locale);
  const work = filled(words.summary, {
    autovacuums: sum((one) => one.autovacuums),
    autoanalyzes: sum((one) => one.autoanalyzes),
    vacuums: sum((one) => one.vacuums),
    analyzes: sum((one) => one.analyzes),
  });
  const left = filled(words.left, { dead: sum(({ dead }) => dead.end), before: sum(({ dead }) => dead.start) });
  const gap = locale === 'zh' ? '' : ' ';
  return (all.some((one) => workOf(one) > 0) ? work : words.noActivity) + gap + left;
}

/** With its schema where that is not the usual one. */
const nameOf = ({ schema, name }: VacuumFigures): string =>
  schema === 'public' || schema === 'pg_toast' ? name : `${schema}.${name}`;

const nameColumns = (words: Words, all: readonly VacuumFigures[]) => [
  textColumn<VacuumFigures>('table', words.table, nameOf),
  ...(new Set(all.map(({ database }) => database)).size > 1
    ? [textColumn<VacuumFigures>('database', words.database, ({ database }) => database)]
    : []),
];

const lastText =
  ({ locale, timeZone }: WorkloadFacts, words: Words) =>
  ({ lastVacuum }: VacuumFigures): string =>
    lastVacuum === null ? words.never : momentText(lastVacuum, locale, timeZone);

const workOf = (one: VacuumFigures): number =>
  (one.vacuums ?? 0) + (one.autovacuums ?? 0) + (one.analyzes ?? 0) + (one.autoanalyzes ?? 0);

function activityList(facts: WorkloadFacts, words: Words, all: readonly VacuumFigures[]): Block {
  const isTimed = all.some(({ seconds }) => seconds !== null);
  return listBlock<VacuumFigures>({
    id: 'vacuum-activity',
    heading: words.activity,
    locale: facts.locale,
    items: all,
    rank: (one) => (isTimed && workOf(one) > 0 ? (one.seconds ?? 0) + workOf(one) / 1e6 : workOf(one)),
    none: words.noActivity,
    columns: [
      ...nameColumns(words, all),
      countColumn('auto', words.auto, ({ autovacuums }) => autovacuums),
      countColumn('hand', words.hand, ({ vacuums }) => vacuums),
      countColumn('auto_analyze', words.autoAnalyzes, ({ autoanalyzes }) => autoanalyzes),
      countColumn('analyze', words.analyzes, ({ analyzes }) => analyzes),
      ...(isTimed ? [figureColumn<VacuumFigures>('seconds', words.seconds, ({ seconds }) => seconds, all)] : []),
      textColumn('last', words.last, lastText(facts, words), { width: 72 }),
    ],
  });
}

/** The server's own tables always have some: only those that autovacuum should have taken are named. */
const isQuietSystemTable = ({ schema, dead, threshold }: VacuumFigures): boolean =>
  schema === 'pg_catalog' && (dead.end ?? 0) < (threshold ?? 0);

const deadList = (facts: WorkloadFacts, words: Words, all: readonly VacuumFigures[]): Block =>
  listBlock<VacuumFigures>({
    id: 'vacuum-dead',
    heading: words.dead,
    description: words.deadNote,
    locale: facts.locale,
    items: all,
    rank: (one) => (isQuietSystemTable(one) ? 0 : one.dead.end),
    none: words.noDead,
    note: ({ row }) => rowNote(row, facts.locale),
    columns: [
      ...nameColumns(words, all),
      countColumn('live', words.live, ({ live }) => live.end),
      countColumn('before', words.before, ({ dead }) => dead.start),
      countColumn('after', words.after, ({ dead }) => dead.end),
      ratioColumn(
        'share',
        words.share,
        // After a reset it is not known how many rows live.
        ({ row, dead }) => (row.labels.has('reset') ? null : dead.end),
        ({ live, dead }) => (live.end ?? 0) + (dead.end ?? 0),
      ),
      { ...countColumn<VacuumFigures>('threshold', words.threshold, ({ threshold }) => threshold), rest: null },
      {
        ...ratioColumn<VacuumFigures>(
          'of',
          words.ofThreshold,
          ({ dead }) => dead.end,
          (one) => one.threshold,
          { decimals: 0 },
        ),
        rest: null,
      },
      textColumn('last', words.last, lastText(facts, words), { width: 72 }),
    ],
  });

const analyzeList = (facts: WorkloadFacts, words: Words, all: readonly VacuumFigures[]): Block =>
  listBlock<VacuumFigures>({
    id: 'vacuum-analyze',
    heading: words.analyze,
    locale: facts.locale,
    items: all.filter(({ analyzeThreshold }) => analyzeThreshold !== null),
    rank: ({ changedSinceAnalyze }) => changedSinceAnalyze,
    none: words.noAnalyze,
    limit: 5,
    columns: [
      ...nameColumns(words, all),
      countColumn('live', words.live, ({ live }) => live.end),
      countColumn('changed', words.changed, (one) => one.changedSinceAnalyze),
      { ...countColumn<VacuumFigures>('threshold', words.threshold, (one) => one.analyzeThreshold), rest: null },
      {
        ...ratioColumn<VacuumFigures>(
          'of',
          words.ofThreshold,
          (one) => one.changedSinceAnalyze,
          (one) => one.analyzeThreshold,
          {
            decimals: 0,
          },
        ),
        rest: null,
      },
    ],
  });
