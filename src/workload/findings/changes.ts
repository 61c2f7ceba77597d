import { planChanges, regressions, type StatementChange } from '../compare.ts';
import { shortId, type WorkloadFacts } from '../facts.ts';
import type { Finding, FindingRule } from '../section.ts';
import { excerpt, figuresOf, loadOf, type Told, tell } from './evidence.ts';

const SLOWER: Told = {
  en: [
    'Statement {id} takes {ratio} times as long as in the range before: {was} then, {now} now: {text}',
    'Compare its plans and its waits of the two ranges.',
  ],
  ru: [
    'Оператор {id} выполняется в {ratio} раза дольше, чем в прошлом диапазоне: было {was}, стало {now}: {text}',
    'Сравните его планы и ожидания в обоих диапазонах.',
  ],
  zh: ['语句 {id} 用时是上一范围的 {ratio} 倍：原 {was}，现 {now}：{text}', '请比较两个范围内的执行计划和等待。'],
};

const OTHER_PLAN: Told = {
  en: [
    'Statement {id} does other work per call than in the range before: {was} then, {now} now, {blocks} times the blocks: {text}',
    'Its plan has probably changed: compare plans, and check statistics and indexes.',
  ],
  ru: [
    'Оператор {id} делает за вызов другую работу: было {was}, стало {now}, блоков в {blocks} раза: {text}',
    'Вероятно, изменился план: сравните планы, проверьте статистику и индексы.',
  ],
  zh: [
    '语句 {id} 每次调用的工作量变了：原 {was}，现 {now}，块数为 {blocks} 倍：{text}',
    '执行计划可能已改变：请比较计划，检查统计信息和索引。',
  ],
};

function told(facts: WorkloadFacts, id: string, words: Told, change: StatementChange): Finding {
  const { number, time } = figuresOf(facts);
  const mean = (side: StatementChange['before']): number | null =>
    side === null || side.calls <= 0 ? null : side.seconds / side.calls;
  const printed = shortId(change.queryId);
  return tell(facts, {
    id,
    severity: 2,
    impact: loadOf(facts).share(change.after?.seconds ?? null) ?? 0,
    place: 'statements-elapsed',
    subject: printed,
    told: words,
    values: {
      id: printed,
      ratio: number(change.ratio),
      blocks: number(change.blocksRatio),
      was: time(mean(change.before)),
      now: time(mean(change.after)),
      text: excerpt(facts, change.queryId),
    },
  });
}

const LEAST_SHARE = 0.05;

const regression: FindingRule = {
  id: 'REGRESSION',
  condition:
    'Against the range before, a statement takes 1.5 times as long per call, beyond what chance explains (a rank test of the pieces of both ranges below 1 %; Welch’s z of 4 where either has fewer than six), over 30 calls on both sides, and has 5 % of database time. Not told where PLAN-CHANGE is.',
  find: (facts) => {
    const load = loadOf(facts);
    const replanned = new Set(planChanges(facts).map(({ queryId }) => queryId));
    return regressions(facts)
      .filter(({ queryId, after }) => !replanned.has(queryId) && (load.share(after?.seconds ?? 0) ?? 0) >= LEAST_SHARE)
      .map((change) => told(facts, 'REGRESSION', SLOWER, change));
  },
};

const planChange: FindingRule = {
  id: 'PLAN-CHANGE',
  condition:
    'Against the range before, a statement takes 3 times as long per call and touches 3 times as many blocks or a third, for about as many rows, over 30 calls on both sides and 30 s.',
  find: (facts) => planChanges(facts).map((change) => told(facts, 'PLAN-CHANGE', OTHER_PLAN, change)),
};

export const changeRules: readonly FindingRule[] = [regression, planChange];
