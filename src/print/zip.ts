import { setImmediate as nextTurn } from 'node:timers/promises';
import { Zip, ZipDeflate } from 'fflate';
import { BroadsheetError } from '../errors.ts';

export interface ZipEntry {
  /** Path inside the archive. */
  readonly name: string;
  /** Texts as UTF-8; asked for one after the other. */
  readonly pieces: Iterable<string | Uint8Array>;
}

/** The zip format counts local time from 1980 on; every entry has this one, so that the bytes do not tell the day. */
const DATE = new Date(1980, 0, 1, 12);

/**
 * Files as a zip archive. An entry's pieces are made, packed and forgotten one at a time, and other work gets its turn
 * between them: memory holds one piece and the packed archive. The same entries give the same bytes.
 * @throws BroadsheetError `canceled` when the signal fires; whatever making a piece throws.
 */
export async function zipOf(entries: Iterable<ZipEntry>, signal: AbortSignal): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  const failures: Error[] = [];
  const zip = new Zip((error, block) => {
    if (error) failures.push(error);
    else blocks.push(block);
  });
  for (const { name, pieces } of entries) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = DATE;
    zip.add(file);
    for (const piece of pieces) {
      file.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
      await nextTurn();
      if (signal.aborted) throw new BroadsheetError('canceled', 'writing was canceled');
      for (const failure of failures) throw failure;
    }
    file.push(new Uint8Array(0), true);
  }
  zip.end();
  for (const failure of failures) throw failure;
  return Buffer.concat(blocks);
}
