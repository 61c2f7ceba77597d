import { openDatabase } from '../../src/store/database.ts';
import { tableOf, workerOf } from './engine.ts';

/*
 * A worker as a process of its own, to be killed: `worker-process.ts <database url> [point …]`. It makes rows in the table
 * `things` and takes them away again; at each of its points, `run` and `rollback`, it says so on stdout and waits there,
 * once, for the kill: the thing is half made then, or half taken away.
 */
const [, , url = '', ...points] = process.argv;
const database = openDatabase({ url }, { max: 10 });
const ahead = new Set(points);

async function reach(here: 'run' | 'rollback'): Promise<void> {
  if (!ahead.delete(here)) return;
  process.stdout.write(`${here}\n`);
  await new Promise(() => undefined);
}

const put = (name: string, half: string) =>
  database.sql`insert into things values (${name}, ${half}) on conflict do nothing`;
const take = (name: string, half: string) => database.sql`delete from things where name = ${name} and half = ${half}`;

const handlers = tableOf({
  make: {
    timeoutMs: 60_000,
    run: async ({ subtask }) => {
      await put(subtask.name, 'first');
      await reach('run');
      await put(subtask.name, 'second');
      return { kind: 'done' };
    },
    rollback: async ({ subtask }) => {
      await take(subtask.name, 'second');
      await reach('rollback');
      await take(subtask.name, 'first');
      return { kind: 'done' };
    },
  },
  fail: async () => ({ kind: 'failed', code: 'x', message: 'x' }),
});

const worker = workerOf(database, handlers);
await worker.start();
process.stdout.write(`started ${worker.id}\n`);
