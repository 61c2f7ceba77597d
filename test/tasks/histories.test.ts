import { randomUUID } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claim, claimSubtask } from '../../src/store/claim-subtask.ts';
import { subtaskEdges } from '../../src/store/schema/tasks.ts';
import { cancelTask, retryTask, skipSubtask } from '../../src/tasks/change-task.ts';
import type { Finishers, NewStep, StepResult, SubtaskRow } from '../../src/tasks/handlers.ts';
import { settleStep } from '../../src/tasks/settle-step.ts';
import { submitTask } from '../../src/tasks/submit-task.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { stepsOf, taskState } from './engine.ts';

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
  | { do: 'settle'; pick: number; how: 'done' | 'failed' | 'again' | 'handed back' | 'retry' }
  | { do: 'cancel' | 'retry' }
  | { do: 'skip'; pick: number };

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
        'failed' as const,
        'again' as const,
        'handed back' as const,
        'retry' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), pick: fc.nat() }) },
);

const RESULTS: Record<string, StepResult | { kind: 'handed back' }> = {
  done: { kind: 'done' },
  failed: { kind: 'failed', code: 'x', message: 'x' },
  retry: { kind: 'failed', code: 'x', message: 'x' },
  again: { kind: 'again', afterSeconds: 5, code: 'x', message: 'x' },
  'handed back': { kind: 'handed back' },
};

/** A history of one task, with every claim ever given out: old ones are what zombies hold. */
class History {
  readonly claims: Claim[] = [];
  finished = 0;
  readonly finishers: Finishers = {
    test: async () => {
      this.finished += 1;
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
      const step = steps[act.pick % steps.length] as SubtaskRow;
      const lostBefore = act.do === 'takeover' ? LOST_ALWAYS : new Date(0);
      const workerId = randomUUID();
      if (act.do === 'claim' && step.state !== 'READY') return;
      const claim = await claimSubtask(database.sql, { subtaskId: step.id, workerId, at: AT, lostBefore });
      expect(claim !== null).toBe(['READY', 'RUNNING', 'CANCELING'].includes(step.state));
      if (claim) this.claims.push(claim);
    } else if (act.do === 'settle') {
      await this.settle(act, steps);
    } else if (act.do === 'skip') {
      const step = steps[act.pick % steps.length] as SubtaskRow;
      const change = { taskId: this.taskId, subtaskId: step.id, at: AT };
      const skip = database.db.transaction((tx) => skipSubtask(tx, this.finishers, change));
      if (step.state === 'FAILED') await skip;
      else await expect(skip).rejects.toMatchObject({ code: 'conflict' });
    } else {
      const state = await taskState(database, this.taskId);
      const change = { taskId: this.taskId, at: AT };
      const done = database.db.transaction(async (tx) =>
        act.do === 'cancel' ? cancelTask(tx, this.finishers, change) : void (await retryTask(tx, change)),
      );
      if (state === (act.do === 'cancel' ? 'RUNNING' : 'FAILED')) await done;
      else await expect(done).rejects.toMatchObject({ code: 'conflict' });
    }
  }

  async settle(act: Action & { do: 'settle' }, steps: SubtaskRow[]): Promise<void> {
    const claim = this.claims[act.pick % Math.max(1, this.claims.length)];
    if (!claim) return;
    const step = steps.find((candidate) => candidate.id === claim.id) as SubtaskRow;
    const holds = step.attempt === claim.attempt && step.workerId === claim.workerId;
    let committed = false;
    const commit = async () => {
      committed = true;
    };
    const result = { ...RESULTS[act.how], ...(act.how === 'done' ? { commit } : {}) } as StepResult;
    const retryIn = act.how === 'retry' && step.attemptsLeft > 1 ? 1 : null;
    const settled = await settleStep(database.db, this.finishers, { claim, result, at: AT, retryIn });
    expect(settled === 'fenced').toBe(!holds);
    expect(committed).toBe(holds && act.how === 'done' && step.state === 'RUNNING');
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
  const byId = new Map(steps.map((step) => [step.id, step]));
  for (const step of steps) {
    const parents = edges
      .filter((edge) => edge.childId === step.id)
      .map((edge) => byId.get(edge.parentId) as SubtaskRow);
    const open = parents.filter((parent) => parent.state !== 'SUCCESSFUL').length;
    expect(step.pendingParents).toBe(open);
    expect(step.state === 'PENDING').toBe(open > 0);
    expect(step.workerId !== null).toBe(step.state === 'RUNNING' || step.state === 'CANCELING');
    expect(step.finishedAt !== null).toBe(step.state === 'SUCCESSFUL' || step.state === 'FAILED');
    expect(step.attemptsLeft).toBeGreaterThanOrEqual(1);
    if (step.state === 'READY') {
      const jobs = await database.sql`
        select 1 from pgboss.job where singleton_key = ${`subtask:${step.id}`} and state < 'active'`;
      expect(jobs.length).toBeGreaterThan(0);
    }
  }
  const has = (...states: string[]) => steps.some((step) => states.includes(step.state));
  const state = has('READY', 'RUNNING', 'CANCELING') ? 'RUNNING' : has('FAILED') ? 'FAILED' : 'SUCCESSFUL';
  expect(await taskState(database, history.taskId)).toBe(state);
}

describe('any history of a task', () => {
  it('keeps counts, states and fences right, and a job behind every READY step', async () => {
    await fc.assert(
      fc.asyncProperty(dag, fc.array(action, { maxLength: 25 }), async (steps, actions) => {
        const task = { name: 't', kind: 'test', queue: randomUUID(), steps };
        const { taskId } = await database.db.transaction((tx) => submitTask(tx, task, { at: AT }));
        const history = new History(taskId);
        await check(history);
        let before = await taskState(database, taskId);
        let ends = 0;
        for (const act of actions) {
          await history.act(act);
          await check(history);
          const after = await taskState(database, taskId);
          if (before === 'RUNNING' && after !== 'RUNNING') ends += 1;
          if (before === 'FAILED' && after === 'SUCCESSFUL') ends += 1;
          before = after;
        }
        expect(history.finished).toBe(ends);
      }),
      { numRuns: 60 },
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
