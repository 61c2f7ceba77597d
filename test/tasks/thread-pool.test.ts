import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BroadsheetError } from '../../src/errors.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';
import { createThreadPool, type ThreadPool } from '../../src/tasks/thread-pool.ts';

const entry = new URL('odd-jobs-thread.ts', import.meta.url);
const never = new AbortController().signal;
const pools: ThreadPool[] = [];
let metrics: Metrics = createMetrics();

function pool(options: { size?: number; memoryMb?: number; idleMs?: number } = {}): ThreadPool {
  metrics = createMetrics();
  const made = createThreadPool({ entry, data: { told: 'this' }, size: 1, memoryMb: 64, metrics, ...options });
  pools.push(made);
  return made;
}

const threads = async (): Promise<number> => (await metrics.drawingThreads.get()).values[0]?.value ?? 0;
const waiting = async (): Promise<number> => (await metrics.drawingsWaiting.get()).values[0]?.value ?? 0;
const threadOf = async (made: ThreadPool): Promise<number> =>
  ((await made.run(['count'], never)) as { thread: number }).thread;

async function codeOf(job: Promise<unknown>): Promise<string> {
  const error = await job.catch((caught: unknown) => caught);
  return error instanceof BroadsheetError ? error.code : error instanceof Error ? 'defect' : 'none';
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.stop()));
});

describe('a pool of threads', () => {
  it('gives a job its parts in order, and works the next in the same thread', async () => {
    const made = pool();
    const parts = ['count', ...Array.from({ length: 20 }, (_, index) => ({ index }))];
    const done = (await made.run(parts, never)) as { parts: unknown[]; thread: number; told: unknown };
    expect(done.parts).toEqual(parts.slice(1));
    expect(done.told).toEqual({ told: 'this' });
    expect(await threadOf(made)).toBe(done.thread);
    expect(
      (await metrics.drawingSeconds.get()).values.find(({ metricName }) => metricName?.endsWith('_count'))?.value,
    ).toBe(2);
  });

  it('works as many jobs at once as it has threads, the others in order', async () => {
    const made = pool({ size: 2 });
    const stops = [new AbortController(), new AbortController()];
    const held = stops.map(({ signal }) => codeOf(made.run(['wait'], signal)));
    const order: number[] = [];
    const jobs = [0, 1, 2].map((job) => made.run(['count'], never).then(() => order.push(job)));
    expect(await threads()).toBe(2);
    expect(await waiting()).toBe(3);
    stops[0]?.abort();
    await Promise.all(jobs);
    stops[1]?.abort();
    expect(await Promise.all(held)).toEqual(['canceled', 'canceled']);
    expect(order).toEqual([0, 1, 2]);
    expect(await waiting()).toBe(0);
  });

  it('ends a thread that does not give way when its job is canceled, and starts another', async () => {
    const made = pool();
    const first = await threadOf(made);
    const stop = new AbortController();
    const spinning = codeOf(made.run(['spin'], stop.signal));
    await sleep(20);
    stop.abort();
    expect(await spinning).toBe('canceled');
    expect(await threadOf(made)).not.toBe(first);
    expect(await threads()).toBe(1);
  });

  it('forgets a job that is canceled while it waits', async () => {
    const made = pool();
    const [held, stop] = [new AbortController(), new AbortController()];
    const busy = codeOf(made.run(['wait'], held.signal));
    const job = codeOf(made.run(['count'], stop.signal));
    stop.abort();
    expect(await job).toBe('canceled');
    expect(await waiting()).toBe(0);
    held.abort();
    expect(await busy).toBe('canceled');
    expect(await codeOf(made.run(['count'], AbortSignal.abort()))).toBe('canceled');
  });

  it('passes on what a job throws, with its code, and keeps the thread', async () => {
    const made = pool();
    const thread = await threadOf(made);
    await expect(made.run(['refuse'], never)).rejects.toMatchObject({ code: 'too_large', message: 'too much of it' });
    await expect(made.run(['fail'], never)).rejects.toThrow('a defect');
    expect(await codeOf(made.run(['fail'], never))).toBe('defect');
    expect(await threadOf(made)).toBe(thread);
  });

  it('loses nothing but the job when a thread breaks down or leaves', async () => {
    const made = pool();
    const first = await threadOf(made);
    await expect(made.run(['crash'], never)).rejects.toThrow('a drawing thread broke down');
    await expect(made.run(['leave'], never)).rejects.toThrow('ended by itself with code 3');
    expect(await threadOf(made)).not.toBe(first);
  });

  it('says how much memory there was when a thread has no more, and goes on', async () => {
    const made = pool({ memoryMb: 32 });
    const eaten = made.run(['eat'], never);
    await expect(eaten).rejects.toMatchObject({ code: 'too_large', message: /more than 32 MB/ });
    expect(await threadOf(made)).toBeGreaterThan(0);
  });

  it('refuses a part that cannot be copied, and goes on', async () => {
    const made = pool();
    expect(await codeOf(made.run(['count', () => 'a function'], never))).toBe('defect');
    expect(await threadOf(made)).toBeGreaterThan(0);
  });

  it('ends a thread that had no work for a while', async () => {
    const made = pool({ idleMs: 30 });
    const first = await threadOf(made);
    await expect.poll(threads).toBe(0);
    expect(await threadOf(made)).not.toBe(first);
  });

  it('gives up everything when it stops', async () => {
    const made = pool();
    const jobs = [made.run(['wait'], never), made.run(['count'], never)].map(codeOf);
    await made.stop();
    expect(await Promise.all(jobs)).toEqual(['canceled', 'canceled']);
    expect(await codeOf(made.run(['count'], never))).toBe('canceled');
    expect(await threads()).toBe(0);
  });
});
