import type { Engine, EngineConnection, EngineOptions } from './engine.ts';
import { CATALOGUE_BOUNDS, CATALOGUE_STATEMENT, catalogueOf } from './postgres-catalogue.ts';
import { canceled, sourceError } from './postgres-errors.ts';
import { type Lane, openLane } from './postgres-lane.ts';
import { createLanePool } from './postgres-pool.ts';
import { inspectLogin, refusals, refuseUnfit } from './postgres-privileges.ts';
import { readBehindFence } from './postgres-read.ts';
import { maskPostgresUrl, type PostgresTarget, parsePostgresUrl } from './postgres-url.ts';
import { watchRead } from './postgres-watch.ts';
import type { ClusterWatch } from './watch.ts';

const CONNECT_TIMEOUT_MS = 10_000;

export const postgresEngine: Engine = {
  kind: 'postgres',
  schemes: ['postgres:', 'postgresql:'],
  dialect: 'postgres',
  connect: (url, options) => connectPostgres(parsePostgresUrl(url), options),
  watch: (url) => watchPostgres(parsePostgresUrl(url)),
  maskUrl: maskPostgresUrl,
};

/** All at once, by processes that watch: printing a report needs none of it. */
const loadWatch = async () => {
  const [{ checkPostgres }, { capturePostgres }, { openPostgresSampler }] = await Promise.all([
    import('./postgres-check.ts'),
    import('./postgres-capture.ts'),
    import('./postgres-sampler.ts'),
  ]);
  return { checkPostgres, capturePostgres, openPostgresSampler };
};

const watchPostgres = (target: PostgresTarget): ClusterWatch => ({
  check: async (signal) => (await loadWatch()).checkPostgres(target, signal),
  capture: async (request, signal) => (await loadWatch()).capturePostgres(target, request, signal),
  openSampler: async (signal) => (await loadWatch()).openPostgresSampler(target, signal),
});

function connectPostgres(target: PostgresTarget, options: EngineOptions): EngineConnection {
  const pool = createLanePool(options.connections, (signal) =>
    inspected(target, options, signal, (report) => refuseUnfit(report, options.allowPrivileged)).then(
      ({ lane }) => lane,
    ),
  );
  const read: EngineConnection['read'] = (statement, bounds, signal) =>
    asSourceError(
      pool.use(signal, (loan) => readBehindFence(loan, statement, bounds, signal)),
      signal,
    );
  return {
    read,
    catalogue: async (signal) => catalogueOf(await read(CATALOGUE_STATEMENT, CATALOGUE_BOUNDS, signal)),
    test: async (signal) => {
      const { lane, report } = await asSourceError(inspected(target, options, signal), signal);
      lane.destroy();
      return { ...report, problems: refusals(report, options.allowPrivileged) };
    },
    close: async () => pool.close(),
  };
}

/** Open a lane and look at its login, within the time of a connection attempt. */
async function inspected(
  target: PostgresTarget,
  options: EngineOptions,
  signal: AbortSignal,
  check: (report: Awaited<ReturnType<typeof inspectLogin>>) => void = () => undefined,
): Promise<{ lane: Lane; report: Awaited<ReturnType<typeof inspectLogin>> }> {
  const laneOptions = { applicationName: options.applicationName, connectTimeoutMs: CONNECT_TIMEOUT_MS };
  const lane = openLane(target, laneOptions, signal);
  const watch = watchRead(lane, CONNECT_TIMEOUT_MS, signal);
  try {
    const report = await inspectLogin(lane);
    check(report);
    return { lane, report };
  } catch (error) {
    lane.destroy();
    throw error;
  } finally {
    watch.end();
  }
}

async function asSourceError<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw signal.aborted ? canceled() : sourceError(error);
  }
}
