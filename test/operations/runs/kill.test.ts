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

interface Victim {
  readonly child: ChildProcess;
  readonly workerId: string;
  /** Points it has reached and waits at. */
  readonly reached: Set<string>;
}

/** Start a worker process; resolves when it works. */
async function startWorker(...points: Point[]): Promise<Victim> {
  const child = spawn(process.execPath, [SCRIPT, database.url, mailbox, ...points], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const reached = new Set<string>();
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the worker ended before it worked')));
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => {
      const [word, workerId] = line.split(' ');
      if (word === 'started') resolve({ child, workerId: workerId as string, reached });
      else reached.add(line);
    });
  });
}

/** Steps that a worker, dead or alive, holds. */
async function heldBy(workerIds: readonly string[]): Promise<number> {
  const rows = await database.sql`
    select count(*)::int as n from subtasks
    where worker_id = any(${[...workerIds]}::uuid[]) and state in ('RUNNING', 'CANCELING')`;
  return rows[0]?.n as number;
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
  it('at each point: every run goes on elsewhere within 20 s, with one document and no mail twice', async () => {
    const victims = [
      await startWorker('claimed', 'printing', 'after commit'),
      await startWorker('in query', 'before commit', 'after DATA'),
    ];
    const ids: string[] = [];
    const reached = () => victims.reduce((sum, victim) => sum + victim.reached.size, 0);
    while (reached() < 6) {
      expect(ids.length).toBeLessThan(RUNS);
      const before = reached();
      ids.push(...(await fireRuns(1)));
      // It waits at one of the points, or passes them all.
      await until(
        async () => reached() > before || (await openRuns()) <= before,
        (isSettled) => isSettled,
      );
    }
    await Promise.all([startWorker(), startWorker()]);
    ids.push(...(await fireRuns(RUNS - ids.length)));
    const dead = victims.map((victim) => victim.workerId);
    expect(await heldBy(dead)).toBeGreaterThanOrEqual(6);
    for (const { child } of victims) child.kill('SIGKILL');
    const killed = Date.now();
    await until(
      () => heldBy(dead),
      (held) => held === 0,
      2 * RECOVERY_MS,
    );
    expect(Date.now() - killed).toBeLessThan(RECOVERY_MS);
    await until(openRuns, (open) => open === 0);

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
    // At least the two that wait around the message; the victims mailed other runs as well when they were killed.
    expect(uncertain).toBeGreaterThanOrEqual(2);
    const states = await database.db.select({ state: runs.state, n: count() }).from(runs).groupBy(runs.state);
    expect(Object.fromEntries(states.map((row) => [row.state, row.n]))).toEqual({
      SUCCESSFUL: RUNS - uncertain,
      PARTIAL: uncertain,
    });
  }, 300_000);

  it('never begins a second document while the first worker lives, however long it takes', async () => {
    const victim = await startWorker('printing');
    const [id] = await fireRuns(1);
    await until(
      async () => victim.reached.size,
      (size) => size === 1,
    );
    await startWorker();
    await new Promise((resolve) => setTimeout(resolve, 14_000));
    const rows = await database.sql`
      select s.state, s.attempt from subtasks s join runs r on r.task_instance_id = s.task_instance_id
      where r.id = ${id ?? ''}`;
    expect(rows).toEqual([{ state: 'RUNNING', attempt: 1 }]);
    victim.child.kill('SIGKILL');
    await until(openRuns, (open) => open === 0, RECOVERY_MS);
  });
});
