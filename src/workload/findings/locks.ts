import type { SampledBlocker } from '../../rows/session-samples.ts';
import { shortId, type WorkloadFacts } from '../facts.ts';
import { relationName } from '../locks.ts';
import type { FindingRule } from '../section.ts';
import { filled } from '../wording.ts';
import { excerpt, figuresOf, loadOf, type Told, tell, textIn } from './evidence.ts';

const WAITS: Told = {
  en: [
    'Sessions waited {blocked} for locks, the longest {longest}. The root blocker was role {user}{state}{relation}{statement}{waiter}',
    'Fix the root blocker, not those who wait: shorten its transaction.',
  ],
  ru: [
    'Сеансы ждали блокировок {blocked}, дольше всего {longest}. В корне роль {user}{state}{relation}{statement}{waiter}',
    'Устраняйте корневую причину, а не ожидающих: сократите её транзакцию.',
  ],
  zh: [
    '会话等待锁共 {blocked}，最长 {longest}。根阻塞者为角色 {user}{state}{relation}{statement}{waiter}',
    '请处理根阻塞者而非等待者：缩短其事务。',
  ],
};

/** Of a root beside the first. */
const WAITS_ALSO: Told = {
  en: [
    'Sessions also waited {blocked}, the longest {longest}, behind role {user}{state}{relation}{statement}{waiter}',
    WAITS.en[1],
  ],
  ru: [
    'Сеансы ждали также {blocked}, дольше всего {longest}, за ролью {user}{state}{relation}{statement}{waiter}',
    WAITS.ru[1],
  ],
  zh: ['会话还等待了 {blocked}，最长 {longest}，被角色 {user}{state}{relation} 阻塞{statement}{waiter}', WAITS.zh[1]],
};

const WAITS_UNNAMED: Told = {
  en: ['Sessions waited {blocked} for locks, {share} of database time', WAITS.en[1]],
  ru: ['Сеансы ждали блокировок {blocked}, {share} времени базы данных', WAITS.ru[1]],
  zh: ['会话等待锁共 {blocked}，占数据库时间的 {share}', WAITS.zh[1]],
};

const IDLE_STATE = { en: ' (idle in transaction)', ru: ' (простаивала в транзакции)', zh: '（事务中空闲）' } as const;
const STATEMENT = {
  en: '; its statement {id}: {text}',
  ru: '; её оператор {id}: {text}',
  zh: '；其语句 {id}：{text}',
} as const;
const WAITER = {
  en: '. It held up {id}: {text}',
  ru: '. Ждал оператор {id}: {text}',
  zh: '。被阻塞的语句 {id}：{text}',
} as const;
const ON = { en: ', table {relation}', ru: ', таблица {relation}', zh: '，表 {relation}' } as const;

const LEAST_LOCK_S = 10;
const LONG_WAIT_S = 30;
/** Of all that was held up, what a root beside the first must have held up to be told too. */
const LEAST_PART = 0.2;
const MOST_ROOTS = 3;

/** Roots of waiting, those alike together, the one that held up most first. */
function rootBlockers({ minutes }: WorkloadFacts): readonly SampledBlocker[] {
  const key = ({ user, queryId, state, relation, database }: SampledBlocker): string =>
    JSON.stringify([user, queryId, state, relation, database]);
  const groups = Map.groupBy(
    minutes.flatMap(({ blockers }) => blockers),
    key,
  );
  const merged = [...groups.values()].flatMap((group): SampledBlocker[] => {
    const [first] = group;
    if (first === undefined) return [];
    const most = (of: (one: SampledBlocker) => number): number => Math.max(...group.map(of));
    return [
      {
        ...first,
        blockedSeconds: group.reduce((sum, { blockedSeconds }) => sum + blockedSeconds, 0),
        longestWaitSeconds: most(({ longestWaitSeconds }) => longestWaitSeconds),
        transactionSeconds: most(({ transactionSeconds }) => transactionSeconds),
        waiterQueryIds: [...new Set(group.flatMap(({ waiterQueryIds }) => waiterQueryIds))],
      },
    ];
  });
  return merged.sort((a, b) => b.blockedSeconds - a.blockedSeconds);
}

interface LockWaits {
  /** Of all sessions, and their share of database time. */
  readonly seconds: number;
  readonly impact: number;
  readonly longest: number;
  /** What is told of, the one that held up most first. */
  readonly roots: readonly SampledBlocker[];
}

/** Waits for locks where they are worth telling; null where not. */
function waitsTold(facts: WorkloadFacts): LockWaits | null {
  const groups = facts.minutes.flatMap((minute) => minute.groups);
  const waited = groups.filter(({ waitClass, backend }) => waitClass === 'Lock' && backend === 'client backend');
  const seconds = waited.reduce((sum, group) => sum + group.seconds, 0);
  const roots = rootBlockers(facts);
  const longest = Math.max(0, ...roots.map(({ longestWaitSeconds }) => longestWaitSeconds));
  const impact = loadOf(facts).share(seconds) ?? 0;
  if (!(seconds >= LEAST_LOCK_S && impact >= 0.1) && longest < LONG_WAIT_S) return null;
  const held = roots.reduce((sum, { blockedSeconds }) => sum + blockedSeconds, 0);
  const isMuch = ({ blockedSeconds }: SampledBlocker): boolean =>
    blockedSeconds >= LEAST_LOCK_S && blockedSeconds >= LEAST_PART * held;
  const told = roots.filter((root, index) => index === 0 || isMuch(root)).slice(0, MOST_ROOTS);
  return { seconds, impact, longest, roots: told };
}

/** Whether LOCK-WAIT names this role's transaction already. */
export const isToldAsRoot = (facts: WorkloadFacts, user: string, queryId: string | null): boolean =>
  waitsTold(facts)?.roots.some((root) => root.user === user && root.queryId === queryId && isIdle(root)) === true;

const isIdle = ({ state }: SampledBlocker): boolean => state?.startsWith('idle in transaction') === true;

const waits: FindingRule = {
  id: 'LOCK-WAIT',
  condition:
    'In samples, sessions waited 10 s or more for locks and that was 10 % of database time, or one of them waited 30 s. The root of the waiting is named: who blocks and does not wait; up to three of them, which held up others for 10 s and for a fifth of all.',
  find: (facts) => {
    const found = waitsTold(facts);
    if (found === null) return [];
    const { seconds, impact, longest, roots } = found;
    const { time, share } = figuresOf(facts);
    const shared = { id: 'LOCK-WAIT', severity: 2, place: 'locks' } as const;
    if (roots.length === 0) {
      const values = { blocked: time(seconds), share: share(impact) };
      return [tell(facts, { ...shared, impact, subject: null, told: WAITS_UNNAMED, values })];
    }
    return roots.map((root, index) =>
      tell(facts, {
        ...shared,
        impact: index === 0 ? impact : (loadOf(facts).share(root.blockedSeconds) ?? 0),
        subject: root.queryId === null ? root.user : shortId(root.queryId),
        told: index === 0 ? WAITS : WAITS_ALSO,
        values: {
          blocked: time(index === 0 ? seconds : root.blockedSeconds),
          longest: time(index === 0 ? longest : root.longestWaitSeconds),
          ...rootWords(facts, root),
        },
      }),
    );
  },
};

/** Who stood at the root, on what, with which statement, and one that it held up. */
function rootWords(facts: WorkloadFacts, root: SampledBlocker): Readonly<Record<string, string>> {
  const { locale } = facts;
  const relation = relationName(facts.range, root);
  const [waiter] = root.waiterQueryIds;
  const statement = (words: string, queryId: string | null | undefined): string =>
    queryId === null || queryId === undefined
      ? ''
      : filled(words, { id: shortId(queryId), text: excerpt(facts, queryId) });
  return {
    user: root.user ?? '',
    state: isIdle(root) ? IDLE_STATE[locale] : '',
    relation: relation === null ? '' : filled(ON[locale], { relation }),
    statement: statement(STATEMENT[locale], root.queryId),
    waiter: statement(WAITER[locale], waiter),
  };
}

const DEADLOCKS: Told = {
  en: [
    'Deadlocks in {database}: {count}',
    'Take locks in one order everywhere; the server’s log names the statements.',
  ],
  ru: [
    'Взаимоблокировки в базе {database}: {count}',
    'Берите блокировки в одном порядке; операторы названы в журнале сервера.',
  ],
  zh: ['{database} 中的死锁：{count}', '请在各处以相同顺序加锁；服务器日志列出了相关语句。'],
};

const deadlocks: FindingRule = {
  id: 'DEADLOCK',
  condition: 'A deadlock was resolved; a warning from two of them and one an hour on.',
  find: (facts) => {
    const table = facts.range.table('database');
    const { number } = figuresOf(facts);
    return table.rows.flatMap((row) => {
      const count = table.delta(row, 'deadlocks') ?? 0;
      if (count < 1) return [];
      const perHour = (count * 3600) / Math.max(3600, facts.range.seconds);
      const severity = count >= 2 && perHour >= 1 ? 2 : 3;
      const database = textIn(table, row, 'datname');
      const values = { database, count: number(count) };
      return [tell(facts, { id: 'DEADLOCK', severity, place: 'locks', subject: database, told: DEADLOCKS, values })];
    });
  },
};

export const lockRules: readonly FindingRule[] = [waits, deadlocks];
