import { createHash } from 'node:crypto';
import { count } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import type { RunParts } from '../../../src/operations/runs/parts.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { runs } from '../../../src/store/schema/runs.ts';
import { createWorker, type Worker } from '../../../src/tasks/worker.ts';
import { testCtx } from '../../harness/context.ts';
import { createReportRow } from '../../operations/report-tasks/task-fixtures.ts';
import { partsOf, printed } from '../../operations/runs/press.ts';
import { type Client, cruddyClient, someId } from './client.ts';

let client: Client;
let worker: Worker | undefined;
const requests: { period: readonly string[] | null; timeZone: string; locale: string }[] = [];
beforeAll(async () => {
  client = await cruddyClient({ GENERATE_WAIT_MS: '4000' });
});
afterAll(() => client.close());
afterEach(async () => {
  await worker?.stop(1000);
  worker = undefined;
});

/** A worker that serves no instance at all: it serves what is asked for on demand nevertheless. */
async function startWorker(print?: RunParts['print']): Promise<void> {
  const { database } = client;
  const ctx = testCtx({ db: database.db, clock: database.clock });
  const parts = partsOf(database.db, {
    print:
      print ??
      (async ({ input }) => {
        requests.push(input);
        return printed({ name: 'Отчёт за неделю.pdf' });
      }),
  });
  const given = {
    database,
    handlers: createRunHandlers(ctx, parts),
    clock: database.clock,
    log: silentLog,
    metrics: ctx.metrics,
  };
  worker = createWorker({ ...given, instances: [someId()], runsAtOnce: 2 });
  await worker.start();
}

const generate = async (id: string, body: unknown = {}, headers: Record<string, string> = {}) => {
  const response = await client.app.request(`/reports/${id}/generate`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { PgrApiKey: client.admin.key, 'Pgr-User-ID': client.admin.userId, ...headers },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};

const runCount = async (): Promise<number> => (await client.database.db.select({ n: count() }).from(runs))[0]?.n ?? -1;

describe('generating on demand', () => {
  it('answers the document itself when it is ready in time', async () => {
    await startWorker();
    const id = await createReportRow(client.database.db);
    const answer = await generate(id, { period: ['last month'], time_zone: 'europe/moscow', locale: 'ru' });
    expect(answer.status).toBe(200);
    expect(answer.bytes.toString()).toBe('%PDF-1.7 test');
    const { headers } = answer;
    expect(headers.get('Content-Type')).toBe('application/pdf');
    expect(headers.get('Content-Length')).toBe(String(answer.bytes.length));
    expect(headers.get('ETag')).toBe(`"${createHash('sha256').update(answer.bytes).digest('hex')}"`);
    expect(headers.get('Content-Disposition')).toBe(
      `attachment; filename="_____ __ ______.pdf"; filename*=UTF-8''${encodeURIComponent('Отчёт за неделю.pdf')}`,
    );
    expect(requests.at(-1)).toMatchObject({ period: ['last month'], timeZone: 'Europe/Moscow', locale: 'ru' });
    expect(
      await client.database
        .sql`select trigger, task_id, report_id from runs where id = ${headers.get('X-Run-Id') ?? ''}`,
    ).toEqual([{ trigger: 'on_demand', task_id: null, report_id: id }]);
  });

  it('answers 202 with where to look when it takes longer', async () => {
    const quick = await cruddyClient({ GENERATE_WAIT_MS: '0' });
    try {
      const id = await createReportRow(quick.database.db);
      const answer = await quick.call('POST', `/reports/${id}/generate`, {});
      expect(answer).toMatchObject({ status: 202, body: { state: 'RUNNING' } });
      expect(answer.headers.get('Location')).toBe(`/runs/${answer.body.run_id}`);
      expect(answer.headers.get('Retry-After')).toBe('2');
    } finally {
      await quick.close();
    }
  });

  it('takes no more of a user than may be under way, but answers for those that are', async () => {
    const few = await cruddyClient({ GENERATE_WAIT_MS: '0', ON_DEMAND_AT_ONCE: '1' });
    try {
      const path = `/reports/${await createReportRow(few.database.db)}/generate`;
      const headers = { PgrApiKey: few.admin.key, 'Pgr-User-ID': few.admin.userId, 'Idempotency-Key': 'first' };
      const first = await few.call('POST', path, {}, { headers });
      expect(first.status).toBe(202);
      const refused = await few.call('POST', path, {});
      expect(refused.body).toEqual({ error: expect.stringContaining('1 at most'), error_code: 429 });
      expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '10']);
      expect(await few.call('POST', path, {}, { headers })).toMatchObject({ status: 202, body: first.body });
      const other = await few.user(['admin']);
      expect((await few.call('POST', path, {}, { user: other })).status).toBe(202);
      expect((await few.call('POST', `/runs/${first.body.run_id}/cancel`)).status).toBe(202);
      expect((await few.call('POST', path, {})).status).toBe(202);
    } finally {
      await few.close();
    }
  });

  it('says why a report could not be printed', async () => {
    await startWorker(async () => {
      const { BroadsheetError } = await import('../../../src/errors.ts');
      throw new BroadsheetError('unprocessable', 'no page has a widget');
    });
    const answer = await generate(await createReportRow(client.database.db));
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.bytes.toString()).error).toContain('no page has a widget');
  });

  it.each([
    [{ time_zone: 'Europe/Moskow' }],
    [{ time_zone: '+03:00' }],
    [{ locale: 'de' }],
    [{ period: ['yesterday', 'today', 'tomorrow'] }],
    [{ period: ['drop table'] }],
    [{ period: ['now', 'now-7d'] }],
    [{ period: 'last month' }],
  ])('refuses %j', async (body) => {
    const before = await runCount();
    expect((await generate(await createReportRow(client.database.db), body)).status).toBe(400);
    expect(await runCount()).toBe(before);
  });

  it('is for who sees the report', async () => {
    const id = await createReportRow(client.database.db);
    expect((await generate(id, {}, { 'Pgr-User-ID': await client.user() })).status).toBe(403);
    expect((await generate(someId())).status).toBe(404);
  });
});

describe('an idempotency key', () => {
  it('gives the same run to the same request, even to many at once', async () => {
    await startWorker();
    const id = await createReportRow(client.database.db);
    const before = await runCount();
    const key = { 'Idempotency-Key': 'monday' };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => generate(id, { locale: 'en' }, key)));
    answers.push(await generate(id, { locale: 'en' }, key));
    expect(new Set(answers.map((answer) => answer.headers.get('X-Run-Id'))).size).toBe(1);
    expect(answers.map((answer) => answer.status)).toEqual(Array(6).fill(200));
    const shouted = await generate(id.toUpperCase(), { locale: 'en' }, { ...key, 'If-None-Match': '*' });
    expect(shouted.headers.get('X-Run-Id')).toBe(answers[0]?.headers.get('X-Run-Id'));
    expect({ status: shouted.status, bytes: shouted.bytes }).toEqual({ status: 200, bytes: answers[0]?.bytes });
    expect(await runCount()).toBe(before + 1);
  });

  it('of another request is refused', async () => {
    await startWorker();
    const id = await createReportRow(client.database.db);
    const key = { 'Idempotency-Key': 'tuesday' };
    await generate(id, { locale: 'en' }, key);
    expect((await generate(id, { locale: 'ru' }, key)).status).toBe(422);
    expect((await generate(await createReportRow(client.database.db), { locale: 'en' }, key)).status).toBe(422);
  });

  it('is its caller’s own, and lives for a day', async () => {
    await startWorker();
    const other = await client.user(['admin']);
    const id = await createReportRow(client.database.db);
    const key = { 'Idempotency-Key': 'wednesday' };
    const first = await generate(id, {}, key);
    const theirs = await generate(id, { locale: 'zh' }, { ...key, 'Pgr-User-ID': other });
    expect(theirs.status).toBe(200);
    client.clock.advance(24 * 3_600_000 - 1);
    expect((await generate(id, {}, key)).headers.get('X-Run-Id')).toBe(first.headers.get('X-Run-Id'));
    client.clock.advance(1);
    const nextDay = await generate(id, { locale: 'ru' }, key);
    expect(nextDay.status).toBe(200);
    expect(nextDay.headers.get('X-Run-Id')).not.toBe(first.headers.get('X-Run-Id'));
  });

  it.each(['', 'two words', 'x'.repeat(256)])('refuses %j as a key', async (key) => {
    expect((await generate(await createReportRow(client.database.db), {}, { 'Idempotency-Key': key })).status).toBe(
      400,
    );
  });
});
