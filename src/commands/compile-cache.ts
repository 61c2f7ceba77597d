import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Keep compiled code from start to start, in a folder that nobody else can write: compiled code is run as it is found.
 * Halves the time to the first page. Where no such folder can be made (a read-only file system, a home that is not ours)
 * there is no cache and no complaint. Node's own variables come first: NODE_COMPILE_CACHE names another folder,
 * NODE_DISABLE_COMPILE_CACHE=1 switches it off.
 */
export function useCompileCache(folders: readonly string[] = usualFolders()): void {
  if (getCompileCacheDir() !== undefined) return;
  const folder = folders.find(isOurs);
  if (folder === undefined) return;
  enableCompileCache(folder);
  // biome-ignore lint/style/noProcessEnv: not a setting of ours that is read, but where Node’s threads look for the folder
  if (getCompileCacheDir() !== undefined) process.env.NODE_COMPILE_CACHE = folder;
}

const usualFolders = (): readonly string[] => [
  join(homedir(), '.cache', 'broadsheet'),
  join(tmpdir(), `broadsheet-cache-${process.getuid?.()}`),
];

/** Makes the folder where it is missing; true when it is a folder of this user that no other can write to. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
