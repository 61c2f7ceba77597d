import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { EMBEDDED_ROLE } from './database.ts';
import { type EmbeddedPlace, placeEmbedded, placeSocket, shortHash } from './embedded-folder.ts';
import { withHostLock } from './embedded-lock.ts';
import { clearDeadServer, findPostmaster } from './embedded-postmaster.ts';
import { initialise, startServer, stopServer } from './embedded-programs.ts';

/**
 * The embedded PostgreSQL: absent → initialised → running → stopped. Any process that needs it starts it or adopts the
 * one that runs; it outlives a process that is killed, and the last one that ends gracefully stops it. Each process
 * that uses it holds one connection named `broadsheet keeper …`: these are what "last" counts.
 */
export interface EmbeddedServer {
  readonly socketDir: string;
  readonly database: string;
  readonly place: EmbeddedPlace;
  /** Let go of the server; stops it when no other process uses it. True when this stopped it. */
  release(): Promise<boolean>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** Instead of /var/lib/broadsheet. */
  readonly sharedFolder?: string;
  /** PostgreSQL settings besides ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Membership {
  readonly keeper: postgres.Sql;
  readonly socketDir: string;
}

const DATABASE_NAME = 'broadsheet';
const KEEPER = 'broadsheet keeper';
const JOIN_TIMEOUT_MS = 180_000;
const POLL_MS = 25;
const REJOIN_MS = 1_000;

/**
 * Start the embedded server of `dataDir`, or join the one that runs already.
 * @throws BroadsheetError `unavailable` with what to do about it in the text.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log, dataDir, sharedFolder } = options;
  const place = await placeEmbedded(dataDir, sharedFolder);
  if (place.moved) {
    const { name } = place.user;
    const folder = dirname(place.cluster);
    log.warn({ folder }, `user ${name} cannot reach ${dataDir} or the PostgreSQL programs: both are in ${folder}`);
  }
  const lockName = shortHash(place.cluster);
  const state = { released: false };
  const enter = () => withHostLock(lockName, () => joinServer(place, options, () => void enterAgain()));
  const enterAgain = async (): Promise<void> => {
    while (!state.released) {
      await delay(REJOIN_MS, undefined, { ref: false });
      if (state.released) return;
      try {
        await membership.keeper.end({ timeout: 0 });
        membership = await enter();
        return;
      } catch (error) {
        log.error({ error: messageOf(error) }, 'the embedded PostgreSQL is gone and does not start');
      }
    }
  };
  let membership = await enter();
  return {
    socketDir: membership.socketDir,
    database: DATABASE_NAME,
    place,
    release: async () => {
      state.released = true;
      return await withHostLock(lockName, () => leaveServer(membership.keeper, place, log));
    },
  };
}

/** Under the host lock: initialise and start what is missing, then connect the keeper. */
async function joinServer(place: EmbeddedPlace, options: EmbeddedOptions, onLost: () => void): Promise<Membership> {
  const until = performance.now() + JOIN_TIMEOUT_MS;
  let reason = 'it did not become ready';
  while (performance.now() < until) {
    const live = await findPostmaster(place.cluster);
    if (!live) {
      await initialise(place);
      const socketDir = await placeSocket(place);
      await clearDeadServer(place.cluster, socketDir);
      const begun = performance.now();
      const result = await startServer(place, socketDir, options.settings ?? {});
      if (result.started) {
        const ms = Math.round(performance.now() - begun);
        options.log.info({ folder: place.cluster, user: place.user.name, ms }, 'embedded PostgreSQL started');
      } else if (!(await findPostmaster(place.cluster))) {
        reason = result.reason;
        break;
      }
      continue;
    }
    if (live.ready) {
      try {
        return { keeper: await connectKeeper(live.socketDir, onLost), socketDir: live.socketDir };
      } catch (error) {
        reason = messageOf(error);
      }
    }
    await delay(POLL_MS);
  }
  throw new BroadsheetError('unavailable', `the embedded PostgreSQL in ${place.cluster} does not start: ${reason}`);
}

/** Connects to the maintenance database, so that it is in nobody's way, and makes ours if it is missing. */
async function connectKeeper(socketDir: string, onLost: () => void): Promise<postgres.Sql> {
  let joined = false;
  const keeper = postgres({
    host: socketDir,
    port: 5432,
    database: 'postgres',
    username: EMBEDDED_ROLE,
    ssl: false,
    max: 1,
    max_lifetime: null,
    connect_timeout: 10,
    onclose: () => {
      if (joined) onLost();
    },
    connection: { application_name: `${KEEPER} ${randomUUID()}` },
  });
  try {
    const found = await keeper`select 1 from pg_database where datname = ${DATABASE_NAME}`;
    if (found.length === 0) await keeper.unsafe(`create database ${DATABASE_NAME}`);
    joined = true;
    return keeper;
  } catch (error) {
    await keeper.end({ timeout: 0 });
    throw error;
  }
}

/** Under the host lock: nobody joins between the count and the stop. */
async function leaveServer(keeper: postgres.Sql, place: EmbeddedPlace, log: Log): Promise<boolean> {
  let others = 1;
  try {
    const [row] = await keeper<{ others: number }[]>`
      select count(*)::int as others from pg_stat_activity
      where application_name like ${`${KEEPER}%`} and pid <> pg_backend_pid()`;
    others = row?.others ?? 1;
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the embedded PostgreSQL was gone before it was let go');
  }
  await keeper.end({ timeout: 1 });
  if (others > 0) return false;
  const stopped = await stopServer(place);
  const socketDir = await placeSocket(place);
  if (stopped && socketDir !== place.cluster) await rm(socketDir, { recursive: true, force: true });
  if (stopped) log.info({ folder: place.cluster }, 'embedded PostgreSQL stopped');
  else log.error({ folder: place.cluster }, 'the embedded PostgreSQL did not stop');
  return stopped;
}
