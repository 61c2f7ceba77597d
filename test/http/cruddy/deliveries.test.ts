import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { deliveries } from '../../../src/store/schema/runs.ts';
import { testCtx } from '../../harness/context.ts';
import { createReportRow } from '../../operations/report-tasks/task-fixtures.ts';
import { createTask, fire, ledgerOf, partsOf, runOf } from '../../operations/runs/press.ts';
import { until, workerOf } from '../../tasks/engine.ts';
import { type Client, cruddyClient, someId } from './client.ts';

let client: Client;
let owner: string;
let stranger: string;
beforeAll(async () => {
  client = await cruddyClient();
  [owner, stranger] = [await client.user(), await client.user()];
});
afterAll(() => client.close());

/** The delivery of a run that has ended with its one recipient refused. */
async function refused() {
  const { database } = client;
  const ctx = testCtx(database);
  const send = async () => ({ state: 'REFUSED', response: '550 no such person' }) as const;
  const worker = workerOf(database, createRunHandlers(ctx, partsOf(database.db, { send })));
  await worker.start();
  const run = await fire(ctx, await createTask(database.db, { instance: randomUUID(), ownerId: owner }));
  await until(
    () => runOf(database.db, run.id),
    (row) => row.finishedAt !== null,
  );
  await worker.stop(5_000);
  const [delivery] = await ledgerOf(database.db, run.id);
  return { runId: run.id, id: delivery?.id ?? '', messageId: delivery?.messageId };
}

const retry = (id: string, user: string) => client.call('POST', `/deliveries/${id}/retry`, undefined, { user });

it('tries a delivery again for who may change the task: 202, the run goes on; a second time 409', async () => {
  const { id, runId, messageId } = await refused();
  expect((await retry(id, stranger)).status).toBe(403);
  const answer = await retry(id, owner);
  expect(answer).toMatchObject({
    status: 202,
    body: { id, run_id: runId, state: 'PENDING', attempts: 0, message_id: messageId },
  });
  expect((await runOf(client.database.db, runId)).state).toBe('RUNNING');
  const again = await retry(id, owner);
  expect(again).toMatchObject({ status: 409, body: { error: expect.any(String), error_code: 409 } });
});

it('a delivery that was SENT is not sent again: 409, and the run stays as it is', async () => {
  const { id, runId } = await refused();
  await client.database.db.update(deliveries).set({ state: 'SENT' }).where(eq(deliveries.id, id));
  expect((await retry(id, owner)).status).toBe(409);
  expect((await runOf(client.database.db, runId)).state).toBe('FAILED');
});

it('an unknown delivery is 404, what is no id 400', async () => {
  expect((await retry(someId(), owner)).status).toBe(404);
  expect((await retry('1%27', owner)).status).toBe(400);
});

it('a subject or message that no mail can be filled from is refused when the task is made', async () => {
  const reportId = await createReportRow(client.database.db, { ownerId: owner });
  const body = { interval: '0 9 * * *', instance: someId(), report_id: reportId };
  const create = (more: object) => client.call('POST', '/report_tasks/create', { ...body, ...more }, { user: owner });
  for (const more of [{ subject: '{{#report}}' }, { subject: '{{nobody}}' }, { message: '{{report.constructor}}' }]) {
    expect((await create(more)).status).toBe(400);
  }
  const good = await create({ subject: '{{report}}: {{period}}', message: '{{#partial}}incomplete!{{/partial}}' });
  expect(good).toMatchObject({ status: 201, body: { subject: '{{report}}: {{period}}' } });
});
