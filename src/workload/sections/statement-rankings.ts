import type { Locale } from '../../definition/definition.ts';
import { textBlock } from '../block.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { RANKINGS, rankedBy } from '../rankings.ts';
import type { Section } from '../section.ts';
import { rankingBlock } from '../statement-table.ts';
import { type Statements, statementsOf, type Work } from '../statements.ts';

const WORDS = {
  en: {
    noCalls: 'No statement ended in this range.',
    noMean: 'No statement was called five times and took a second in all.',
    noRows: 'No statement returned or changed rows.',
    noReads: 'No statement read a block from outside the shared buffers.',
    noTiming: 'I/O is not timed here: track_io_timing is off.',
    noIo: 'No statement waited for reading or writing blocks.',
    noGets: 'No statement touched shared blocks.',
    noTemp: 'No statement wrote or read temporary files.',
    noWal: 'No statement wrote WAL.',
    noPlanning: 'Planning is not counted here: pg_stat_statements.track_planning is off.',
    noPlans: 'No statement was planned.',
    noJit: 'No statement was compiled (JIT).',
    noJitYet: 'This version does not count JIT compilation by statement (PostgreSQL 15 and newer do).',
    noParallel: 'No statement planned parallel workers.',
    noParallelYet: 'This version does not count parallel workers by statement (PostgreSQL 18 and newer do).',
  },
  ru: {
    noCalls: 'За это время не завершился ни один оператор.',
    noMean: 'Ни один оператор не вызывался пять раз, заняв в сумме секунду.',
    noRows: 'Ни один оператор не вернул и не изменил строк.',
    noReads: 'Ни один оператор не читал блоков мимо общих буферов.',
    noTiming: 'Время I/O не измеряется: track_io_timing выключен.',
    noIo: 'Ни один оператор не ждал чтения или записи блоков.',
    noGets: 'Ни один оператор не обращался к общим блокам.',
    noTemp: 'Ни один оператор не использовал временные файлы.',
    noWal: 'Ни один оператор не писал WAL.',
    noPlanning: 'Планирование не учитывается: pg_stat_statements.track_planning выключен.',
    noPlans: 'Ни один оператор не планировался.',
    noJit: 'Ни один оператор не компилировался (JIT).',
    noJitYet: 'Эта версия не учитывает JIT по операторам (начиная с PostgreSQL 15).',
    noParallel: 'Ни один оператор не планировал параллельных процессов.',
    noParallelYet: 'Эта версия не учитывает параллельные процессы по операторам (начиная с PostgreSQL 18).',
  },
  zh: {
    noCalls: '此时段内没有语句结束。',
    noMean: '没有语句执行达五次且总耗时达一秒。',
    noRows: '没有语句返回或修改行。',
    noReads: '没有语句读取共享缓冲之外的块。',
    noTiming: '此处未计时 I/O：track_io_timing 已关闭。',
    noIo: '没有语句等待块读写。',
    noGets: '没有语句访问共享块。',
    noTemp: '没有语句使用临时文件。',
    noWal: '没有语句写入 WAL。',
    noPlanning: '此处未统计规划：pg_stat_statements.track_planning 已关闭。',
    noPlans: '没有语句被规划。',
    noJit: '没有语句被 JIT 编译。',
    noJitYet: '此版本不按语句统计 JIT（PostgreSQL 15 起支持）。',
    noParallel: '没有语句计划并行进程。',
    noParallelYet: '此版本不按语句统计并行进程（PostgreSQL 18 起支持）。',
  },
} as const satisfies Record<Locale, unknown>;

type Word = keyof (typeof WORDS)['en'];

/** Why a list is empty: what the server does not count is told from what did not happen. */
type Emptiness = (facts: WorkloadFacts, statements: Statements) => Word;

const counted = ({ all }: Statements, of: (work: Work) => number | null): boolean =>
  all.some((one) => of(one) !== null);
const isOff = ({ range }: WorkloadFacts, setting: string): boolean => settingOf(range, setting) === 'off';

const EMPTY: Readonly<Record<string, Emptiness>> = {
  'statements-calls': () => 'noCalls',
  'statements-mean': () => 'noMean',
  'statements-rows': () => 'noRows',
  'statements-io': () => 'noReads',
  'statements-io-time': (facts) => (isOff(facts, 'track_io_timing') ? 'noTiming' : 'noIo'),
  'statements-io-gets': () => 'noGets',
  'statements-temp': () => 'noTemp',
  'statements-wal': () => 'noWal',
  'statements-planning': (facts) => (isOff(facts, 'pg_stat_statements.track_planning') ? 'noPlanning' : 'noPlans'),
  'statements-planning-jit': (_, statements) =>
    counted(statements, ({ jitSeconds }) => jitSeconds) ? 'noJit' : 'noJitYet',
  'statements-planning-parallel': (_, statements) =>
    counted(statements, ({ workersPlanned }) => workersPlanned) ? 'noParallel' : 'noParallelYet',
};

/** A section of rankings, the first of which bears its id. What has nothing to rank is a sentence below the others. */
function rankingSection(id: string, rankingIds: readonly string[]): Section {
  const rankings = RANKINGS.filter((one) => rankingIds.includes(one.id));
  const title = rankings.find((one) => one.id === id)?.heading ?? { en: id, ru: id, zh: id };
  return {
    id,
    chapter: 'statements',
    title,
    blocks: (facts) => {
      const statements = statementsOf(facts);
      if (statements.all.length === 0) return [];
      const [full, empty] = [true, false].map((isFull) =>
        rankings.filter((one) => rankedBy(one, statements.outer).length > 0 === isFull),
      );
      const why = (empty ?? []).flatMap((one) => EMPTY[one.id]?.(facts, statements) ?? []);
      const sentence = why.map((word) => WORDS[facts.locale][word]).join(' ');
      if (full?.length === 0) return [textBlock({ id, heading: title[facts.locale] }, sentence)];
      const lists = (full ?? []).map((one) => rankingBlock(facts, one));
      return sentence === '' ? lists : [...lists, textBlock({ id: `${id}-empty`, heading: null }, sentence)];
    },
  };
}

export const statementsCalls = rankingSection('statements-calls', ['statements-calls']);
export const statementsMean = rankingSection('statements-mean', ['statements-mean']);
export const statementsRows = rankingSection('statements-rows', ['statements-rows']);
export const statementsIo = rankingSection('statements-io', [
  'statements-io',
  'statements-io-time',
  'statements-io-gets',
]);
export const statementsTemp = rankingSection('statements-temp', ['statements-temp']);
export const statementsWal = rankingSection('statements-wal', ['statements-wal']);
export const statementsPlanning = rankingSection('statements-planning', [
  'statements-planning',
  'statements-planning-jit',
  'statements-planning-parallel',
]);
