import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { EmbeddedBinaries } from './embedded-binaries.ts';
import { findBinaries, readyBinaries } from './embedded-binaries.ts';
import { canRun, canWrite, chooseServerUser, type ServerUser } from './embedded-user.ts';

/** Where the embedded server's data and programs lie when its user cannot reach the configured folder or ours. */
const SHARED_FOLDER = '/var/lib/broadsheet';

/** Everything decided before the server is started. */
export interface EmbeddedPlace {
  /** PostgreSQL's data folder. */
  readonly cluster: string;
  readonly binaries: EmbeddedBinaries;
  readonly user: ServerUser;
  /** True when data and programs had to go to the shared folder. */
  readonly moved: boolean;
}

/** Longest path of a unix socket (sun_path holds 108 bytes with its closing zero). */
const SOCKET_PATH_LIMIT = 107;
const SOCKET_NAME = '.s.PGSQL.5432';

/**
 * Decide where data and programs of the embedded server lie and who runs it, and make the folder.
 * An initialised cluster that its user can reach stays where it is.
 * @throws BroadsheetError `unavailable` with the way out in its text.
 */
export async function placeEmbedded(dataDir: string, sharedFolder = SHARED_FOLDER): Promise<EmbeddedPlace> {
  const wanted = resolve(dataDir);
  const own = join(wanted, 'postgresql');
  const found = await findBinaries();
  const user = chooseServerUser(await ownerOf(own));
  await makeFolder(wanted, own, user);
  await checkMajor(own, found.major);
  const reachable = canWrite(own, user);
  const initialised = (await majorOf(own)) !== undefined;
  const move = user.ids !== undefined && !initialised && !(reachable && canReach(found, user));
  if (!move && !reachable) {
    throw new BroadsheetError(
      'unavailable',
      `the user ${user.ids ? user.name : 'who runs this'} cannot reach the data folder ${own}, which belongs to somebody else: ` +
        'give it to that user, run as its owner, or set DATA_DIR to another folder',
    );
  }
  const base = move ? join(sharedFolder, `data-${shortHash(await realpath(wanted))}`) : wanted;
  const cluster = join(base, 'postgresql');
  const finalUser = move ? chooseServerUser(await ownerOf(cluster)) : user;
  if (move) await makeFolder(base, cluster, finalUser);
  const binaries = await readyBinaries(found, finalUser, user.ids ? sharedFolder : wanted);
  if (move) await checkMajor(cluster, found.major);
  return { cluster, binaries, user: finalUser, moved: move };
}

const canReach = (binaries: EmbeddedBinaries, user: ServerUser): boolean =>
  canRun(join(binaries.root, 'bin', 'pg_ctl'), user);

/** A short, stable name for a path. */
export const shortHash = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 12);

/** Uid of the owner of a data folder that holds a cluster. */
async function ownerOf(cluster: string): Promise<number | undefined> {
  try {
    return (await stat(join(cluster, 'PG_VERSION'))).uid;
  } catch {
    return undefined;
  }
}

/** PostgreSQL's major of an initialised data folder; undefined for an empty one. */
export async function majorOf(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

async function makeFolder(base: string, cluster: string, user: ServerUser): Promise<void> {
  try {
    await mkdir(base, { recursive: true });
    await mkdir(cluster, { mode: 0o700 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && (await isFolder(cluster))) return;
    const message = `the data folder cannot be made: ${messageOf(cause)}: name another one in DATA_DIR`;
    throw new BroadsheetError('unavailable', message, undefined, { cause });
  }
  if (user.ids) await chown(cluster, user.ids.uid, user.ids.gid);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function checkMajor(cluster: string, ours: number): Promise<void> {
  const theirs = await majorOf(cluster);
  if (theirs === undefined || theirs === ours) return;
  throw new BroadsheetError(
    'unavailable',
    `the data folder ${cluster} was made by PostgreSQL ${theirs}, and the embedded server is PostgreSQL ${ours}. ` +
      `Either run PostgreSQL ${theirs} on it and name that server in DATABASE_URL, or dump it with pg_dump of ` +
      `version ${theirs} and restore it into a new folder named by DATA_DIR; nothing was changed.`,
  );
}

/**
 * The folder of the unix socket: the data folder itself (mode 0700), or, when its path is too long for a socket or
 * needs quoting, a private folder below /tmp.
 */
export async function placeSocket(place: EmbeddedPlace): Promise<string> {
  const own = join(place.cluster, SOCKET_NAME);
  if (Buffer.byteLength(own) <= SOCKET_PATH_LIMIT && /^[\w./-]+$/.test(own)) return place.cluster;
  const folder = `/tmp/broadsheet-${shortHash(await realpath(place.cluster))}`;
  const uid = place.user.ids?.uid ?? process.getuid?.() ?? 0;
  try {
    await mkdir(folder, { mode: 0o700 });
    if (place.user.ids) await chown(folder, place.user.ids.uid, place.user.ids.gid);
    await chmod(folder, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const made = await lstat(folder);
  if (!made.isDirectory() || made.uid !== uid || (made.mode & 0o077) !== 0) {
    throw new BroadsheetError(
      'unavailable',
      `the socket folder ${folder} is not a private folder of the server's user`,
    );
  }
  return folder;
}
