import { randomUUID } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claim, claimSubtask } from '../../src/store/claim-subtask.ts';
import { subtaskAttempts, subtaskEdges } from '../../src/store/schema/tasks.ts';
import {
  cancelSubtask,
  cancelTask,
  retrySubtask,
  retryTask,
  rollbackTask,
  skipSubtask,
} from '../../src/tasks/change-task.ts';
import type { Finishing, NewStep, StepResult, SubtaskRow, TaskHooks } from '../../src/tasks/handlers.ts';
import { settleStep } from '../../src/tasks/settle-step.ts';
import { submitTask } from '../../src/tasks/submit-task.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { stepsOf, taskRow, taskState } from './engine.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.close());

const AT = new Date('2026-01-01T00:00:00Z');
const LOST_ALWAYS = new Date('2026-01-02T00:00:00Z');

/** Up to seven steps; step n may depend on any of the steps before it. */
const dag = fc
  .array(fc.array(fc.nat({ max: 5 }), { maxLength: 3 }), { minLength: 1, maxLength: 7 })
  .map((rows): NewStep[] =>
    rows.map((parents, n) => ({
      key: `${n}`,
      name: `${n}`,
      handler: 'any',
      attempts: 2,
      dependsOn: parents.filter((parent) => parent < n).map(String),
    })),
  );

type Action =
  | { do: 'claim' | 'takeover'; pick: number }
  | { do: 'settle'; pick: number; how: 'done' | 'more' | 'failed' | 'again' | 'handed back' | 'retry' }
  | { do: 'cancel' | 'retry' | 'rollback' }
  | { do: 'skip' | 'retryStep' | 'cancelStep'; pick: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeover' as const), pick: fc.nat() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      pick: fc.nat(),
      how: fc.constantFrom(
        'done' as const,
        'done' as const,
        'more' as const,
        'failed' as const,
        'failed' as const,
        'again' as const,
        'handed back' as const,
        'retry' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rollback' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('skip' as const, 'retryStep' as const, 'cancelStep' as const),
      pick: fc.nat(),
    }),
  },
);

const RESULTS: Record<string, StepResult | { kind: 'handed back' }> = {
  done: { kind: 'done' },
  more: { kind: 'done' },
  failed: { kind: 'failed', code: 'x', message: 'x' },
  retry: { kind: 'failed', code: 'x', message: 'x' },
  again: { kind: 'again', afterSeconds: 5, code: 'x', message: 'x' },
  'handed back': { kind: 'handed back' },
};

/** A history of one task, with every claim ever given out: old ones are what zombies hold. */
class History {
  readonly claims: Claim[] = [];
  finished = 0;
  reopened = 0;
  readonly hooks: TaskHooks = {
    finished: {
      test: async () => {
        this.finished += 1;
      },
    },
    reopened: {
      test: async () => {
        this.reopened += 1;
      },
    },
  };
  readonly taskId: number;

  constructor(taskId: number) {
    this.taskId = taskId;
  }

  steps(): Promise<SubtaskRow[]> {
    return stepsOf(database, this.taskId);
  }

  async act(act: Action): Promise<void> {
    const steps = await this.steps();
    if (act.do === 'claim' || act.do === 'takeover') {
      const ready = steps.filter((candidate) => candidate.state === 'READY');
      const among = act.do === 'claim' ? ready : steps;
      const step = among[act.pick % Math.max(1, among.length)];
      if (step === undefined) return;
      const lostBefore = act.do === 'takeover' ? LOST_ALWAYS : new Date(0);
      const workerId = randomUUID();
      const claim = await claimSubtask(database.sql, { subtaskId: step.id, workerId, at: AT, lostBefore });
      expect(claim !== null).toBe(['READY', 'RUNNING', 'CANCELING'].includes(step.state));
      if (claim) this.claims.push(claim);
    } else if (act.do === 'settle') {
      await this.settle(act, steps);
    } else if ('pick' in act) {
      await this.changeStep(act.do, steps[act.pick % steps.length] as SubtaskRow);
    } else {
      await this.changeTask(act.do);
    }
  }

  async changeStep(verb: 'skip' | 'retryStep' | 'cancelStep', step: SubtaskRow): Promise<void> {
    const { operation } = await taskRow(database, this.taskId);
    const change = { taskId: this.taskId, subtaskId: step.id, at: AT };
    const changed = database.db.transaction(async (tx) => {
      if (verb === 'skip') await skipSubtask(tx, this.hooks, change);
      else if (verb === 'retryStep') await retrySubtask(tx, this.hooks, change);
      else await cancelSubtask(tx, change);
    });
    const allowed = {
      skip: step.state === 'FAILED',
      retryStep: step.state === 'FAILED' && operation !== 'ROLLBACK',
      cancelStep: step.state === 'RUNNING',
    };
    if (allowed[verb]) await changed;
    else await expect(changed).rejects.toMatchObject({ code: 'conflict', detail: { rule: 'task_state' } });
  }

  async changeTask(verb: 'cancel' | 'retry' | 'rollback'): Promise<void> {
    const { state, operation } = await taskRow(database, this.taskId);
    const change = { taskId: this.taskId, at: AT };
    const changed = database.db.transaction(async (tx) => {
      if (verb === 'cancel') await cancelTask(tx, this.hooks, change);
      else if (verb === 'retry') await retryTask(tx, this.hooks, change);
      else await rollbackTask(tx, change);
    });
    const allowed = {
      cancel: state === 'RUNNING',
      retry: state === 'FAILED' && operation !== 'ROLLBACK',
      rollback: state === 'FAILED',
    };
    if (allowed[verb]) await changed;
    else await expect(changed).rejects.toMatchObject({ code: 'conflict', detail: { rule: 'task_state' } });
  }

  /** Work until a step fails, and begin to roll back. */
  async failAndRollBack(doneBefore: number): Promise<void> {
    for (let done = 0; (await taskState(database, this.taskId)) === 'RUNNING'; done += 1) {
      this.claims.length = 0;
      await this.act({ do: 'claim', pick: 0 });
      await this.act({ do: 'settle', pick: 1, how: done < doneBefore ? 'done' : 'failed' });
    }
    if ((await taskState(database, this.taskId)) === 'FAILED') await this.act({ do: 'rollback' });
  }

  async settle(act: Action & { do: 'settle' }, steps: SubtaskRow[]): Promise<void> {
    // Mostly claims that still hold, now and then any that was ever given out.
    const held = this.claims.filter(({ id, attempt }) =>
      steps.some((step) => step.id === id && step.attempt === attempt && step.workerId !== null),
    );
    const among = act.pick % 5 === 0 || held.length === 0 ? this.claims : held;
    const claim = among[act.pick % Math.max(1, among.length)];
    if (!claim) return;
    const step = steps.find((candidate) => candidate.id === claim.id) as SubtaskRow;
    const holds = step.attempt === claim.attempt && step.workerId === claim.workerId;
    const { operation } = await taskRow(database, this.taskId);
    let committed = false;
    const commit = async ({ addSteps }: Finishing) => {
      if (act.how === 'more' && operation !== 'ROLLBACK') {
        await addSteps([{ key: 'more', name: 'more', handler: 'any', attempts: 2 }]);
      }
      committed = true;
    };
    const isDone = act.how === 'done' || act.how === 'more';
    const result = { ...RESULTS[act.how], ...(isDone ? { commit } : {}) } as StepResult;
    const retryIn = act.how === 'retry' && step.attemptsLeft > 1 ? 1 : null;
    const settled = await settleStep(database.db, this.hooks, { claim, result, at: AT, retryIn });
    expect(settled === 'fenced').toBe(!holds);
    expect(committed).toBe(holds && isDone && step.state === 'RUNNING');
  }
}

/** What must hold after every action, whatever the history. */
async function check(history: History): Promise<void> {
  const steps = await history.steps();
  const edges = await database.db
    .select()
    .from(subtaskEdges)
    .where(
      inArray(
        subtaskEdges.childId,
        steps.map((step) => step.id),
      ),
    );
  const { operation, state } = await taskRow(database, history.taskId);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const of = (ids: number[]) => ids.map((id) => byId.get(id) as SubtaskRow);
  for (const step of steps) {
    const parents = of(edges.filter((edge) => edge.childId === step.id).map((edge) => edge.parentId));
    const children = of(edges.filter((edge) => edge.parentId === step.id).map((edge) => edge.childId));
    const open = parents.filter((parent) => parent.state !== 'SUCCESSFUL').length;
    expect(step.pendingParents).toBe(open);
    if (operation === 'ROLLBACK') {
      const isTurn = children.every((child) => child.state === 'PENDING');
      if (step.state !== 'PENDING') expect(step.state === 'SUCCESSFUL').toBe(!isTurn);
    } else {
      expect(step.state === 'PENDING').toBe(open > 0);
    }
    expect(step.workerId !== null).toBe(step.state === 'RUNNING' || step.state === 'CANCELING');
    expect(step.finishedAt !== null).toBe(step.state === 'SUCCESSFUL' || step.state === 'FAILED');
    expect(step.attemptsLeft).toBeGreaterThanOrEqual(1);
    if (step.state === 'READY') {
      const jobs = await database.sql`
        select 1 from pgboss.job where singleton_key = ${`subtask:${step.id}`} and state < 'active'`;
      expect(jobs.length).toBeGreaterThan(0);
    }
  }
  expect(steps.map((step) => step.seriesId).toSorted((a, b) => a - b)).toEqual(steps.map((_, n) => n));
  const claims = await database.db
    .select()
    .from(subtaskAttempts)
    .where(inArray(subtaskAttempts.subtaskId, [...byId.keys()]));
  expect(claims).toHaveLength(steps.reduce((sum, step) => sum + step.attempt, 0));
  const has = (...states: string[]) => steps.some((step) => states.includes(step.state));
  expect(state).toBe(has('READY', 'RUNNING', 'CANCELING') ? 'RUNNING' : has('FAILED') ? 'FAILED' : 'SUCCESSFUL');
  if (operation === 'ROLLBACK' && state === 'SUCCESSFUL')
    expect(steps.every((step) => step.state === 'PENDING')).toBe(true);
}

describe('any history of a task', () => {
  it('keeps counts, states and fences right, and a job behind every READY step', async () => {
    await fc.assert(
      fc.asyncProperty(
        dag,
        fc.option(fc.nat({ max: 6 })),
        fc.array(action, { maxLength: 30, size: 'max' }),
        async (steps, lead, actions) => {
          const task = { name: 't', kind: 'test', queue: randomUUID(), steps };
          const { taskId } = await database.db.transaction((tx) => submitTask(tx, task, { at: AT }));
          const history = new History(taskId);
          await check(history);
          if (lead !== null) await history.failAndRollBack(lead);
          await check(history);
          let before = await taskState(database, taskId);
          let ends = history.finished;
          let reopenings = 0;
          for (const act of actions) {
            await history.act(act);
            await check(history);
            const { state: after, operation } = await taskRow(database, taskId);
            if (operation !== 'ROLLBACK') {
              if (before === 'RUNNING' && after !== 'RUNNING') ends += 1;
              if (before === 'FAILED' && after === 'SUCCESSFUL') ends += 1;
              if (before === 'FAILED' && after === 'RUNNING') reopenings += 1;
            }
            before = after;
          }
          expect(history.finished).toBe(ends);
          expect(history.reopened).toBeGreaterThanOrEqual(reopenings);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it('refuses cycles, unknown and repeated keys, and empty tasks', async () => {
    const step = (key: string, ...dependsOn: string[]): NewStep => ({ key, name: key, handler: 'any', dependsOn });
    const wrong = [
      [],
      [step('a', 'a')],
      [step('a', 'b'), step('b', 'a')],
      [step('a'), step('b', 'd'), step('c', 'b'), step('d', 'c')],
      [step('a', 'nobody')],
      [step('a'), step('a')],
    ];
    for (const steps of wrong) {
      const task = { name: 't', kind: 'test', queue: randomUUID(), steps };
      const submitted = database.db.transaction((tx) => submitTask(tx, task, { at: AT }));
      await expect(submitted).rejects.toMatchObject({ code: 'bad_request' });
    }
  });
});
