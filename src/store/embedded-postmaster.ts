import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What `postmaster.pid` says of a live server. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDir: string;
  readonly ready: boolean;
}

/** Beside the socket; the embedded server always has port 5432. */
const SOCKET_LOCK = '.s.PGSQL.5432.lock';
const POLL_MS = 25;
const ORPHAN_WAIT_MS = 10_000;

const pidFile = (cluster: string): string => join(cluster, 'postmaster.pid');

/** The live server of a data folder, or undefined. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const lines = await readLines(pidFile(cluster));
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !processExists(pid)) return undefined;
  if (!(await isServerOf(pid, cluster))) return undefined;
  return { pid, socketDir: lines[4]?.trim() ?? '', ready: lines[7]?.trim() === 'ready' };
}

/**
 * Make way for a new server where `findPostmaster` finds none: wait until no backend of a killed one is left, and remove
 * its lock files, that of the data folder and that of the socket. PostgreSQL would believe one whose pid is a zombie or
 * now belongs to another program (a restarted container). Only under the host lock: elsewhere it could remove the files
 * of a server that has just started.
 */
export async function clearDeadServer(cluster: string, socketDir: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const locks = [pidFile(cluster), join(socketDir, SOCKET_LOCK)];
  const left = await Promise.all(locks.map(readLines));
  if (left.every((lines) => lines.length === 0)) return;
  await waitForOrphans(cluster);
  for (const file of locks) await rm(file, { force: true });
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch {
    return [];
  }
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A server's working folder is its data folder. Where the system does not tell, the pid file is believed. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    if (status.slice(status.lastIndexOf(')') + 2).startsWith('Z')) return false;
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** Backends whose postmaster was killed end by themselves; a new server must not start before. */
async function waitForOrphans(cluster: string): Promise<void> {
  const folder = await realpath(cluster);
  const until = performance.now() + ORPHAN_WAIT_MS;
  while (performance.now() < until) {
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const places = await Promise.all(processes.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    if (!places.includes(folder)) return;
    await delay(POLL_MS);
  }
}
