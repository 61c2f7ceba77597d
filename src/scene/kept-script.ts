import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

/** More uses are not told apart: by then nearly all functions are there. */
const MOST_USES = 1000;

/**
 * Run a script in the global scope, with the code of its functions as earlier processes left it. Node's own compile
 * cache (in whose folder this is kept; without it nothing is) has a module as it is before it runs, when most functions
 * are not compiled yet: each start compiles them anew. What is kept here is the code when a process ends.
 * @param uses what the script has been used for so far, as 32-bit numbers: code that was used for something new replaces
 * what is kept, whose functions it has as well.
 */
export function runKeptScript(path: string, uses: ReadonlySet<number>): void {
  const source = readFileSync(path);
  const folder = getCompileCacheDir();
  const file = folder && join(folder, `${basename(path)}-${crc32(source).toString(16)}`);
  const kept = file === undefined ? null : readKept(file);
  const script = new Script(source.toString(), { filename: path, ...(kept && { cachedData: kept.code }) });
  script.runInThisContext();
  // Threads are there for processes that go on for long, in which V8 drops the code of what is rarely called.
  if (file === undefined || !isMainThread) return;
  const before = kept === null || script.cachedDataRejected === true ? null : kept.uses;
  process.once('exit', () => {
    if (before?.isSupersetOf(uses) === true || (before?.size ?? 0) >= MOST_USES) return;
    writeKept(file, { code: script.createCachedData(), uses: uses.union(before ?? new Set()) });
  });
}

interface Kept {
  readonly code: Buffer;
  readonly uses: ReadonlySet<number>;
}

/**
 * The file: CRC-32 of the rest, the number of uses, the uses (four bytes each), the code. Null when there is none, or not all of it. Code for
 * another V8 is refused by V8 itself.
 */
function readKept(file: string): Kept | null {
  try {
    const bytes = readFileSync(file);
    if (crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return null;
    const count = bytes.readUInt32LE(4);
    const uses = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
    return { code: bytes.subarray(8 + 4 * count), uses: new Set(uses) };
  } catch {
    return null;
  }
}

/** Where it cannot be written (a full disk, a read-only file system), the next start compiles again. */
function writeKept(file: string, { code, uses }: Kept): void {
  const header = Uint32Array.of(0, uses.size, ...uses);
  const bytes = Buffer.concat([new Uint8Array(header.buffer), code]);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  try {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, bytes, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {}
}
