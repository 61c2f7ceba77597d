import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { installJobs, openBoss } from '../../src/tasks/boss.ts';
import { SHARED_QUEUE, sendJobs } from '../../src/tasks/jobs.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.close());

describe('sendJobs', () => {
  it('delivers a job if and only if the drizzle transaction commits', async () => {
    const queue = randomUUID();
    const runId = randomUUID();
    await database.db.transaction((tx) => sendJobs(tx, [{ queue, job: { kind: 'run', runId } }]));
    const rolledBack = database.db.transaction(async (tx) => {
      await sendJobs(tx, [{ queue, job: { kind: 'run', runId: randomUUID() } }]);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    const boss = await openBoss(database.sql, silentLog);
    const jobs = await boss.fetch(queue, { batchSize: 10 });
    expect(jobs.map((job) => job.data)).toEqual([{ kind: 'run', runId }]);
    expect(jobs[0]?.heartbeatSeconds).toBe(10);
    await boss.stop({ graceful: false });
  });

  it('sends a thousand jobs to several queues from a postgres.js transaction, and wakes listeners once a queue', async () => {
    const woken: string[] = [];
    const listening = await database.sql.listen('broadsheet_jobs', (queue) => void woken.push(queue));
    const queues = [SHARED_QUEUE, randomUUID(), randomUUID()];
    const jobs = Array.from({ length: 1000 }, (_, n) => ({
      queue: queues[n % 3] as string,
      job: { kind: 'subtask' as const, subtaskId: n },
    }));
    await database.sql.begin((tx) => sendJobs(tx, jobs));
    const counts =
      await database.sql`select name, count(*)::int as n from pgboss.job where name = any(${queues}) group by name`;
    expect(counts.map((row) => row.n).sort()).toEqual([333, 333, 334]);
    await expect.poll(() => [...woken].sort()).toEqual([...queues].sort());
    await listening.unlisten();
  });

  it('holds a delayed job back, and wakes nobody for it', async () => {
    const queue = randomUUID();
    const woken: string[] = [];
    const listening = await database.sql.listen('broadsheet_jobs', (name) => void woken.push(name));
    await database.db.transaction((tx) =>
      sendJobs(tx, [{ queue, job: { kind: 'subtask', subtaskId: 1 }, delaySeconds: 60 }]),
    );
    const boss = await openBoss(database.sql, silentLog);
    expect(await boss.fetch(queue)).toEqual([]);
    expect(await boss.fetch(queue, { ignoreStartAfter: true })).toHaveLength(1);
    expect(woken).not.toContain(queue);
    await boss.stop({ graceful: false });
    await listening.unlisten();
  });

  it('writes the rows that pg-boss itself would write', async () => {
    const [ours, theirs] = [randomUUID(), randomUUID()];
    const job = { kind: 'subtask', subtaskId: 7 } as const;
    await database.db.transaction((tx) =>
      sendJobs(tx, [
        { queue: ours, job, lane: 'bounded' },
        { queue: theirs, job: { kind: 'run', runId: 'makes the queue' } },
      ]),
    );
    const boss = await openBoss(database.sql, silentLog);
    await boss.send(theirs, job, { singletonKey: 'subtask:7', group: { id: 'bounded' } });
    await boss.stop({ graceful: false });
    const rowOf = async (queue: string) => {
      const [row] = await database.sql`
        select to_jsonb(j) - array['id', 'name', 'created_on', 'start_after', 'keep_until'] as row, tableoid::regclass::text as table,
          keep_until - start_after as kept
        from pgboss.job j where name = ${queue} and data = ${database.sql.json(job)}`;
      return row;
    };
    expect(await rowOf(ours)).toBeDefined();
    expect(await rowOf(ours)).toEqual(await rowOf(theirs));
  });

  it('installs into one database from four processes at once', async () => {
    const empty = await testDatabase({ empty: true });
    await Promise.all([1, 2, 3, 4].map(() => installJobs(empty.sql)));
    const job = { kind: 'subtask', subtaskId: 1 } as const;
    await empty.db.transaction((tx) => sendJobs(tx, [{ queue: SHARED_QUEUE, job }]));
    await empty.close();
  });
});
