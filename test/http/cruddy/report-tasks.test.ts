import { readFileSync } from 'node:fs';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../../src/store/schema/access.ts';
import { reportTasks } from '../../../src/store/schema/definitions.ts';
import { createGroup } from '../../harness/context.ts';
import { type Client, cruddyClient, NOW, someId } from './client.ts';

// biome-ignore lint/suspicious/noExplicitAny: a documented example
type Json = any;
const documented: Json = JSON.parse(readFileSync(new URL('documented-task.json', import.meta.url), 'utf8'));
const INSTANCE = '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9';
const WIRE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

let client: Client;
beforeAll(async () => {
  client = await cruddyClient();
});
afterAll(() => client.close());

const createReport = async (user?: string): Promise<string> => {
  const made = await client.call('POST', '/reports/create', { name: 'Weekly' }, user ? { user } : {});
  expect(made.status).toBe(201);
  return made.body.id;
};
const createTask = (body: object, user?: string) =>
  client.call('POST', '/report_tasks/create', body, user ? { user } : {});
const example = async (more: object = {}, user?: string): Promise<Json> => {
  const report_id = await createReport(user);
  const made = await createTask({ interval: '0 9 * * 1', instance: INSTANCE, report_id, ...more }, user);
  expect(made.status).toBe(201);
  return made.body;
};

/** Every key of the documented example is there, with a value of the same kind; `extra` collects keys that are ours. */
function compare(expected: Json, actual: Json, path: string, extra: string[]): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(actual), path).toBe(true);
    expect(actual.length, path).toBeGreaterThan(0);
    compare(expected[0], actual[0], `${path}[]`, extra);
    return;
  }
  if (expected === null || typeof expected !== 'object') {
    expect(typeof actual, path).toBe(typeof expected);
    return;
  }
  for (const key of Object.keys(expected)) {
    expect(Object.keys(actual), path).toContain(key);
    compare(expected[key], actual[key], `${path}.${key}`, extra);
  }
  for (const key of Object.keys(actual)) if (!(key in expected)) extra.push(`${path}.${key}`);
}

describe('the documented example', () => {
  it('comes back whole, its stored JSON unchanged, with nothing added but what is ours', async () => {
    const group = await createGroup(client.database.db);
    const member = await client.user([], [group]);
    const links = { users: [member], groups: [group] };
    const { report } = documented;
    const parent = await client.call('POST', '/report_category/create', { name: 'All' });
    const category = await client.call('POST', '/report_category/create', {
      name: 'string',
      parent_id: parent.body.id,
    });
    const board = await client.call('POST', '/dashboards/create', {
      ...report.dashboard,
      user_ids: null,
      group_ids: null,
      _relations: links,
    });
    expect(board.status).toBe(201);
    const [widget] = report.dashboard.widgets;
    const dashboard_id = board.body.id;
    expect((await client.call('POST', '/widgets/create', { ...widget, dashboard_id })).status).toBe(201);
    const body = { ...report, dashboard_id, category_id: category.body.id, _relations: links };
    const made = await client.call('POST', '/reports/create', body);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ owner: null, users: null, groups: null, dashboard: null, category: null });

    const request = { interval: '* 0 1 1 1', instance: INSTANCE, report_id: made.body.id };
    const answer = await createTask(request);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject(request);
    const extra: string[] = [];
    compare(documented, answer.body, 'task', extra);
    expect(extra.sort()).toEqual([
      'task.enabled',
      'task.end_at',
      'task.interval_in_words',
      'task.locale',
      'task.mail_preview',
      'task.message',
      'task.misfire_policy',
      'task.next_run_at',
      'task.on_partial',
      'task.outputs',
      'task.overlap_policy',
      'task.owner',
      'task.recipients',
      'task.reply_to',
      'task.report.category_id',
      'task.report.dashboard.trace_id',
      'task.report.dashboard_id',
      'task.report.task_id',
      'task.report.tasks',
      'task.start_at',
      'task.subject',
      'task.time_zone',
      'task.unserved',
      'task.unserved_since',
    ]);
    const { report: sent } = answer.body;
    expect(sent.config).toEqual(report.config);
    expect(sent.settings).toEqual(report.settings);
    expect(sent.dashboard.config).toEqual(report.dashboard.config);
    expect(sent.dashboard.widgets[0].config).toEqual(widget.config);
    expect(sent.dashboard.widgets[0].settings).toEqual(widget.settings);
    expect(sent.task).toEqual({
      id: answer.body.id,
      created_at: answer.body.created_at,
      updated_at: answer.body.updated_at,
      interval: '* 0 1 1 1',
      instance: INSTANCE,
    });
    expect(sent.task_id).toBe(answer.body.id);
    expect(sent.groups[0].user_ids).toEqual([member]);
    for (const at of [
      answer.body.created_at,
      sent.updated_at,
      sent.dashboard.widgets[0].created_at,
      answer.body.next_run_at,
    ]) {
      expect(at).toMatch(WIRE_TIME);
    }
    expect(answer.body.created_at).toBe('2026-03-02T10:00:00.123000Z');
    expect(answer.body.next_run_at).toBe('2027-01-01T00:00:00.000000Z');
    expect(await client.call('GET', `/report_tasks/${answer.body.id}`)).toMatchObject({
      status: 200,
      body: answer.body,
    });
  });
});

describe('the nine refusals of create', () => {
  const good = { interval: '* 0 1 1 1', instance: INSTANCE, report_id: someId() };
  const headers = () => ({ PgrApiKey: client.admin.key, 'Pgr-User-ID': client.admin.userId });

  it.each([
    ['{', 'Bad Request'],
    [{ ...good, interval: 5 }, 'Bad Request'],
    [{ ...good, instance: {} }, 'Bad Request'],
    [{ ...good, report_id: [] }, 'Bad Request'],
    [{}, 'missing report id'],
    [{ ...good, report_id: '' }, 'missing report id'],
    [{ ...good, report_id: null }, 'missing report id'],
    [{ ...good, report_id: 'x' }, 'report id should be uuid format'],
    [{ report_id: 'x' }, 'report id should be uuid format'],
    [{ report_id: good.report_id }, 'missing instance for report generate task'],
    [{ ...good, instance: '' }, 'missing instance for report generate task'],
    [{ report_id: good.report_id, instance: 'x' }, 'instance id should be uuid format'],
    [{ report_id: good.report_id, instance: INSTANCE }, 'missing mandatory field: interval'],
    [{ ...good, interval: ' ' }, 'missing mandatory field: interval'],
    [{ ...good, interval: 'soon' }, 'invalid interval format'],
    [{ ...good, interval: '0 0 30 2 *' }, 'invalid interval format'],
    [{ ...good, interval: '2026-01-01T00:00:00' }, 'invalid interval format'],
    [{ ...good, interval: '* * * * * *' }, 'invalid interval format'],
    [{ ...good, time_zone: 'Mars/Olympus' }, 'invalid interval format'],
  ])('%j: %s', async (body, error) => {
    expect(await client.call('POST', '/report_tasks/create', body)).toMatchObject({
      status: 400,
      body: { error, error_code: 400 },
    });
  });

  it('of the user header stand between the body and the report id', async () => {
    const { 'Pgr-User-ID': _, ...keyOnly } = headers();
    const without = await client.call('POST', '/report_tasks/create', {}, { headers: keyOnly });
    expect(without).toMatchObject({ status: 400, body: { error: 'missing uid header', error_code: 400 } });
    const bad = await client.call('POST', '/report_tasks/create', {}, { headers: { ...keyOnly, 'Pgr-User-ID': 'me' } });
    expect(bad.body).toEqual({ error: 'Pgr-User-Id should be uuid format', error_code: 400 });
    const type = await client.call('POST', '/report_tasks/create', { interval: 1 }, { headers: keyOnly });
    expect(type.body).toEqual({ error: 'Bad Request', error_code: 400 });
  });

  it('end with a report that is not there', async () => {
    const answer = await client.call('POST', '/report_tasks/create', good);
    expect(answer).toMatchObject({ status: 404, body: { error: 'report not found', error_code: 404 } });
  });
});

describe('one task a report', () => {
  it('replaces the former one in the same transaction, and says so in the audit', async () => {
    const first = await example();
    const second = await createTask({ interval: '@daily', instance: INSTANCE, report_id: first.report_id });
    expect(second.body.report.tasks.map((task: Json) => task.id)).toEqual([second.body.id]);
    expect((await client.call('GET', `/report_tasks/${first.id}`)).status).toBe(404);
    const where = and(eq(auditLog.objectId, first.id), eq(auditLog.action, 'report_task.delete'));
    const rows = await client.database.db.select().from(auditLog).where(where);
    expect(rows).toMatchObject([{ detail: { replaced_by: second.body.id } }]);
  });

  it('stays beside additional ones, which the report lists', async () => {
    const first = await example();
    const body = { interval: '@weekly', instance: INSTANCE, report_id: first.report_id, additional: true };
    const second = await createTask(body);
    const report = (await client.call('GET', `/reports/${first.report_id}`)).body;
    expect(report.task_id).toBe(first.id);
    expect(report.task.id).toBe(first.id);
    expect(report.tasks.map((task: Json) => task.id).sort()).toEqual([first.id, second.body.id].sort());
    expect((await client.call('DELETE', `/report_tasks/${first.id}`)).status).toBe(200);
    expect((await client.call('GET', `/reports/${first.report_id}`)).body).toMatchObject({ task_id: null, task: null });
  });

  it('is one after ten creates at once', async () => {
    const report_id = await createReport();
    const body = { interval: '@hourly', instance: INSTANCE, report_id };
    const made = await Promise.all(Array.from({ length: 10 }, () => createTask(body)));
    expect(made.map((answer) => answer.status)).toEqual(Array(10).fill(201));
    const left = await client.database.db.select().from(reportTasks).where(eq(reportTasks.reportId, report_id));
    expect(left).toHaveLength(1);
    expect((await client.call('GET', `/reports/${report_id}`)).body.task_id).toBe(left[0]?.id);
  });

  it('is deleted with its report', async () => {
    const task = await example();
    expect(await client.call('DELETE', `/reports/${task.report_id}`)).toMatchObject({ status: 200, body: undefined });
    expect((await client.call('GET', `/report_tasks/${task.id}`)).status).toBe(404);
    const rows = await client.database.db.select().from(auditLog).where(eq(auditLog.objectId, task.id));
    expect(rows.map((row) => row.action)).toEqual(['report_task.create', 'report_task.delete']);
  });
});

describe('our additions', () => {
  it('have defaults, are stored, and null brings the default back', async () => {
    const task = await example();
    expect(task).toMatchObject({
      time_zone: 'UTC',
      locale: 'en',
      enabled: true,
      start_at: null,
      end_at: null,
      misfire_policy: 'once',
      overlap_policy: 'queue',
      on_partial: 'send',
      recipients: { to: [], cc: [], bcc: [] },
      reply_to: null,
      subject: null,
      message: null,
      next_run_at: '2026-03-09T09:00:00.000000Z',
      unserved: false,
    });
    expect(task.interval_in_words).toMatch(/09:00.*Monday/);
    const changes = {
      time_zone: 'asia/shanghai',
      locale: 'ru',
      misfire_policy: 'all',
      overlap_policy: 'parallel',
      on_partial: 'hold',
      recipients: { to: ['Ann <ann@example.test>'], cc: ['b@example.test'] },
      reply_to: 'c@example.test',
      subject: 'Отчёт',
      message: 'Привет,\nвот он.',
      start_at: '2026-04-01T00:00:00+08:00',
      end_at: '2026-05-01T00:00:00Z',
    };
    const updated = await client.call('PUT', '/report_tasks/update', { id: task.id, ...changes });
    expect(updated.body).toMatchObject({
      ...changes,
      time_zone: 'Asia/Shanghai',
      recipients: { ...changes.recipients, bcc: [] },
      start_at: '2026-03-31T16:00:00.000000Z',
      end_at: '2026-05-01T00:00:00.000000Z',
      next_run_at: '2026-04-06T01:00:00.000000Z',
      report_id: task.report_id,
    });
    expect(updated.body.report.id).toBe(task.report_id);
    const nulls = Object.fromEntries(Object.keys(changes).map((name) => [name, null]));
    const reset = await client.call('PUT', '/report_tasks/update', { id: task.id, ...nulls });
    const { updated_at: _, report: __, ...before } = task;
    expect(reset.body).toMatchObject(before);
  });

  it('move next_run_at with the schedule, and only with it', async () => {
    const task = await example({ interval: '*/5 * * * *' });
    client.clock.set(new Date('2026-03-02T12:00:00Z'));
    try {
      const update = (body: object) => client.call('PUT', '/report_tasks/update', { id: task.id, ...body });
      expect((await update({ subject: 'x', interval: '*/5 * * * *' })).body.next_run_at).toBe(task.next_run_at);
      expect((await update({ interval: '*/10 * * * *' })).body.next_run_at).toBe('2026-03-02T12:10:00.000000Z');
      expect((await update({ enabled: false })).body.next_run_at).toBeNull();
      expect((await update({ enabled: true })).body.next_run_at).toBe('2026-03-02T12:10:00.000000Z');
      expect((await update({ end_at: '2026-03-02T12:05:00Z' })).body.next_run_at).toBeNull();
    } finally {
      client.clock.set(NOW);
    }
  });

  it.each([
    { recipients: { to: ['nobody'] } },
    { recipients: { to: ['a@example.test\r\nBcc: b@example.test'] } },
    { recipients: { to: 'a@example.test' } },
    { recipients: { to: Array(10_000).fill('a@example.test') } },
    { reply_to: 'a@example.test\nX: y' },
    { subject: 'Hello\r\nBcc: b@example.test' },
    { subject: 'x'.repeat(501) },
    { message: 'x'.repeat(20_001) },
    { message: 'bell \u0007' },
    { locale: 'xx' },
    { enabled: 'yes' },
    { misfire_policy: 'never' },
    { start_at: 'tomorrow' },
    { start_at: '0000-01-01T00:00:00Z' },
    { start_at: '2026-02-30T00:00:00Z' },
    { start_at: '2026-04-01T00:00:00Z', end_at: '2026-04-01T00:00:00Z' },
  ])('are checked: %j', async (more) => {
    const body = { interval: '@daily', instance: INSTANCE, report_id: someId(), ...more };
    const answer = await createTask(body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual(['error', 'error_code']);
    expect(answer.body.error).toMatch(
      /^Bad Request: (recipients|reply_to|subject|message|locale|enabled|misfire_policy|start_at|end_at)/,
    );
  });
});

describe('rights on tasks', () => {
  it('of who owns the report, who only sees it, and who does not', async () => {
    const [owner, reader, stranger] = [await client.user(), await client.user(), await client.user()];
    const task = await example({}, owner);
    const shared = { id: task.report_id, _relations: { users: [reader] } };
    expect((await client.call('PUT', '/reports/update', shared, { user: owner })).status).toBe(200);
    const body = { interval: '@daily', instance: INSTANCE, report_id: task.report_id };

    expect((await createTask(body, reader)).status).toBe(403);
    expect((await createTask({ ...body, additional: true }, stranger)).status).toBe(403);
    const mine = await createTask({ ...body, additional: true }, reader);
    expect(mine.status).toBe(201);

    const at = (method: string, path: string, user: string, sent?: object) =>
      client.call(method, path, sent, { user }).then((answer) => answer.status);
    expect(await at('GET', `/report_tasks/${task.id}`, reader)).toBe(200);
    expect(await at('GET', `/report_tasks/${task.id}`, stranger)).toBe(403);
    expect(await at('PUT', '/report_tasks/update', reader, { id: task.id, subject: 'x' })).toBe(403);
    expect(await at('PUT', '/report_tasks/update', reader, { id: mine.body.id, subject: 'x' })).toBe(200);
    expect(await at('PUT', '/report_tasks/update', owner, { id: mine.body.id, subject: 'y' })).toBe(200);
    expect(await at('DELETE', `/report_tasks/${mine.body.id}`, stranger)).toBe(403);
    const seen = await client.call('POST', '/report_tasks/search', { limit: 0 }, { user: reader });
    expect(seen.body).toEqual({ objects: [], total: 2 });
    const unseen = await client.call('POST', '/report_tasks/search', {}, { user: stranger });
    expect(unseen.body).toEqual({ objects: [], total: 0 });

    await client.call('PUT', '/reports/update', { ...shared, _relations: { users: [] } }, { user: owner });
    const own = await client.call('GET', `/report_tasks/${mine.body.id}`, undefined, { user: reader });
    expect(own).toMatchObject({ status: 200, body: { report_id: task.report_id, report: null } });
    expect(await at('DELETE', `/report_tasks/${mine.body.id}`, owner)).toBe(200);
    expect(await at('DELETE', `/report_tasks/${mine.body.id}`, owner)).toBe(404);
  });
});
