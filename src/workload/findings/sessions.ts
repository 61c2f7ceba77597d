import type { Value } from '../../rows/rows.ts';
import type { SampleGroup } from '../../rows/session-samples.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { partOf } from '../pieces.ts';
import type { FindingRule } from '../section.ts';
import { sumOf } from '../sums.ts';
import { figuresOf, loadOf, numberIn, type Told, tell, textIn } from './evidence.ts';

/** Sessions as both ends of the range counted them. */
export interface CountedSessions {
  readonly database: string;
  readonly user: string;
  readonly backend: string;
  readonly state: string;
  /** Empty where it waited for nothing. */
  readonly waitClass: string;
  readonly event: string;
  /** When it was counted. */
  readonly end: number;
  readonly sessions: number;
  readonly transactionSeconds: number;
  readonly stateSeconds: number;
}

export function countedSessions({ range }: WorkloadFacts): readonly CountedSessions[] {
  return [range.start, range.end].flatMap((snapshot) => {
    const part = partOf(snapshot, 'activity_counts');
    const place = new Map(part?.columns.map(({ name }, at) => [name, at]));
    const of = (row: readonly Value[], name: string): Value => row[place.get(name) ?? -1] ?? null;
    return (part?.rows ?? []).map((row) => ({
      database: String(of(row, 'datname') ?? ''),
      user: String(of(row, 'usename') ?? ''),
      backend: String(of(row, 'backend_type') ?? ''),
      state: String(of(row, 'state') ?? ''),
      waitClass: String(of(row, 'wait_event_type') ?? ''),
      event: String(of(row, 'wait_event') ?? ''),
      end: snapshot.identity.capturedAt,
      sessions: numberIn(of(row, 'n')) ?? 0,
      transactionSeconds: numberIn(of(row, 'max_xact_s')) ?? 0,
      stateSeconds: numberIn(of(row, 'max_state_s')) ?? 0,
    }));
  });
}

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
    'Sessions of role {user} stood idle in a transaction, the longest for {longest}, {total} in all',
    'Set idle_in_transaction_session_timeout, and have the client end its transactions.',
  ],
  ru: [
    'Сеансы роли {user} простаивали в транзакции, дольше всего {longest}, всего {total}',
    'Задайте idle_in_transaction_session_timeout и завершайте транзакции в клиенте.',
  ],
  zh: [
    '角色 {user} 的会话在事务中空闲，最长 {longest}，合计 {total}',
    '请设置 idle_in_transaction_session_timeout，并让客户端及时结束事务。',
  ],
};

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
}

/** Idle in transaction by role: the longest, and what samples add up to. */
function idleByRole(facts: WorkloadFacts): readonly Idle[] {
  const found = new Map<string, Idle>();
  const add = (user: string, longest: number, total: number): void => {
    const known = found.get(user) ?? { user, longest: 0, total: 0 };
    found.set(user, { user, longest: Math.max(known.longest, longest), total: known.total + total });
  };
  for (const one of countedSessions(facts)) {
    if (one.state.startsWith('idle in transaction')) add(one.user, one.stateSeconds, 0);
  }
  for (const group of sampledGroups(facts)) {
    if (group.waitClass !== 'Idle in transaction') continue;
    const isStanding = group.stateSecondsMax >= IDLE_STANDING_S;
    add(group.user ?? '', group.stateSecondsMax, isStanding ? group.seconds : 0);
  }
  return [...found.values()];
}

const idle: FindingRule = {
  id: 'TX-IDLE',
  condition:
    'A session stood idle in a transaction for 5 minutes or more; or, in samples, sessions of a role that stood so for 10 s and more did it for a quarter of the range together. A notice where only counters tell that idle time in transactions is half of database time (14 and later): round trips of clients count there too.',
  find: (facts) => {
    const { time, share } = figuresOf(facts);
    const load = loadOf(facts);
    const standing = idleByRole(facts).filter(
      ({ longest, total }) =>
        longest >= IDLE_LONG_S || (longest >= IDLE_STANDING_S && Math.max(total, longest) >= load.seconds / 4),
    );
    if (standing.length > 0) {
      return standing
        .sort((a, b) => b.longest - a.longest)
        .slice(0, 3)
        .map(({ user, longest, total }) => {
          const values = { user, longest: time(longest), total: time(Math.max(longest, total)) };
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

const NEAR_MAX: Told = {
  en: ['{sessions} of {limit} connections were taken', 'Put a connection pooler in front, before clients are refused.'],
  ru: ['Занято {sessions} из {limit} соединений', 'Используйте пул соединений, пока клиентам не начали отказывать.'],
  zh: ['已用连接 {sessions}，上限 {limit}', '请使用连接池，以免客户端被拒绝。'],
};

const nearMax: FindingRule = {
  id: 'CONN-NEAR-MAX',
  condition:
    '85 % or more of the connections that are free for ordinary roles were taken at an end of the range; critical from 95 % on.',
  find: (facts) => {
    const { range } = facts;
    const of = (name: string): number => numberIn(settingOf(range, name)) ?? 0;
    const limit = of('max_connections') - of('superuser_reserved_connections') - of('reserved_connections');
    const table = range.table('database');
    const at = (value: (row: (typeof table.rows)[number]) => Value): number =>
      table.rows.reduce((sum, row) => sum + (numberIn(value(row)) ?? 0), 0);
    const sessions = Math.max(
      at((row) => (row.isAtStart ? table.first(row, 'numbackends') : null)),
      at((row) => (row.isAtEnd ? table.last(row, 'numbackends') : null)),
    );
    if (limit <= 0 || sessions < 0.85 * limit) return [];
    const { number } = figuresOf(facts);
    const values = { sessions: number(sessions), limit: number(limit) };
    const severity = sessions >= 0.95 * limit ? 1 : 2;
    const impact = sessions / limit;
    const subject = 'max_connections';
    return [tell(facts, { id: 'CONN-NEAR-MAX', severity, impact, place: 'sessions', subject, told: NEAR_MAX, values })];
  },
};

const ROLLBACKS: Told = {
  en: [
    '{share} of the transactions in {database} were rolled back, {rate} a second',
    'Find the errors behind the rollbacks in the server’s or the application’s log.',
  ],
  ru: [
    '{share} транзакций базы {database} откатились, {rate} в секунду',
    'Найдите причины откатов в журнале сервера или приложения.',
  ],
  zh: ['{database} 中 {share} 的事务被回滚，每秒 {rate} 次', '请在服务器或应用日志中查找回滚的原因。'],
};

const rollbacks: FindingRule = {
  id: 'ROLLBACK',
  condition:
    '10 % or more of a database’s transactions were rolled back, one a second or more (over a minute at least), and rows were written: some drivers end reads by a rollback.',
  find: (facts) => {
    const table = facts.range.table('database');
    const load = loadOf(facts);
    const { number, share } = figuresOf(facts);
    return table.rows.flatMap((row) => {
      const rolled = table.delta(row, 'xact_rollback') ?? 0;
      const all = rolled + (table.delta(row, 'xact_commit') ?? 0);
      const written = sumOf(table, 'tup_inserted', [row]) ?? 0;
      const changed = (table.delta(row, 'tup_updated') ?? 0) + (table.delta(row, 'tup_deleted') ?? 0);
      if (written + changed <= 0 || load.rate(rolled) < 1 || rolled < 0.1 * all) return [];
      const database = textIn(table, row, 'datname');
      const values = { database, share: share(rolled / all), rate: number(rolled / Math.max(1, load.seconds)) };
      return [
        tell(facts, { id: 'ROLLBACK', severity: 3, place: 'databases', subject: database, told: ROLLBACKS, values }),
      ];
    });
  },
};

export const sessionRules: readonly FindingRule[] = [long, idle, nearMax, rollbacks];
