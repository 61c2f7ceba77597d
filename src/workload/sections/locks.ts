import type { SampledBlocker } from '../../rows/session-samples.ts';
import { type Block, plain, textBlock } from '../block.ts';
import { sampledSeconds } from '../database-time.ts';
import { shortId, statementText, type WorkloadFacts } from '../facts.ts';
import { duration, figure, percent } from '../figures.ts';
import { countColumn, figureColumn, listBlock, textColumn, total } from '../list.ts';
import { type Blocker, blockersOf, relationName } from '../locks.ts';
import type { Section } from '../section.ts';
import { sumOf } from '../sums.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';
import { lockTreeBlocks } from './lock-trees.ts';

const WORDS = {
  deadlocks: ['Deadlocks: {count}.', 'Взаимоблокировок: {count}.', '死锁：{count} 次。'],
  waited: [
    'Sessions stood {seconds} waiting for locks, {share} of sampled database time.',
    'Сеансы простояли в ожидании блокировок {seconds} — {share} времени базы данных по выборкам.',
    '会话等待锁共 {seconds}，占采样数据库时间的 {share}。',
  ],
  noWait: ['No session was seen waiting for a lock.', 'Ожидания блокировок не замечены.', '未观察到等待锁的会话。'],
  unsampled: [
    'Sessions were not sampled, so lock waits between the snapshots are not known.',
    'Выборок сеансов нет: ожидания блокировок между снимками неизвестны.',
    '未对会话采样，快照之间的锁等待未知。',
  ],
  blockers: ['Who held others up', 'Кто задерживал других', '阻塞源'],
  blockersNote: [
    'Only the root of each tree of waiters, which blocks and does not wait itself. Seconds are those of all who waited, from samples every few seconds.',
    'Только корень дерева ожидающих: он блокирует и сам не ждёт. Секунды — сумма ожидания всех, по выборкам раз в несколько секунд.',
    '仅列出等待树的根：它阻塞他人而自身不等待。秒数为所有等待者之和，按数秒一次的采样估算。',
  ],
  targets: ['What was waited for', 'Чего ждали', '等待的对象'],
  noBlockers: ['No blocker was seen.', 'Блокирующие не замечены.', '未发现阻塞者。'],
  blocked: ['Blocked, s', 'Ожидание, с', '阻塞（秒）'],
  longest: ['Longest wait, s', 'Дольше всего, с', '最长等待（秒）'],
  session: ['Session', 'Сеанс', '会话'],
  state: ['State', 'Состояние', '状态'],
  transaction: ['Transaction, s', 'Транзакция, с', '事务（秒）'],
  lock: ['Lock', 'Блокировка', '锁'],
  waitedFor: ['Waited for', 'Чего ждали', '等待对象'],
  relation: ['Table or index', 'Таблица или индекс', '表或索引'],
  ran: ['It ran', 'Выполнял', '执行语句'],
  waiting: ['Waited', 'Ждали', '等待语句'],
  statement: ['Statement of the blocker', 'Оператор блокирующего', '阻塞者的语句'],
  database: ['Database', 'База данных', '数据库'],
  mode: ['Mode wanted', 'Запрошенный режим', '请求模式'],
  blockersCount: ['Blockers', 'Блокирующих', '阻塞者'],
  prepared: ['prepared transaction', 'подготовленная транзакция', '预备事务'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** Deadlocks, waits for locks, and who caused them. */
export const locks: Section = {
  id: 'locks',
  chapter: 'system',
  title: { en: 'Locks and blocking', ru: 'Блокировки', zh: '锁与阻塞' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const heading = locks.title[facts.locale];
    const blockers = blockersOf(facts.minutes);
    const summary = textBlock({ id: locks.id, heading }, plain(summaryOf(facts, words)));
    if (blockers.length === 0) return [summary];
    const trees = lockTreeBlocks(facts);
    return [
      summary,
      ...trees,
      blockerList(facts, words, blockers, trees.length > 0),
      targetList(facts, words, blockers),
    ];
  },
};

function summaryOf({ range, minutes, locale }: WorkloadFacts, words: Words): string {
  const deadlocks = filled(words.deadlocks, { count: figure(sumOf(range.table('database'), 'deadlocks'), locale) });
  if (minutes.length === 0) return `${deadlocks} ${words.unsampled}`;
  const groups = minutes.flatMap(({ groups: all }) => all).filter(({ waitClass }) => waitClass === 'Lock');
  const seconds = total(groups, (group) => group.seconds) ?? 0;
  if (seconds === 0) return `${deadlocks} ${words.noWait}`;
  const whole = sampledSeconds(minutes) ?? 0;
  const share = percent(whole > 0 ? seconds / whole : null, locale);
  return `${deadlocks} ${filled(words.waited, { seconds: duration(seconds, locale), share })}`;
}

const lockOf = ({ lockType, mode }: SampledBlocker): string => [lockType, mode ?? ''].join(' ').trim();
const idOf = (queryId: string | null | undefined): string | null =>
  queryId === null || queryId === undefined ? null : shortId(queryId);

/** @param isTold a tree above has the statements themselves. */
function blockerList(facts: WorkloadFacts, words: Words, blockers: readonly Blocker[], isTold: boolean): Block {
  const text = ({ queryId }: Blocker): string | null => {
    const found = queryId === null ? null : statementText(facts, queryId);
    return found === null ? null : found.slice(0, 60);
  };
  return listBlock<Blocker>({
    id: 'locks-blockers',
    heading: words.blockers,
    description: words.blockersNote,
    locale: facts.locale,
    items: blockers,
    rank: ({ blockedSeconds }) => blockedSeconds,
    none: words.noBlockers,
    columns: [
      textColumn('session', words.session, ({ pid, user }) =>
        pid === 0 ? words.prepared : `${pid} ${user ?? ''}`.trim(),
      ),
      textColumn('state', words.state, ({ state }) => state),
      figureColumn('blocked', words.blocked, ({ blockedSeconds }) => blockedSeconds, blockers),
      figureColumn('longest', words.longest, (one) => one.longestWaitSeconds, blockers, { adds: false, decimals: 1 }),
      figureColumn('transaction', words.transaction, (one) => one.transactionSeconds, blockers, {
        adds: false,
        decimals: 1,
      }),
      textColumn('relation', words.waitedFor, (one) => relationName(facts.range, one) ?? lockOf(one)),
      textColumn('ran', words.ran, ({ queryId }) => idOf(queryId), { link: '#sql-{ran}' }),
      textColumn('waiting', words.waiting, ({ waiterQueryIds }) => idOf(waiterQueryIds[0]), { link: '#sql-{waiting}' }),
      ...(isTold ? [] : [textColumn('statement', words.statement, text)]),
    ],
  });
}

interface Target {
  readonly lock: string;
  readonly mode: string;
  readonly relation: string | null;
  readonly database: string | null;
  readonly blockers: readonly Blocker[];
}

function targetList(facts: WorkloadFacts, words: Words, blockers: readonly Blocker[]): Block {
  const groups = Map.groupBy(blockers, (one) => JSON.stringify([one.lockType, one.mode, one.relation, one.database]));
  const items = [...groups.values()].flatMap((group): Target[] => {
    const [first] = group;
    if (first === undefined) return [];
    const relation = relationName(facts.range, first);
    return [{ lock: first.lockType, mode: first.mode ?? '', relation, database: first.database, blockers: group }];
  });
  const blocked = (target: Target): number | null => total(target.blockers, ({ blockedSeconds }) => blockedSeconds);
  return listBlock<Target>({
    id: 'locks-targets',
    heading: words.targets,
    locale: facts.locale,
    items,
    rank: blocked,
    none: words.noBlockers,
    columns: [
      textColumn('lock', words.lock, ({ lock }) => lock),
      textColumn('mode', words.mode, ({ mode }) => mode),
      textColumn('relation', words.relation, ({ relation }) => relation),
      textColumn('database', words.database, ({ database }) => database),
      countColumn('count', words.blockersCount, (target) => target.blockers.length),
      figureColumn('blocked', words.blocked, blocked, items),
      figureColumn(
        'longest',
        words.longest,
        (target) => Math.max(...target.blockers.map(({ longestWaitSeconds }) => longestWaitSeconds)),
        items,
        { adds: false, decimals: 1 },
      ),
    ],
  });
}
