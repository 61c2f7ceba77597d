import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { fireDueTasks } from '../../../src/operations/report-tasks/fire-due-tasks.ts';
import { runOnce } from '../../../src/operations/report-tasks/run-once.ts';
import type { RunParts } from '../../../src/operations/runs/parts.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { partsOf, printed } from '../runs/press.ts';
import { createTaskRow } from './task-fixtures.ts';

const at = (text: string): Date => new Date(text);
const LONG_AGO = at('2026-05-01T00:00:00Z');
const recipients = { to: ['a@example.test'], cc: [], bcc: [] };

let database: TestDatabase;
let ctx: Ctx;
const clock = fixedClock(at('2026-06-03T12:00:00Z'));

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  await database.sql`truncate report_tasks, runs, task_instances, documents, pgboss.job cascade`;
  clock.set(at('2026-06-03T12:00:00Z'));
  ctx = testCtx({ db: database.db, clock });
});

const once = (taskId: string, given: { at?: Date; parts?: RunParts; ctx?: Ctx } = {}) =>
  runOnce({
    ctx: given.ctx ?? ctx,
    parts: given.parts ?? partsOf(database.db),
    database,
    input: { taskId, at: given.at ?? null },
  });

const counts = async () => {
  const [row] = await database.sql`
    select (select count(*)::int from runs) as runs, (select count(*)::int from documents) as documents,
      (select count(*)::int from pgboss.job where state < 'completed') as jobs`;
  return row;
};

describe('a task run once by a CronJob', () => {
  it('runs its latest fire time to the end in this process, and leaves no job behind', async () => {
    const id = await createTaskRow(database.db, { recipients, after: LONG_AGO });
    const ran = await once(id);
    expect(ran).toMatchObject({ scheduledFor: at('2026-06-03T09:00:00Z'), state: 'SUCCESSFUL', deduplicated: false });
    expect(ran.run).toMatchObject({
      trigger: 'command',
      document: { name: 'report.pdf' },
      deliveries: [{ state: 'SENT' }],
    });
    expect(await counts()).toEqual({ runs: 1, documents: 1, jobs: 0 });
  });

  it('does nothing the second time, and says so', async () => {
    const id = await createTaskRow(database.db, { recipients, after: LONG_AGO });
    const first = await once(id);
    clock.advance(60_000);
    const second = await once(id);
    expect(second).toMatchObject({ state: 'SUCCESSFUL', deduplicated: true, alreadyDone: true });
    expect(second.run.id).toBe(first.run.id);
    expect(await counts()).toEqual({ runs: 1, documents: 1, jobs: 0 });
  });

  it('is one run with the scheduler’s, whoever comes first', async () => {
    const id = await createTaskRow(database.db, { recipients, after: at('2026-06-02T10:00:00Z') });
    clock.set(at('2026-06-03T09:00:00.300Z'));
    await fireDueTasks({ ctx });
    const ran = await once(id);
    expect(ran).toMatchObject({ state: 'SUCCESSFUL', deduplicated: true, alreadyDone: false });
    expect(ran.run.trigger).toBe('schedule');
    const later = await createTaskRow(database.db, { recipients, after: at('2026-06-02T10:00:00Z') });
    expect(await once(later)).toMatchObject({ deduplicated: false });
    await fireDueTasks({ ctx });
    expect(await counts()).toMatchObject({ runs: 2, documents: 2 });
  });

  it('started twice at once prints and sends once', async () => {
    let prints = 0;
    let sends = 0;
    const parts = partsOf(database.db, {
      print: async () => {
        prints += 1;
        return printed();
      },
      send: async () => {
        sends += 1;
        return { state: 'SENT', response: '250 ok' };
      },
    });
    const id = await createTaskRow(database.db, { recipients, after: LONG_AGO });
    const [one, two] = await Promise.all([once(id, { parts }), once(id, { parts })]);
    expect([one.state, two.state]).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
    expect([one.deduplicated, two.deduplicated].sort()).toEqual([false, true]);
    expect(one.run.id).toBe(two.run.id);
    expect({ prints, sends }).toEqual({ prints: 1, sends: 1 });
  });

  it('takes another instant when told so, but none that is yet to come', async () => {
    const id = await createTaskRow(database.db, { recipients, enabled: false, after: LONG_AGO });
    expect(await once(id, { at: at('2026-01-01T00:00:00Z') })).toMatchObject({
      scheduledFor: at('2026-01-01T00:00:00Z'),
    });
    await expect(once(id, { at: at('2026-06-03T12:00:00.001Z') })).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('knows the bounds of the schedule', async () => {
    const ended = await createTaskRow(database.db, { recipients, endAt: at('2026-05-20T09:00:00Z'), after: LONG_AGO });
    expect((await once(ended)).scheduledFor).toEqual(at('2026-05-19T09:00:00Z'));
    const young = await createTaskRow(database.db, { startAt: at('2026-06-03T11:00:00Z'), after: LONG_AGO });
    await expect(once(young)).rejects.toMatchObject({
      code: 'bad_request',
      message: 'the report task has had no fire time yet',
    });
  });

  it('says of a task that is not there that it is not there', async () => {
    await expect(once(randomUUID())).rejects.toMatchObject({ code: 'not_found', message: 'report task not found' });
  });
});
