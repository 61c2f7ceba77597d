import { messageOf } from '../../errors.ts';
import { pendingMigrations } from '../../store/migrate.ts';
import type { Ctx } from '../context.ts';

/** What must be well for this process to be given work: `ok`, or a sentence. `off` = not asked of this process. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: { readonly database: string; readonly migrations: string; readonly worker: string };
}

export type WorkerHealth = 'alive' | 'dead' | 'off';

const TIMEOUT_MS = 3_000;

/** Whether the database answers, has this version's schema, and the worker of this process is alive. */
export async function checkReady({ ctx, input }: { ctx: Ctx; input: { worker: WorkerHealth } }): Promise<Readiness> {
  const worker = input.worker === 'alive' ? 'ok' : input.worker === 'off' ? 'off' : 'the worker has stopped';
  const { database, migrations } = await checkDatabase(ctx);
  const ready = database === 'ok' && migrations === 'ok' && input.worker !== 'dead';
  return { ready, checks: { database, migrations, worker } };
}

async function checkDatabase(ctx: Ctx): Promise<{ database: string; migrations: string }> {
  try {
    const pending = await within(TIMEOUT_MS, pendingMigrations(ctx.db));
    return { database: 'ok', migrations: pending.length === 0 ? 'ok' : `${pending.length} not applied` };
  } catch (error) {
    ctx.log.warn({ error: messageOf(error) }, 'the database does not answer');
    return { database: 'does not answer', migrations: 'unknown' };
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const handle = setTimeout(() => timer.reject(new Error(`no answer in ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([work, timer.promise]);
  } finally {
    clearTimeout(handle);
  }
}
