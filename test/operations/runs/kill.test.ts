import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { count } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { documents, runs } from '../../../src/store/schema/runs.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { until } from '../../tasks/engine.ts';
import { createTask, fire, ledgerOf } from './press.ts';
import type { Point } from './worker-process.ts';

const SCRIPT = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const RUNS = 50;
const RECOVERY_MS = 20_000;

let database: TestDatabase;
let folder: string;
let mailbox: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-kill-'));
  mailbox = join(folder, 'mailbox');
  writeFileSync(mailbox, '');
});
afterEach(async () => {
  const ends = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Start a worker that stops at a point; resolves when it says that it is there (or has started, for `never`). */
async function startWorker(point: Point): Promise<{ child: ChildProcess; at: { point: string } }> {
  const child = spawn(process.execPath, [SCRIPT, database.url, mailbox, point], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const wanted = point === 'never' ? 'started' : point;
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    const at = JSON.parse(line) as { point: string };
    if (at.point === wanted) return { child, at };
  }
  throw new Error(`the worker ended before it was ${wanted}`);
}

const openRuns = async (): Promise<number> => {
  const rows = await database.sql`select count(*)::int as n from runs where state in ('QUEUED', 'RUNNING')`;
  return rows[0]?.n as number;
};

async function fireRuns(number: number): Promise<string[]> {
  const ctx = testCtx(database);
  const ids: string[] = [];
  for (let n = 0; n < number; n += 1) {
    const instance = randomUUID();
    const recipients = { to: [`to${n}@example.test`], cc: [], bcc: [] };
    ids.push((await fire(ctx, await createTask(database.db, { instance, recipients }))).id);
  }
  return ids;
}

describe('kill -9 of a worker', () => {
  const points: Point[] = ['claimed', 'in query', 'printing', 'before commit', 'after commit', 'after DATA'];

  it('at each point: every run goes on elsewhere within 20 s, with one document and no mail twice', async () => {
    const ids: string[] = [];
    let lastKill = 0;
    for (const [n, point] of points.entries()) {
      ids.push(...(await fireRuns(n === 0 ? RUNS - 5 * 8 : 8)));
      const { child } = await startWorker(point);
      child.kill('SIGKILL');
      lastKill = Date.now();
    }
    await startWorker('never');
    await startWorker('never');
    await until(openRuns, (open) => open === 0, 2 * RECOVERY_MS);
    expect(Date.now() - lastKill).toBeLessThan(RECOVERY_MS);

    expect(ids).toHaveLength(RUNS);
    const states = await database.db.select({ state: runs.state, n: count() }).from(runs).groupBy(runs.state);
    const [archived] = await database.db.select({ n: count() }).from(documents);
    expect(archived?.n).toBe(RUNS);
    const received = readFileSync(mailbox, 'utf8').split('\n').filter(Boolean);
    expect(new Set(received).size).toBe(received.length);
    let uncertain = 0;
    for (const id of ids) {
      const [row] = await ledgerOf(database.db, id);
      expect(['SENT', 'UNCERTAIN']).toContain(row?.state);
      if (row?.state === 'SENT') expect(received).toContain(row.messageId);
      else uncertain += 1;
    }
    expect(uncertain).toBeGreaterThanOrEqual(2);
    expect(Object.fromEntries(states.map((row) => [row.state, row.n]))).toEqual({
      SUCCESSFUL: RUNS - uncertain,
      PARTIAL: uncertain,
    });
  }, 120_000);

  it('never begins a second document while the first worker lives, however long it takes', async () => {
    const [id] = await fireRuns(1);
    const { child } = await startWorker('printing');
    await startWorker('never');
    await new Promise((resolve) => setTimeout(resolve, 14_000));
    const rows = await database.sql`
      select s.state, s.attempt from subtasks s join runs r on r.task_instance_id = s.task_instance_id where r.id = ${id ?? ''}`;
    expect(rows).toEqual([{ state: 'RUNNING', attempt: 1 }]);
    child.kill('SIGKILL');
    await until(openRuns, (open) => open === 0, RECOVERY_MS);
  }, 60_000);
});
