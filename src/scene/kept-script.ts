import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

/** Before the code: its CRC-32, then how much it was used for. */
const HEADER_BYTES = 8;

/**
 * Run a script in the global scope, with the code of its functions as an earlier process left it. Node's own compile
 * cache (in whose folder this is kept; without it nothing is) has a module as it is before it runs, when most functions
 * are not compiled yet: each start compiles them anew. What is kept here is the code when a process ends.
 * @param uses how much the script has been used for so far: code that was used for more replaces what is kept.
 */
export function runKeptScript(path: string, uses: () => number): void {
  const source = readFileSync(path);
  const folder = getCompileCacheDir();
  const file = folder && join(folder, `${basename(path)}-${crc32(source).toString(16)}`);
  const kept = file === undefined ? null : readKept(file);
  const script = new Script(source.toString(), { filename: path, ...(kept && { cachedData: kept.code }) });
  script.runInThisContext();
  // Threads are there for processes that go on for long, in which V8 drops the code of what is rarely called.
  if (file === undefined || !isMainThread) return;
  const before = kept === null || script.cachedDataRejected === true ? -1 : kept.uses;
  process.once('exit', () => {
    if (uses() > before) writeKept(file, script.createCachedData(), uses());
  });
}

interface Kept {
  readonly code: Buffer;
  readonly uses: number;
}

/** Null when there is none, or not all of it. Code for another V8 is refused by V8 itself. */
function readKept(file: string): Kept | null {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HEADER_BYTES);
    return crc32(code) === bytes.readUInt32LE(0) ? { code, uses: bytes.readUInt32LE(4) } : null;
  } catch {
    return null;
  }
}

/** Where it cannot be written (a full disk, a read-only file system), the next start compiles again. */
function writeKept(file: string, code: Buffer, uses: number): void {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(crc32(code), 0);
  header.writeUInt32LE(uses, 4);
  try {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, Buffer.concat([header, code]), { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {}
}
