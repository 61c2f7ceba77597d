import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BroadsheetError } from '../../../src/errors.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { cancelRun } from '../../../src/operations/runs/cancel-run.ts';
import { createRun } from '../../../src/operations/runs/create-run.ts';
import { getRun, getRunLog } from '../../../src/operations/runs/get-run.ts';
import { retryRun } from '../../../src/operations/runs/retry-run.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { INLINE_DELAY_SECONDS, workRunInline } from '../../../src/operations/runs/work-run-inline.ts';
import { auditLog } from '../../../src/store/schema/access.ts';
import { documentChunks, documents, type RunState } from '../../../src/store/schema/runs.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { createUser, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { until, workerOf } from '../../tasks/engine.ts';
import { createTask, failedWidget, fire, hang, ledgerOf, type Press, partsOf, printed, runOf, sent } from './press.ts';

let database: TestDatabase;
let ctx: Ctx;
const workers: Worker[] = [];

beforeAll(async () => {
  database = await testDatabase({ max: 20 });
  ctx = testCtx(database);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
});
afterAll(async () => database.close());

async function work(press: Press = {}): Promise<Worker> {
  const worker = workerOf(database, createRunHandlers(ctx, partsOf(database.db, press)));
  workers.push(worker);
  await worker.start();
  return worker;
}

const task = (more = {}) => createTask(database.db, { instance: randomUUID(), ...more });
const ended = (id: string, ...states: RunState[]) =>
  until(
    () => runOf(database.db, id),
    (run) => states.includes(run.state),
  );

describe('a run', () => {
  it('makes and archives one document, delivers it to every recipient, and tells its story', async () => {
    const recipients = { to: ['a@example.test', 'b@example.test'], cc: ['c@example.test'], bcc: [] };
    const run = await fire(ctx, await task({ recipients }));
    const mails: string[] = [];
    await work({
      print: async ({ input }) => {
        input.onPhase('query', 12);
        input.onPhase('print', 34);
        return printed();
      },
      send: async (letter) => {
        mails.push(letter.recipient);
        return sent;
      },
    });
    const { timings } = await ended(run.id, 'SUCCESSFUL');
    expect(mails.sort()).toEqual(['a@example.test', 'b@example.test', 'c@example.test']);
    expect(timings).toMatchObject({ query: 12, print: 34 });
    expect(Object.keys(timings).sort()).toEqual(['archive', 'deliver', 'load', 'print', 'query', 'total']);
    const shown = await getRun({ ctx, input: { id: run.id } });
    expect(shown).toMatchObject({ state: 'SUCCESSFUL', document: { name: 'report.pdf', pages: 1 } });
    expect((shown.steps as { name: string; state: string }[]).map((step) => [step.name, step.state])).toEqual([
      ['Make document', 'SUCCESSFUL'],
      ['Deliver to a@example.test', 'SUCCESSFUL'],
      ['Deliver to b@example.test', 'SUCCESSFUL'],
      ['Deliver to c@example.test', 'SUCCESSFUL'],
    ]);
    const log = await getRunLog({ ctx, input: { id: run.id } });
    expect(log.map((line) => line.message)).toContain('document printed: 1 pages, 13 bytes');
    const chunks = await database.db.select().from(documentChunks);
    expect(Buffer.concat(chunks.map((chunk) => chunk.data)).toString()).toBe('%PDF-1.7 test');
  });

  it('is created once per task and instant, whoever comes first, with one job', async () => {
    const taskId = await task();
    const at = new Date('2026-05-01T09:00:00Z');
    const created = await Promise.all(Array.from({ length: 8 }, () => fire(ctx, taskId, at)));
    expect(new Set(created.map((run) => run.id)).size).toBe(1);
    expect(created.filter((run) => !run.deduplicated)).toHaveLength(1);
    const jobs = await database.sql`select 1 from pgboss.job where singleton_key = ${`run:${created[0]?.id}`}`;
    expect(jobs).toHaveLength(1);
    await cancelRun({ ctx, input: { id: created[0]?.id as string } });
  });

  it('on_partial hold: keeps the document and mails nobody, until it is let go', async () => {
    const run = await fire(ctx, await task({ onPartial: 'hold' }));
    const mails: string[] = [];
    await work({
      print: async () => printed({ widgets: [failedWidget] }),
      send: async (letter) => {
        mails.push(letter.subject);
        return sent;
      },
    });
    expect((await ended(run.id, 'HELD')).reason).toContain('partial');
    expect(await ledgerOf(database.db, run.id)).toEqual([]);
    await retryRun({ ctx, input: { id: run.id } });
    await ended(run.id, 'PARTIAL');
    expect((await ledgerOf(database.db, run.id)).map((row) => row.state)).toEqual(['SENT']);
  });

  it('on_partial send: mails the partial document and is PARTIAL', async () => {
    const run = await fire(ctx, await task());
    await work({ print: async () => printed({ widgets: [failedWidget] }) });
    expect((await ended(run.id, 'PARTIAL')).reason).toBe('some widgets failed');
  });

  it('retries only the recipients that failed, and never an uncertain one', async () => {
    const recipients = { to: ['fine@example.test', 'gone@example.test', 'doubt@example.test'], cc: [], bcc: [] };
    const run = await fire(ctx, await task({ recipients }));
    const mails: string[] = [];
    let mended = false;
    await work({
      send: async ({ recipient }) => {
        mails.push(recipient);
        if (recipient.startsWith('gone') && !mended) return { state: 'REFUSED', response: '550 no such user' };
        if (recipient.startsWith('doubt')) return { state: 'UNCERTAIN', response: 'cut after DATA' };
        return sent;
      },
    });
    const partial = await ended(run.id, 'PARTIAL');
    expect(partial.reason).toBe('1 of 3 deliveries failed; 1 of 3 deliveries are uncertain');
    mended = true;
    await retryRun({ ctx, input: { id: run.id } });
    await until(
      () => runOf(database.db, run.id),
      (row) => row.finishedAt !== null && row.reason === '1 of 3 deliveries are uncertain',
    );
    const ofRun = mails.filter((recipient) => recipients.to.includes(recipient));
    expect(ofRun.sort()).toEqual(['doubt@example.test', 'fine@example.test', 'gone@example.test', 'gone@example.test']);
  });

  it('waits and tries again when the relay says later', async () => {
    const run = await fire(ctx, await task());
    let tries = 0;
    await work({
      send: async () => {
        tries += 1;
        return tries < 3 ? { state: 'RETRYING', response: '451 later', retryAfterMs: 500 } : sent;
      },
    });
    await ended(run.id, 'SUCCESSFUL');
    expect(tries).toBe(3);
    expect((await ledgerOf(database.db, run.id))[0]).toMatchObject({ state: 'SENT', attempts: 3 });
  });

  it('fails with the reason and orders a notice, and a retry makes the document after all', async () => {
    const run = await fire(ctx, await task());
    let broken = true;
    await work({
      print: async () => {
        if (broken) throw new BroadsheetError('unprocessable', 'the layout is impossible');
        return printed();
      },
    });
    const failed = await ended(run.id, 'FAILED');
    expect(failed.error).toEqual({ code: 'unprocessable', message: 'the layout is impossible' });
    const notice = await database.sql`
      select state from task_instances where kind = 'notice' and context->>'run_id' = ${run.id}`;
    expect(notice).toHaveLength(1);
    broken = false;
    await retryRun({ ctx, input: { id: run.id } });
    await ended(run.id, 'SUCCESSFUL');
    const again = retryRun({ ctx, input: { id: run.id } });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is canceled while it prints, archives nothing, and lets the next one in line begin', async () => {
    const taskId = await task();
    const first = await fire(ctx, taskId);
    const second = await fire(ctx, taskId);
    const third = await fire(ctx, taskId);
    expect([first, second, third].map((run) => run.state)).toEqual(['QUEUED', 'QUEUED', 'SKIPPED']);
    expect(third.reason).toBe('one run of the task is going and another one waits');
    await work({
      print: ({ ctx: inner, input }) => (input.ids.run === first.id ? hang(inner.signal) : Promise.resolve(printed())),
    });
    await ended(first.id, 'RUNNING');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await runOf(database.db, second.id)).state).toBe('QUEUED');
    await cancelRun({ ctx, input: { id: first.id } });
    await ended(first.id, 'CANCELED');
    await ended(second.id, 'SUCCESSFUL');
    expect(await database.db.select().from(documents).where(eq(documents.runId, first.id))).toEqual([]);
    const actions = await database.db.select().from(auditLog).where(eq(auditLog.objectId, first.id));
    expect(actions.map((row) => row.action).sort()).toEqual(['run.cancel', 'run.create']);
  });

  it('overlap policy skip drops a firing while one is open, parallel never does', async () => {
    const skip = await task({ overlapPolicy: 'skip' });
    const parallel = await task({ overlapPolicy: 'parallel' });
    const skipped = [await fire(ctx, skip), await fire(ctx, skip)];
    const all = [await fire(ctx, parallel), await fire(ctx, parallel), await fire(ctx, parallel)];
    expect(skipped.map((run) => run.state)).toEqual(['QUEUED', 'SKIPPED']);
    expect(all.map((run) => run.state)).toEqual(['QUEUED', 'QUEUED', 'QUEUED']);
    await work();
    await Promise.all([skipped[0], ...all].map((run) => ended(run?.id as string, 'SUCCESSFUL')));
  });

  it('is seen and changed by its owners alone', async () => {
    const [owner, stranger] = [await createUser(database.db), await createUser(database.db)];
    const run = await fire(ctx, await task({ ownerId: owner.userId }));
    const as = (actor: Ctx['actor']) => ({ ctx: { ...ctx, actor }, input: { id: run.id } });
    await expect(getRun(as(stranger))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(getRunLog(as(stranger))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(cancelRun(as(stranger))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await getRun(as(owner))).toMatchObject({ id: run.id, state: 'QUEUED' });
    await cancelRun(as(owner));
    await expect(cancelRun(as(owner))).rejects.toMatchObject({ code: 'conflict' });
    const unknown = getRun({ ctx, input: { id: randomUUID() } });
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is worked inline to its end by a process without jobs, and leaves no job behind', async () => {
    const scheduledFor = new Date('2026-06-01T09:00:00Z');
    const input = {
      taskId: await task(),
      scheduledFor,
      trigger: 'command' as const,
      delaySeconds: INLINE_DELAY_SECONDS,
    };
    const run = await createRun({ ctx, input });
    const parts = partsOf(database.db);
    expect(await workRunInline({ ctx, parts, database, input: { runId: run.id } })).toBe('SUCCESSFUL');
    expect((await ledgerOf(database.db, run.id)).map((row) => row.state)).toEqual(['SENT']);
    const left = await database.sql`select data from pgboss.job where state < 'completed' and name = ${run.instance}`;
    expect(left).toEqual([]);
    expect(await createRun({ ctx, input })).toMatchObject({ id: run.id, state: 'SUCCESSFUL', deduplicated: true });
  });

  it('worked inline and stopped, goes back to be worked by the service', async () => {
    const scheduledFor = new Date('2026-07-01T09:00:00Z');
    const run = await createRun({
      ctx,
      input: { taskId: await task(), scheduledFor, trigger: 'command', delaySeconds: INLINE_DELAY_SECONDS },
    });
    const stop = new AbortController();
    const stopped = { ...ctx, signal: stop.signal };
    const parts = partsOf(database.db, { print: ({ ctx: inner }) => hang(inner.signal) });
    const inline = workRunInline({ ctx: stopped, parts, database, input: { runId: run.id } });
    await ended(run.id, 'RUNNING');
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop.abort(new BroadsheetError('canceled', 'SIGTERM'));
    await expect(inline).rejects.toMatchObject({ code: 'canceled' });
    await work();
    await ended(run.id, 'SUCCESSFUL');
  });
});
