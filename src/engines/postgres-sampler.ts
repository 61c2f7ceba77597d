import type { SampledLock, SampledSession, SessionSample } from '../rows/session-samples.ts';
import { forMajor } from './postgres-capture-versions.ts';
import { canceled, sourceError } from './postgres-errors.ts';
import { type Lane, openLane } from './postgres-lane.ts';
import type { PostgresTarget } from './postgres-url.ts';
import { watchRead } from './postgres-watch.ts';
import type { SessionSampler } from './watch.ts';

const CONNECT_TIMEOUT_MS = 5000;
const SAMPLE_TIMEOUT_MS = 5000;
const MAX_SESSIONS = 500;
const MAX_WAITERS = 20;

/** Sessions at work or idle in a transaction; idle background processes are left out. */
const SESSIONS = `SELECT extract(epoch FROM clock_timestamp()) * 1000, a.pid, a.datname, a.usename, a.backend_type,
  a.state, a.wait_event_type, a.wait_event,
  a.query_id::text, --[14+]
  NULL, --[-13]
  coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0), a.leader_pid,
  coalesce(extract(epoch FROM clock_timestamp() - a.state_change), 0)
FROM pg_catalog.pg_stat_activity a WHERE a.pid <> pg_catalog.pg_backend_pid()
  AND (a.state IN ('active', 'fastpath function call') OR a.state LIKE 'idle in transaction%'
    OR (a.backend_type <> 'client backend' AND a.wait_event_type IS DISTINCT FROM 'Activity'))
LIMIT ${MAX_SESSIONS}`;

/** Who waits for whom. pg_blocking_pids takes the lock manager for a moment per call: hence the bound. */
const LOCKS = `WITH w AS MATERIALIZED (
  SELECT pid, usename,
    query_id::text AS query_id, --[14+]
    NULL::text AS query_id, --[-13]
    extract(epoch FROM clock_timestamp() - query_start) AS seconds
  FROM pg_catalog.pg_stat_activity WHERE wait_event_type = 'Lock' AND pid <> pg_catalog.pg_backend_pid()
  ORDER BY query_start LIMIT ${MAX_WAITERS})
SELECT w.pid, w.query_id, b.pid, l.locktype, l.mode, l.relation::oid::text, d.datname,
  coalesce(extract(epoch FROM clock_timestamp() - l.waitstart), w.seconds), --[14+]
  w.seconds, --[-13]
  a.state, coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0),
  a.query_id::text, --[14+]
  NULL, --[-13]
  a.usename, w.usename
FROM w CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b(pid)
  LEFT JOIN pg_catalog.pg_locks l ON l.pid = w.pid AND NOT l.granted
  LEFT JOIN pg_catalog.pg_database d ON d.oid = l.database
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid`;

/**
 * A connection of its own that looks at the sessions of a PostgreSQL, each time in a transaction of its own: a longer one
 * would see the first look again and again.
 * @throws BroadsheetError `unavailable` or `canceled`.
 */
export async function openPostgresSampler(target: PostgresTarget, signal: AbortSignal): Promise<SessionSampler> {
  const lane = openLane(
    target,
    { applicationName: 'broadsheet sampler', connectTimeoutMs: CONNECT_TIMEOUT_MS },
    signal,
  );
  let major = 0;
  await bounded(lane, CONNECT_TIMEOUT_MS, signal, async () => {
    await lane.run(`select current_setting('server_version_num')`, [], ([number]) => {
      major = Math.floor(Number(number) / 10_000);
    });
    await lane.run(
      `select pg_catalog.set_config('search_path', 'pg_catalog', false), pg_catalog.set_config('jit', 'off', false)`,
    );
  });
  const [sessionsText, locksText] = [forMajor(SESSIONS, major), forMajor(LOCKS, major)];
  return {
    sample: (wantsLocks, sampleSignal) =>
      bounded(lane, SAMPLE_TIMEOUT_MS, sampleSignal, async () => {
        const sample = await readSessions(lane, sessionsText);
        const waits = sample.sessions.some(({ waitClass }) => waitClass === 'Lock');
        return { ...sample, locks: wantsLocks && waits ? await readLocks(lane, locksText) : null };
      }),
    close: () => void lane.close(),
  };
}

async function bounded<T>(lane: Lane, timeoutMs: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const watch = watchRead(lane, timeoutMs, signal);
  try {
    return await work();
  } catch (error) {
    lane.destroy();
    throw signal.aborted ? canceled() : sourceError(error);
  } finally {
    watch.end();
  }
}

async function readSessions(lane: Lane, text: string): Promise<Omit<SessionSample, 'locks'>> {
  const sessions: SampledSession[] = [];
  let at = Date.now();
  await lane.run(text, [], (row) => {
    const [now, pid, database, user, backend, state, waitType, waitEvent, queryId, xact, leader, stateSeconds] = row;
    at = Number(now);
    sessions.push({
      pid: Number(pid),
      database: database ?? null,
      user: user ?? null,
      backend: backend ?? '',
      state: state ?? '',
      waitClass: waitClassOf(state ?? '', waitType ?? null),
      waitEvent: waitEvent ?? null,
      queryId: queryId === '0' ? null : (queryId ?? null),
      transactionSeconds: Number(xact),
      stateSeconds: Number(stateSeconds),
      isParallelWorker: leader !== null && leader !== pid,
    });
  });
  return { at, sessions };
}

/** No wait event and active: running, runnable, or waiting for something that is not instrumented. */
function waitClassOf(state: string, waitType: string | null): string {
  if (state.startsWith('idle in transaction')) return 'Idle in transaction';
  return waitType ?? 'CPU';
}

async function readLocks(lane: Lane, text: string): Promise<readonly SampledLock[]> {
  const locks: SampledLock[] = [];
  await lane.run(text, [], (row) => {
    const [
      waiter,
      waiterQuery,
      blocker,
      type,
      mode,
      relation,
      database,
      seconds,
      state,
      xact,
      query,
      user,
      waiterUser,
    ] = row;
    locks.push({
      waiterPid: Number(waiter),
      waiterQueryId: waiterQuery ?? null,
      waiterUser: waiterUser ?? null,
      blockerPid: Number(blocker),
      lockType: type ?? '',
      mode: mode ?? null,
      relation: relation ?? null,
      database: database ?? null,
      waitSeconds: Number(seconds),
      blockerState: state ?? null,
      blockerTransactionSeconds: Number(xact),
      blockerQueryId: query ?? null,
      blockerUser: user ?? null,
    });
  });
  return locks;
}
