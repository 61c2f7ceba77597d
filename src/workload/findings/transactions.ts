import type { SampleGroup } from '../../rows/session-samples.ts';
import { shortId, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { filled } from '../wording.ts';
import { excerpt, figuresOf, loadOf, type Told, tell, textIn } from './evidence.ts';
import { isToldAsRoot } from './locks.ts';
import { countedSessions } from './sessions.ts';

const sampledGroups = ({ minutes }: WorkloadFacts): readonly SampleGroup[] => minutes.flatMap(({ groups }) => groups);

const LONG: Told = {
  en: [
    'A transaction of role {user} in {database} was open for {age}',
    'Shorten it: it holds its locks, and vacuum cannot remove what it may still see.',
  ],
  ru: [
    'Транзакция роли {user} в базе {database} была открыта {age}',
    'Сократите её: она держит блокировки, и очистка не может удалить то, что она ещё видит.',
  ],
  zh: ['角色 {user} 在 {database} 中的事务已打开 {age}', '请缩短该事务：它持有锁，并阻止清理仍可见的行。'],
};

const LONG_S = 1800;

const long: FindingRule = {
  id: 'TX-LONG',
  condition: 'A client’s transaction was open for 30 minutes or more, at either end of the range or in a sample.',
  find: (facts) => {
    const seen = [
      ...countedSessions(facts),
      ...sampledGroups(facts).map((group) => ({
        database: group.database ?? '',
        user: group.user ?? '',
        backend: group.backend,
        transactionSeconds: group.transactionSecondsMax,
      })),
    ].filter(({ backend, transactionSeconds }) => backend === 'client backend' && transactionSeconds >= LONG_S);
    const worst = Map.groupBy(seen, ({ user, database }) => `${user} ${database}`);
    const { time } = figuresOf(facts);
    return [...worst.values()].slice(0, 3).map((group) => {
      const age = Math.max(...group.map(({ transactionSeconds }) => transactionSeconds));
      const [{ user, database } = { user: '', database: '' }] = group;
      const values = { user, database, age: time(age) };
      return tell(facts, { id: 'TX-LONG', severity: 2, place: 'sessions', subject: user, told: LONG, values });
    });
  },
};

const IDLE: Told = {
  en: [
    'Sessions of role {user} stood idle in a transaction, the longest for {longest}, {total} in all{statement}',
    'Set idle_in_transaction_session_timeout, and have the client end its transactions.',
  ],
  ru: [
    'Сеансы роли {user} простаивали в транзакции, дольше всего {longest}, всего {total}{statement}',
    'Задайте idle_in_transaction_session_timeout и завершайте транзакции в клиенте.',
  ],
  zh: [
    '角色 {user} 的会话在事务中空闲，最长 {longest}，合计 {total}{statement}',
    '请设置 idle_in_transaction_session_timeout，并让客户端及时结束事务。',
  ],
};

const RAN_LAST = {
  en: '. The last statement was {id}: {text}',
  ru: '. Последний оператор {id}: {text}',
  zh: '。最后执行的语句 {id}：{text}',
} as const;

const IDLE_COUNTED: Told = {
  en: ['Sessions in {database} stood idle in transactions for {total}, {share} of database time', IDLE.en[1]],
  ru: ['Сеансы базы {database} простаивали в транзакциях {total}, {share} времени базы данных', IDLE.ru[1]],
  zh: ['{database} 中的会话在事务中空闲 {total}，为数据库时间的 {share}', IDLE.zh[1]],
};

const IDLE_LONG_S = 300;
/** Round trips of a client are idle for milliseconds; this long, nobody is at work. */
const IDLE_STANDING_S = 10;

interface Idle {
  readonly user: string;
  readonly longest: number;
  readonly total: number;
  /** What the one that stood longest ran before; null where no sample tells. */
  readonly queryId: string | null;
}

const ranLast = (facts: WorkloadFacts, queryId: string): string =>
  filled(RAN_LAST[facts.locale], { id: shortId(queryId), text: excerpt(facts, queryId) });

/** Idle in transaction by role: the longest, and what samples add up to. */
function idleByRole(facts: WorkloadFacts): readonly Idle[] {
  const found = new Map<string, Idle>();
  const add = (user: string, longest: number, total: number, queryId: string | null): void => {
    const known = found.get(user) ?? { user, longest: 0, total: 0, queryId: null };
    const isLonger = queryId !== null && (known.queryId === null || longest >= known.longest);
    found.set(user, {
      user,
      longest: Math.max(known.longest, longest),
      total: known.total + total,
      queryId: isLonger ? queryId : known.queryId,
    });
  };
  for (const group of sampledGroups(facts)) {
    if (group.waitClass !== 'Idle in transaction') continue;
    const isStanding = group.stateSecondsMax >= IDLE_STANDING_S;
    add(group.user ?? '', group.stateSecondsMax, isStanding ? group.seconds : 0, group.queryId);
  }
  for (const one of countedSessions(facts)) {
    if (one.state.startsWith('idle in transaction')) add(one.user, one.stateSeconds, 0, null);
  }
  return [...found.values()];
}

const idle: FindingRule = {
  id: 'TX-IDLE',
  condition:
    'A session stood idle in a transaction for 5 minutes or more; or, in samples, sessions of a role that stood so for 10 s and more did it for a quarter of the range together. A notice where only counters tell that idle time in transactions is half of database time (14 and later): round trips of clients count there too. Not told again of a role whose transaction LOCK-WAIT names.',
  find: (facts) => {
    const { time, share } = figuresOf(facts);
    const load = loadOf(facts);
    const standing = idleByRole(facts).filter(
      ({ longest, total }) =>
        longest >= IDLE_LONG_S || (longest >= IDLE_STANDING_S && Math.max(total, longest) >= load.seconds / 4),
    );
    if (standing.length > 0) {
      return standing
        .filter(({ user, queryId }) => !isToldAsRoot(facts, user, queryId))
        .sort((a, b) => b.longest - a.longest)
        .slice(0, 3)
        .map(({ user, longest, total, queryId }) => {
          const values = {
            user,
            longest: time(longest),
            total: time(Math.max(longest, total)),
            statement: queryId === null ? '' : ranLast(facts, queryId),
          };
          return tell(facts, { id: 'TX-IDLE', severity: 2, place: 'sessions', subject: user, told: IDLE, values });
        });
    }
    const table = facts.range.table('database');
    const [worst] = table.rows
      .map((row) => ({ row, seconds: (table.delta(row, 'idle_in_transaction_time') ?? 0) / 1000 }))
      .sort((a, b) => b.seconds - a.seconds);
    if (worst === undefined || load.worked === null || load.worked < 10 || worst.seconds < load.worked / 2) return [];
    const database = textIn(table, worst.row, 'datname');
    const values = { database, total: time(worst.seconds), share: share(worst.seconds / load.worked) };
    return [
      tell(facts, { id: 'TX-IDLE', severity: 3, place: 'databases', subject: database, told: IDLE_COUNTED, values }),
    ];
  },
};

export const transactionRules: readonly FindingRule[] = [long, idle];
