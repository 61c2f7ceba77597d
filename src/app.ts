import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import { openChannels } from './deliver/open-channels.ts';
import type { ContextOf } from './http/auth/request-context.ts';
import type { HttpServer } from './http/server.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { FirstAdmin } from './operations/access/ensure-first-admin.ts';
import { type Ctx, serviceActor } from './operations/context.ts';
import { rememberDocuments } from './operations/deliveries/remember-documents.ts';
import type { Loop } from './operations/report-tasks/tick.ts';
import { drawHere } from './operations/runs/draw-here.ts';
import { type Draw, type Drawers, drawInThreads } from './operations/runs/draw-in-threads.ts';
import type { RunParts } from './operations/runs/parts.ts';
import { createPrint, type Printing } from './operations/runs/print-report.ts';
import { createSourceReaders, type SourceReaders } from './operations/sources/open-readers.ts';
import { userFontPaths } from './scene/font-files.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { readWhole } from './store/blobs/blob-store.ts';
import { postgresChunks } from './store/blobs/postgres-chunks.ts';
import { openStore, type Store } from './store/open-store.ts';
import { loadSecretKey } from './store/secret-key.ts';
import { installJobs } from './tasks/boss.ts';
import type { Worker } from './tasks/worker.ts';
import { packageVersion } from './version.ts';

/** One process of the service: what it has, and how it starts and stops. */
export interface App {
  readonly store: Store;
  /** The service's own context: admin, its log without a request. */
  readonly ctx: Ctx;
  /** What making and delivering documents needs: for commands that work a run themselves. */
  readonly parts: RunParts;
  start(): Promise<Started>;
  /** No new work; what runs may finish within SHUTDOWN_GRACE_MS, then it is handed back. Safe to call twice. */
  stop(): Promise<void>;
}

export interface Started {
  /** Where HTTP listens; null without HTTP. */
  readonly url: string | null;
  /** On the first start of all: the admin that was made, with the key that is never shown again. */
  readonly firstAdmin: FirstAdmin | null;
}

/** What this process does besides having a store: answer HTTP, fire and work. */
export interface Duties {
  readonly http: boolean;
  readonly work: boolean;
}

/** The store, with our schema and the job queue's brought to this version. */
export async function openMigratedStore(config: Config, log: Log): Promise<Store> {
  const store = await openStore(config, log);
  try {
    await installJobs(store.sql);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Where all parts meet. Nothing runs before `start()`. */
export async function createApp(config: Config, log: Log, duties: Duties): Promise<App> {
  const secrets = createSecrets(await loadSecretKey(config));
  const store = await openMigratedStore(config, log);
  try {
    return await assemble(config, log, duties, secrets, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(config: Config, log: Log, duties: Duties, secrets: Secrets, store: Store): Promise<App> {
  const metrics = createMetrics();
  const ambient = { db: store.db, clock: store.clock, config, secrets, metrics };
  const contextOf: ContextOf = (facts) => ({ ...ambient, ...facts, log: log.child({ request_id: facts.requestId }) });
  const stopping = new AbortController();
  const ctx: Ctx = {
    ...ambient,
    actor: serviceActor,
    log,
    signal: stopping.signal,
    requestId: randomUUID(),
    traceId: null,
  };
  const readers = createSourceReaders();
  const drawers = openDrawers(ctx, duties);
  const parts = createParts(ctx, readers, drawers.draw);
  const working = duties.work ? await prepareWork(ctx, store, parts, drawers.draw) : null;
  const serving = duties.http ? await prepareHttp(ctx, contextOf, working?.worker ?? null) : null;
  let server: HttpServer | undefined;
  let loops: Loop[] = [];
  let stopped: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    const grace = config.SHUTDOWN_GRACE_MS;
    metrics.eventLoop.stop();
    await Promise.all([server?.close(grace), working?.worker.stop(grace), ...loops.map((loop) => loop.stop())]);
    stopping.abort();
    await drawers.stop();
    await readers.close();
    await store.close();
    log.info('stopped');
  };
  return {
    store,
    ctx,
    parts,
    start: async () => {
      if (duties.http || duties.work) metrics.eventLoop.start();
      const firstAdmin = (await serving?.ensureFirstAdmin()) ?? null;
      loops = (await working?.start()) ?? [];
      server = await serving?.listen();
      return { url: server?.url ?? null, firstAdmin };
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Threads to draw in for a process that serves others meanwhile; a command that makes one document draws it itself. */
function openDrawers({ config, metrics }: Ctx, duties: Duties): Drawers {
  const fonts = { fontDir: config.FONT_DIR ?? null, systemFonts: config.SYSTEM_FONTS };
  // A folder that cannot be read stops the start, not the first report.
  if (fonts.fontDir !== null) userFontPaths(fonts.fontDir);
  const threads = duties.http || duties.work ? config.DRAWING_THREADS : 0;
  if (threads === 0) return drawHere(fonts);
  return drawInThreads({ ...fonts, threads, memoryMb: config.DRAWING_MEMORY_MB, metrics });
}

/** The worker, with one table of what it can do for all kinds of tasks, and the ticks. Loaded only where runs are worked. */
async function prepareWork(ctx: Ctx, store: Store, parts: RunParts, draw: Draw) {
  const [{ createWorker }, { createRunHandlers }, snapshots, workload, { taskHooks }, ...ticks] = await Promise.all([
    import('./tasks/worker.ts'),
    import('./operations/runs/run-handlers.ts'),
    import('./operations/snapshots/snapshot-handlers.ts'),
    import('./operations/workload/generate-step.ts'),
    import('./operations/tasks/task-hooks.ts'),
    import('./operations/report-tasks/tick.ts'),
    import('./operations/archive/tick.ts'),
    import('./operations/snapshots/tick.ts'),
  ]);
  const [{ startTick }, { startRetention }, { startWatching }] = ticks;
  const { config, clock, log, metrics } = ctx;
  const { steps, expandRun } = createRunHandlers(ctx, parts);
  const others = [
    snapshots.createSnapshotHandlers(ctx),
    workload.createWorkloadHandlers(ctx, { blobs: parts.blobs, draw }),
  ];
  const handlers = {
    steps: Object.assign({ ...steps }, ...others.map((other) => other.steps)),
    expandRun,
    ...taskHooks(ctx),
  };
  const worker = createWorker({
    database: store,
    handlers,
    clock,
    log,
    metrics,
    instances: config.INSTANCE_IDS,
    runsAtOnce: config.RUNS_AT_ONCE,
  });
  const start = async (): Promise<Loop[]> => {
    await worker.start();
    return [startTick({ ctx }), startRetention({ ctx }), startWatching({ ctx })];
  };
  return { worker, start };
}

/** Every route, and the admin who may use them on the first start of all. Loaded only where HTTP is answered. */
async function prepareHttp(ctx: Ctx, contextOf: ContextOf, worker: Worker | null) {
  const [{ createRoutes }, http, { ensureFirstAdmin }] = await Promise.all([
    import('./http/routes.ts'),
    import('./http/server.ts'),
    import('./operations/access/ensure-first-admin.ts'),
  ]);
  const { config, log, metrics } = ctx;
  const workerHealth = () => (worker === null ? 'off' : worker.alive() ? 'alive' : 'dead');
  const listen = async (): Promise<HttpServer> => {
    const routes = createRoutes({ contextOf, workerHealth, log, metrics, version: packageVersion() });
    const server = await http.listen(routes, { host: config.HOST, port: config.PORT });
    log.info({ address: server.url }, 'serving');
    return server;
  };
  return { ensureFirstAdmin: () => ensureFirstAdmin({ ctx }), listen };
}

/** The press and the post: fonts, sources with their pools, channels, and where documents lie. */
function createParts(ctx: Ctx, readers: SourceReaders, draw: Drawers['draw']): RunParts {
  const { config, db, log } = ctx;
  const readersOf: Printing['readersOf'] = (of, principals) => (name, needsSql) =>
    readers.readerFor({ ctx: of, name, needsSql, principals });
  return {
    blobs: postgresChunks,
    print: createPrint({ draw, readersOf }),
    post: {
      channels: openChannels(config, log),
      readDocument: rememberDocuments((id, signal) => readWhole(postgresChunks, db, id, signal)),
    },
  };
}
