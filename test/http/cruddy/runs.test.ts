import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../../src/operations/runs/create-run.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { testCtx } from '../../harness/context.ts';
import { createTask, fire, partsOf } from '../../operations/runs/press.ts';
import { until, workerOf } from '../../tasks/engine.ts';
import { type Client, cruddyClient } from './client.ts';

let client: Client;

beforeAll(async () => {
  client = await cruddyClient();
});
afterAll(async () => client.close());

async function firedRun(ownerId?: string): Promise<string> {
  const instance = randomUUID();
  const taskId = await createTask(client.database.db, { instance, ...(ownerId ? { ownerId } : {}) });
  return (await fire(testCtx(client.database), taskId)).id;
}

describe('runs over HTTP', () => {
  it('shows a run from QUEUED to SUCCESSFUL with document, deliveries, steps, timings and log', async () => {
    const id = await firedRun();
    const queued = await client.call('GET', `/runs/${id}`);
    expect(queued).toMatchObject({
      status: 200,
      body: { id, state: 'QUEUED', document: null, deliveries: [], steps: [] },
    });
    const ctx = testCtx(client.database);
    const worker = workerOf(client.database, createRunHandlers(ctx, partsOf(client.database.db)));
    await worker.start();
    const done = await until(
      () => client.call('GET', `/runs/${id}`),
      (answer) => answer.body.state === 'SUCCESSFUL',
    );
    await worker.stop(5_000);
    expect(done.body.deliveries).toMatchObject([{ recipient: 'a@example.test', state: 'SENT', role: 'to' }]);
    expect(done.body.steps.map((step: { name: string }) => step.name)).toEqual([
      'Make document',
      'Deliver to a@example.test',
    ]);
    expect(done.body.finished_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(done.body.timings.total).toBeGreaterThan(0);
    const log = await client.call('GET', `/runs/${id}/log`);
    expect(log.status).toBe(200);
    expect(log.body.total).toBe(log.body.objects.length);
    expect(log.body.objects.map((line: { step: string }) => line.step)).toContain('Make document');
    expect((await client.call('POST', `/runs/${id}/retry`)).status).toBe(409);
    expect((await client.call('POST', `/runs/${id}/cancel`)).status).toBe(409);
  });

  it('searches among the runs that the caller sees', async () => {
    const owner = await client.user();
    const id = await firedRun(owner);
    const body = { filters: [{ field: 'state', type: 'equal', value: 'QUEUED' }], limit: 10 };
    const mine = await client.call('POST', '/runs/search', body, { user: owner });
    expect(mine.status).toBe(200);
    expect(mine.body.objects.map((run: { id: string }) => run.id)).toEqual([id]);
    const others = await client.call('POST', '/runs/search', {}, { user: await client.user() });
    expect(others.body).toMatchObject({ objects: [], total: 0 });
  });

  it('cancels and retries for its owner, not for a stranger', async () => {
    const owner = await client.user();
    const id = await firedRun(owner);
    const stranger = await client.user();
    expect((await client.call('POST', `/runs/${id}/cancel`, undefined, { user: stranger })).status).toBe(403);
    const canceled = await client.call('POST', `/runs/${id}/cancel`, undefined, { user: owner });
    expect(canceled).toMatchObject({ status: 202, body: { state: 'CANCELED', reason: 'canceled' } });
    const retried = await client.call('POST', `/runs/${id}/retry`, undefined, { user: owner });
    expect(retried).toMatchObject({ status: 202, body: { state: 'QUEUED', reason: null } });
  });

  it('lets who asked for one change it for as long as the report is theirs to see', async () => {
    const asker = await client.user();
    const report = { name: 'Shared', _relations: { users: [asker] } };
    const { id: reportId } = (await client.call('POST', '/reports/create', report)).body;
    const ctx = testCtx(client.database);
    const actor = { userId: asker, roles: [], groupIds: [], email: null };
    const input = { reportId, scheduledFor: new Date(), trigger: 'on_demand' as const };
    const { id } = await createRun({ ctx: { ...ctx, actor }, input });
    const act = async (verb: string) => (await client.call('POST', `/runs/${id}/${verb}`, {}, { user: asker })).status;
    expect(await act('cancel')).toBe(202);
    await client.call('PUT', '/reports/update', { id: reportId, _relations: { users: [] } });
    expect(await act('retry')).toBe(403);
  });

  it('says in _meta what a search takes', async () => {
    const meta = await client.call('GET', '/runs/_meta');
    expect(meta).toMatchObject({ status: 200, body: { relations: ['report', 'task', 'requester'] } });
    expect(meta.body.fields).toContainEqual({ name: 'widgets', type: 'list', filters: [] });
  });

  it('answers unknown and malformed ids in the family shape', async () => {
    const paths: [string, string][] = [
      ['GET', ''],
      ['GET', '/log'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
    ];
    for (const [method, path] of paths) {
      const unknown = await client.call(method, `/runs/${randomUUID()}${path}`);
      expect(unknown).toMatchObject({ status: 404, body: { error: 'run not found', error_code: 404 } });
      const malformed = await client.call(method, `/runs/x'--${path}`);
      expect(malformed).toMatchObject({ status: 400, body: { error_code: 400 } });
    }
  });
});
