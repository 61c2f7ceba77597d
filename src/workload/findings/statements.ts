import type { WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { statementLoads } from '../statement-loads.ts';
import { excerpt, figuresOf, loadOf, type Told, tell } from './evidence.ts';

const DOMINANT: Told = {
  en: [
    'Statement {id} took {time} in {calls} calls, {share} of database time: {text}',
    'Tune this statement first: look at its plan, and at how often it is needed.',
  ],
  ru: [
    'Оператор {id} занял {time} за {calls} вызовов, {share} времени базы данных: {text}',
    'Начните с этого оператора: посмотрите его план и нужен ли он так часто.',
  ],
  zh: [
    '语句 {id} 用时 {time}，调用 {calls} 次，占数据库时间的 {share}：{text}',
    '请首先优化该语句：检查执行计划和调用频率。',
  ],
};

const DOMINANT_SHARE = 0.25;
const DOMINANT_SECONDS = 60;
const LEAST_COVERAGE = 0.5;
/** Of the range, how long one session would be busy with it: less is no warning on an idle server. */
const WARNING_BUSY = 0.25;
const MOST_DOMINANT = 3;

const dominant: FindingRule = {
  id: 'SQL-DOMINANT',
  condition:
    'One statement took 25 % of database time or more, and 60 s (or 10 s and half of the range). A warning where it keeps a quarter of a session busy, else a notice. Statements must explain half of database time. One that mostly waited for locks is left to LOCK-WAIT.',
  find: (facts) => {
    const load = loadOf(facts);
    if (load.coverage === null || load.coverage < LEAST_COVERAGE) return [];
    const { time, share, number } = figuresOf(facts);
    const isLong = (seconds: number): boolean =>
      seconds >= DOMINANT_SECONDS || (seconds >= 10 && seconds >= load.seconds / 2);
    return statementLoads(facts)
      .filter(({ seconds }) => isLong(seconds) && (load.share(seconds) ?? 0) >= DOMINANT_SHARE)
      .filter(({ queryId }) => !isBlocked(facts, queryId))
      .slice(0, MOST_DOMINANT)
      .map(({ id, queryId, seconds, calls }) => {
        const impact = load.share(seconds) ?? 0;
        const text = excerpt(facts, queryId);
        return tell(facts, {
          id: 'SQL-DOMINANT',
          severity: seconds >= WARNING_BUSY * load.seconds ? 2 : 3,
          impact,
          place: 'statements-elapsed',
          subject: id,
          told: DOMINANT,
          values: { id, time: time(seconds), calls: number(calls), share: share(impact), text },
        });
      });
  },
};

/** Whether a statement mostly waited for locks of others: then they are to be looked at, see LOCK-WAIT. */
function isBlocked({ minutes }: WorkloadFacts, queryId: string): boolean {
  const own = minutes.flatMap(({ groups }) => groups).filter((group) => group.queryId === queryId);
  const sum = (groups: typeof own): number => groups.reduce((total, { seconds }) => total + seconds, 0);
  return sum(own.filter(({ waitClass }) => waitClass === 'Lock')) > sum(own) / 2;
}

const CHATTY: Told = {
  en: [
    'Statement {id} was called {rate} times a second at {mean} each, {share} of database time: {text}',
    'Batch or cache these calls: the round trips cost more than the work.',
  ],
  ru: [
    'Оператор {id} вызывался {rate} раз в секунду по {mean}, {share} времени базы данных: {text}',
    'Объедините эти вызовы или кэшируйте их: обмен по сети дороже самой работы.',
  ],
  zh: [
    '语句 {id} 每秒调用 {rate} 次，每次 {mean}，占数据库时间的 {share}：{text}',
    '请批量执行或缓存这些调用：往返开销大于实际工作。',
  ],
};

const CHATTY_PER_SECOND = 500;
const CHATTY_MEAN_S = 0.001;

const chatty: FindingRule = {
  id: 'SQL-CHATTY',
  condition:
    'One statement was called 500 times a second or more (over a minute at least) at 1 ms or less, and took 10 % of database time.',
  find: (facts) => {
    const load = loadOf(facts);
    const { time, share, number } = figuresOf(facts);
    const found = statementLoads(facts).filter(
      ({ calls, seconds }) =>
        load.rate(calls) >= CHATTY_PER_SECOND && seconds / calls <= CHATTY_MEAN_S && (load.share(seconds) ?? 0) >= 0.1,
    );
    return found.slice(0, 3).map(({ id, queryId, calls, seconds }) => {
      const impact = load.share(seconds) ?? 0;
      const rate = number(calls / Math.max(1, load.seconds));
      const values = { id, rate, mean: time(seconds / calls), share: share(impact), text: excerpt(facts, queryId) };
      return tell(facts, {
        id: 'SQL-CHATTY',
        severity: 3,
        impact,
        place: 'statements-calls',
        subject: id,
        told: CHATTY,
        values,
      });
    });
  },
};

const JIT: Told = {
  en: [
    'Just-in-time compilation took {time}, {share} of what statements took; most of it in {id}: {text}',
    'Raise jit_above_cost, or switch jit off for this role.',
  ],
  ru: [
    'JIT-компиляция заняла {time}, {share} времени операторов; больше всего у {id}: {text}',
    'Увеличьте jit_above_cost или выключите jit для этой роли.',
  ],
  zh: [
    'JIT 编译用时 {time}，占语句时间的 {share}，主要来自 {id}：{text}',
    '请提高 jit_above_cost，或为该角色关闭 jit。',
  ],
};

const jit: FindingRule = {
  id: 'JIT-OVERHEAD',
  since: 15,
  condition: 'Just-in-time compilation took 30 s or more, and 20 % of the execution time of all statements.',
  find: (facts) => {
    const loads = statementLoads(facts);
    const compiled = loads.map((load) => ({ load, seconds: load.jitSeconds ?? 0 }));
    const total = compiled.reduce((sum, { seconds }) => sum + seconds, 0);
    const executed = loads.reduce((sum, { seconds, planSeconds }) => sum + seconds - (planSeconds ?? 0), 0);
    const worst = compiled.toSorted((a, b) => b.seconds - a.seconds)[0];
    if (worst === undefined || total < 30 || executed <= 0 || total / executed < 0.2) return [];
    const { time, share } = figuresOf(facts);
    const { id, queryId } = worst.load;
    const values = { time: time(total), share: share(total / executed), id, text: excerpt(facts, queryId) };
    const impact = loadOf(facts).share(total) ?? 0;
    return [
      tell(facts, {
        id: 'JIT-OVERHEAD',
        severity: 3,
        impact,
        place: 'statements-planning-jit',
        subject: id,
        told: JIT,
        values,
      }),
    ];
  },
};

const PLANNING: Told = {
  en: [
    'Statement {id} was planned for {plan} and executed for {exec}: {text}',
    'Prepare it once, or simplify its partitions and joins.',
  ],
  ru: [
    'Оператор {id} планировался {plan}, а выполнялся {exec}: {text}',
    'Подготовьте его один раз или упростите секции и соединения.',
  ],
  zh: ['语句 {id} 的规划用时 {plan}，执行用时 {exec}：{text}', '请使用预备语句，或简化分区与连接。'],
};

const planHeavy: FindingRule = {
  id: 'PLAN-HEAVY',
  condition:
    'A statement took longer to plan than to execute, and 30 s or more; needs pg_stat_statements.track_planning.',
  find: (facts) => {
    const { time } = figuresOf(facts);
    const load = loadOf(facts);
    return statementLoads(facts)
      .map(({ id, queryId, seconds, planSeconds }) => {
        return { id, queryId, plan: planSeconds ?? 0, exec: seconds - (planSeconds ?? 0) };
      })
      .filter(({ plan, exec }) => plan > exec && plan >= 30)
      .slice(0, 3)
      .map(({ id, queryId, plan, exec }) =>
        tell(facts, {
          id: 'PLAN-HEAVY',
          severity: 3,
          impact: load.share(plan) ?? 0,
          place: 'statements-planning',
          subject: id,
          told: PLANNING,
          values: { id, plan: time(plan), exec: time(exec), text: excerpt(facts, queryId) },
        }),
      );
  },
};

export const statementRules: readonly FindingRule[] = [dominant, chatty, jit, planHeavy];
