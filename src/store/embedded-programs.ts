import { spawn } from 'node:child_process';
import { access, chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BroadsheetError } from '../errors.ts';
import { EMBEDDED_ROLE } from './database.ts';
import { type EmbeddedPlace, majorOf } from './embedded-folder.ts';
import { processExists } from './embedded-postmaster.ts';
import { SERVER_ENV } from './embedded-user.ts';

const INITDB_TIMEOUT_MS = 120_000;
const START_TIMEOUT_SECONDS = 120;
const STOP_TIMEOUT_SECONDS = 30;
const OUTPUT_LIMIT = 20_000;
const LOG_TAIL = 1_500;

/**
 * Make the cluster if its folder is empty: in a folder beside it that is renamed when complete, so that a killed initdb
 * leaves nothing half-made and of several only one counts.
 */
export async function initialise(place: EmbeddedPlace): Promise<void> {
  if ((await majorOf(place.cluster)) !== undefined) return;
  if ((await readdir(place.cluster)).length > 0) {
    throw new BroadsheetError(
      'unavailable',
      `the data folder ${place.cluster} is not empty and holds no database: name another one in DATA_DIR`,
    );
  }
  await removeLeftovers(place.cluster);
  const fresh = `${place.cluster}.new-${process.pid}`;
  await mkdir(fresh, { mode: 0o700 });
  if (place.user.ids) await chown(fresh, place.user.ids.uid, place.user.ids.gid);
  const options = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const auth = ['--auth-local=trust', '--auth-host=scram-sha-256'];
  const result = await run(
    place,
    'initdb',
    ['-D', fresh, '-U', EMBEDDED_ROLE, '--no-instructions', ...options, ...auth],
    INITDB_TIMEOUT_MS,
  );
  if (result.code !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw new BroadsheetError('unavailable', `initdb failed in ${place.cluster}: ${result.output.trim()}`);
  }
  try {
    await rename(fresh, place.cluster);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if ((await majorOf(place.cluster)) === undefined) throw error;
  }
}

async function removeLeftovers(cluster: string): Promise<void> {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of await readdir(dirname(cluster))) {
    if (!name.startsWith(prefix) || processExists(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(cluster), name), { recursive: true, force: true });
  }
}

/** Start the server and wait until it accepts connections; a no-op for the loser when another process started it. */
export async function startServer(
  place: EmbeddedPlace,
  socketDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ started: boolean; reason: string }> {
  const preload = (await isThere(join(place.binaries.root, 'lib', 'postgresql', 'pg_stat_statements.so')))
    ? { shared_preload_libraries: 'pg_stat_statements' }
    : {};
  const all: Record<string, string> = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    track_io_timing: 'on',
    ...preload,
    ...settings,
  };
  const options = Object.entries(all)
    .map(([name, value]) => `-c ${name}=${shellQuote(value)}`)
    .join(' ');
  const log = join(place.cluster, 'startup.log');
  const args = ['-D', place.cluster, '-l', log, '-w', '-t', String(START_TIMEOUT_SECONDS), '-o', options, 'start'];
  const result = await run(place, 'pg_ctl', args, (START_TIMEOUT_SECONDS + 10) * 1000);
  if (result.code === 0) return { started: true, reason: '' };
  const tail = (await readFile(log, 'utf8').catch(() => '')).slice(-LOG_TAIL).trim();
  return { started: false, reason: `${result.output.trim()}\n${tail}`.trim() };
}

/** Stop the server: running statements are broken off, everything committed is on disk. */
export async function stopServer(place: EmbeddedPlace): Promise<boolean> {
  const args = ['-D', place.cluster, '-m', 'fast', '-w', '-t', String(STOP_TIMEOUT_SECONDS), 'stop'];
  const result = await run(place, 'pg_ctl', args, (STOP_TIMEOUT_SECONDS + 10) * 1000);
  return result.code === 0;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

const shellQuote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

function run(
  place: EmbeddedPlace,
  program: string,
  args: string[],
  timeout: number,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.binaries.root, 'bin', program), args, {
      cwd: place.cluster,
      env: SERVER_ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      ...place.user.ids,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      if (output.length < OUTPUT_LIMIT) output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (cause) => {
      const message = `cannot run ${program} of the embedded PostgreSQL as ${place.user.name}: ${cause.message}`;
      reject(new BroadsheetError('unavailable', message, undefined, { cause }));
    });
    child.once('exit', (code) => resolve({ code, output }));
  });
}
