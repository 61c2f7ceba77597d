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
 * A worker as a process of its own, to be killed: `worker-process.ts <database url> <mailbox file> <point>`. At its
 * point it says so on stdout and waits for the kill. The mailbox file is what "the other side" has received.
 */
export type Point = 'never' | 'claimed' | 'in query' | 'printing' | 'before commit' | 'after commit' | 'after DATA';

const [, , url = '', mailbox = '', point = 'never'] = process.argv as [string, string, string, string, Point];
const database = openDatabase({ url }, { max: 12 });
const ctx = testCtx({ ...database, log: silentLog });
let reached = false;

async function reach(here: Point, runId: string, signal: AbortSignal): Promise<void> {
  if (point !== here || reached) return;
  reached = true;
  process.stdout.write(`${JSON.stringify({ point, runId })}\n`);
  await hang(signal);
}

const parts = partsOf(database.db, {
  print: async ({ ctx: inner, input }) => {
    await reach('claimed', input.runId, inner.signal);
    if (point === 'in query' && !reached) {
      reached = true;
      process.stdout.write(`${JSON.stringify({ point, runId: input.runId })}\n`);
      await database.sql`select pg_sleep(3600)`;
    }
    await reach('printing', input.runId, inner.signal);
    return printed({ bytes: randomBytes(600_000), name: input.runId });
  },
  blobs: {
    ...postgresChunks,
    put: async (tx, id, content, signal) => {
      await postgresChunks.put(tx, id, content, signal);
      await reach('before commit', id, new AbortController().signal);
    },
  },
  send: async (letter, signal) => {
    const runId = letter.headers['X-Broadsheet-Run'] ?? '';
    await reach('after commit', runId, signal);
    appendFileSync(mailbox, `${letter.messageId}\n`);
    await reach('after DATA', runId, signal);
    return sent;
  },
});

await workerOf(database, createRunHandlers(ctx, parts), { runsAtOnce: 3 }).start();
process.stdout.write('{"point":"started"}\n');
