import { randomBytes } from 'node:crypto';

import { appendFileSync } from 'node:fs';
import { silentLog } from '../../../src/log.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { testCtx } from '../../harness/context.ts';
import { workerOf } from '../../tasks/engine.ts';
import { hang, partsOf, printed, sent } from './press.ts';

/*
 * A worker as a process of its own, to be killed: `worker-process.ts <database url> <mailbox file> [point …]`. At each
 * of its points it says so on stdout and waits there, once, for the kill; other runs it works on as usual. The mailbox
 * file is what "the other side" has received.
 */
export type Point = 'claimed' | 'in query' | 'printing' | 'before commit' | 'after commit' | 'after DATA';

const [, , url = '', mailbox = '', ...points] = process.argv;
const database = openDatabase({ url }, { max: 20 });
const ctx = testCtx({ ...database, log: silentLog });
const ahead = new Set(points);

async function reach(here: Point, wait: () => Promise<unknown>): Promise<void> {
  if (!ahead.delete(here)) return;
  process.stdout.write(`${here}\n`);
  await wait();
}

const parts = partsOf(database.db, {
  print: async ({ ctx: { signal }, input }) => {
    await reach('claimed', () => hang(signal));
    await reach('in query', () => database.sql`select pg_sleep(3600)`);
    await reach('printing', () => hang(signal));
    return printed({ bytes: randomBytes(600_000), name: input.ids.run });
  },
  blobs: {
    ...postgresChunks,
    put: async (tx, id, content, signal) => {
      await postgresChunks.put(tx, id, content, signal);
      await reach('before commit', () => hang(signal));
    },
  },
  send: async (letter, signal) => {
    await reach('after commit', () => hang(signal));
    appendFileSync(mailbox, `${letter.messageId}\n`);
    await reach('after DATA', () => hang(signal));
    return sent;
  },
});

const slots = { bounded: 6, free: 6 };
const worker = workerOf(database, createRunHandlers(ctx, parts), { runsAtOnce: 3, slots });
await worker.start();
process.stdout.write(`started ${worker.id}\n`);
