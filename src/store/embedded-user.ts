import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BroadsheetError } from '../errors.ts';

/** Who the embedded server runs as. PostgreSQL refuses root, so root drops to `postgres` or `nobody`. */
export interface ServerUser {
  readonly name: string;
  /** Set when we are root and must drop to it; undefined = we ourselves. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
}

/** @param ownerUid who owns an existing data folder: root then runs the server as that user. */
export function chooseServerUser(ownerUid: number | undefined): ServerUser {
  if (process.getuid?.() !== 0) return { name: 'self', ids: undefined };
  const accounts = readAccounts();
  const owner = ownerUid ? accounts.find((account) => account.uid === ownerUid) : undefined;
  const chosen =
    owner ??
    accounts.find((account) => account.name === 'postgres') ??
    accounts.find((account) => account.name === 'nobody' && account.uid > 0);
  if (!chosen) {
    throw new BroadsheetError(
      'unavailable',
      'the embedded PostgreSQL cannot run as root, and there is neither a user postgres nor nobody: run as an ordinary user, or name a server in DATABASE_URL',
    );
  }
  return { name: chosen.name, ids: { uid: chosen.uid, gid: chosen.gid } };
}

function readAccounts(): { name: string; uid: number; gid: number }[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/** Environment of the server's programs: nothing of ours leaks in, messages are in English. */
export const SERVER_ENV: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Whether `user` can run a program: asked of the system itself, so that ACLs and mounts count. */
export function canRun(program: string, user: ServerUser): boolean {
  return spawnSync(program, ['--version'], spawnOptions(user)).status === 0;
}

/** Whether `user` can write into a folder. */
export function canWrite(folder: string, user: ServerUser): boolean {
  const script = 'test -d "$1" && test -w "$1" && test -x "$1"';
  return spawnSync('/bin/sh', ['-c', script, 'sh', folder], spawnOptions(user)).status === 0;
}

function spawnOptions(user: ServerUser) {
  return { cwd: '/', stdio: 'ignore' as const, env: SERVER_ENV, timeout: 10_000, ...user.ids };
}
