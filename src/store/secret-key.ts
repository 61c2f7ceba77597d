import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { BroadsheetError } from '../errors.ts';

type KeyConfig = Pick<Config, 'SECRET_KEY' | 'SECRET_KEY_FILE' | 'DATA_DIR'>;

/** Where the master key lies when the environment does not give it. */
export const secretKeyFile = (config: KeyConfig): string =>
  config.SECRET_KEY_FILE ?? join(config.DATA_DIR, 'secret.key');

/**
 * The master key: SECRET_KEY, or the key file, which is made at first start. Of several processes that make it at once
 * all get the same key.
 * @throws BroadsheetError `unavailable` for a file that can't be made or holds no key.
 */
export async function loadSecretKey(config: KeyConfig): Promise<Buffer> {
  if (config.SECRET_KEY !== undefined) return Buffer.from(config.SECRET_KEY, 'hex');
  const file = secretKeyFile(config);
  try {
    return (await readKey(file)) ?? (await makeKey(file));
  } catch (cause) {
    if (cause instanceof BroadsheetError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BroadsheetError('unavailable', `the key file ${file} cannot be used: ${reason}`, undefined, { cause });
  }
}

async function readKey(file: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (!/^[0-9a-fA-F]{64}$/.test(text)) {
    throw new BroadsheetError('unavailable', `the key file ${file} does not hold 64 hex digits`);
  }
  return Buffer.from(text, 'hex');
}

/** Written whole beside its place and then linked there: the link fails for all but one, who then read that one's. */
async function makeKey(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  const key = await readKey(file);
  if (!key) throw new BroadsheetError('unavailable', `the key file ${file} vanished while it was made`);
  return key;
}

/** Whether others than its owner may read the key file; undefined when there is none. */
export async function keyFileIsOpen(file: string): Promise<boolean | undefined> {
  try {
    return ((await stat(file)).mode & 0o077) !== 0;
  } catch {
    return undefined;
  }
}
