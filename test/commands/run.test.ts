import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { runCommand } from '../harness/serve-process.ts';
import { createReportRow, createTaskRow } from '../operations/report-tasks/task-fixtures.ts';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-run-'));
const run = (...args: string[]) =>
  runCommand(['run', ...args], { DATABASE_URL: database.url, DATA_DIR: folder, LOG_LEVEL: 'silent' });

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A task nine o'clock every day, since long ago, on a report of one page without a database. */
async function task(): Promise<string> {
  const reportId = await createReportRow(database.db, {
    name: 'Nightly',
    settings: { header: { show: true, text: 'Nightly' } },
  });
  const recipients = { to: ['reader@example.test'], cc: [], bcc: [] };
  return createTaskRow(database.db, { reportId, recipients, after: new Date('2026-01-01T00:00:00Z') });
}

const mails = (): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.eml'));

test('two CronJobs at once print and mail one report, and a third finds it done', async () => {
  const id = await task();
  const [one, two] = await Promise.all([run(id), run(id)]);
  const results = [one, two].map((ended) => JSON.parse(ended.stdout));
  expect([one.code, two.code]).toEqual([0, 0]);
  expect(results.map((result) => result.deduplicated).sort()).toEqual([false, true]);
  for (const result of results) {
    expect(result).toMatchObject({
      task_id: id,
      state: 'SUCCESSFUL',
      document: { pages: 1 },
      deliveries: [{ recipient: 'reader@example.test', state: 'SENT' }],
    });
    expect(result.scheduled_for).toMatch(/T09:00:00\.000Z$/);
  }
  expect(results[0].run_id).toBe(results[1].run_id);
  const third = await run(id, '--at', results[0].scheduled_for);
  expect(third.code).toBe(0);
  expect(JSON.parse(third.stdout)).toMatchObject({ deduplicated: true, run_id: results[0].run_id });
  expect(mails()).toHaveLength(1);
  const [left] = await database.sql`select count(*)::int as n from pgboss.job where state < 'completed'`;
  expect(left?.n).toBe(0);
});

test.each([
  [[randomUUID()], 'report task not found'],
  [['nightly'], 'task id should be uuid format'],
  [[randomUUID(), '--at', 'yesterday'], '--at: an instant with its offset expected, e.g. 2026-06-01T09:00:00Z'],
  [
    [randomUUID(), '--at', '2026-06-01T09:00:00'],
    '--at: an instant with its offset expected, e.g. 2026-06-01T09:00:00Z',
  ],
])('run %j is 2: %s', async (args, sentence) => {
  const ended = await run(...args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toBe(`broadsheet: ${sentence}\n`);
});
