import { open } from 'node:fs/promises';
import { badRequest, messageOf } from '../../errors.ts';
import { attachedJson } from '../../print/attached-json.ts';
import { type ManifestRead, manifestSchema } from './schemas.ts';

/** Documents of a hundred thousand rows take a tenth of this. */
const MOST_FILE_BYTES = 512 * 1024 * 1024;
const MOST_MANIFEST_BYTES = 64 * 1024 * 1024;

/**
 * The manifest of a document: attached to a PDF of ours, or a JSON file of its own.
 * @throws BroadsheetError `bad_request` with the file's name, for whatever is wrong with it.
 */
export async function readManifest(file: string): Promise<ManifestRead> {
  const bytes = await readBounded(file);
  const isPdf = bytes.subarray(0, 1024).includes('%PDF-');
  const texts = isPdf ? attachedJson(bytes, MOST_MANIFEST_BYTES) : [bytes.toString('utf8')];
  const first = firstManifest(texts);
  if (first === undefined) {
    throw badRequest(
      `${file}: ${isPdf ? 'no manifest of ours is attached to this PDF' : 'neither a PDF nor a manifest'}`,
    );
  }
  const checked = manifestSchema.safeParse(first);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw badRequest(`${file}: not a manifest that this version can read: ${issue?.path.join('.')}: ${issue?.message}`);
}

const FORMAT = 'broadsheet-manifest/';

function firstManifest(texts: Iterable<string>): unknown {
  for (const text of texts) {
    const value = parsed(text);
    const isObject = typeof value === 'object' && value !== null;
    if (isObject && String((value as { format?: unknown }).format).startsWith(FORMAT)) return value;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function readBounded(file: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > MOST_FILE_BYTES) throw new Error(`larger than ${MOST_FILE_BYTES} bytes`);
      const buffer = Buffer.alloc(Math.max(1, size));
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw badRequest(`can't read ${file}: ${messageOf(error)}`);
  }
}
