import { BroadsheetError, badRequest } from '../errors.ts';

/** Where a large body waits for its turn to be read. */
interface Line {
  take(): Promise<void>;
}

/** Far above any real definition, far below what PostgreSQL's jsonb and our own recursions can take. */
const MAX_DEPTH = 100;
/** Above this a body stands in line. */
const LARGE_BYTES = 1024 * 1024;

/**
 * The one place where cruddy v2 reads a body: JSON whatever the Content-Type says, an empty body is `{}`.
 * What PostgreSQL can't store (NUL, lone surrogates), numbers beyond a double and nesting beyond 100 levels are refused
 * here, so that nothing behind this line meets them.
 * A large one is read when it is its turn in line.
 * @throws BroadsheetError `too_large` beyond `limit` bytes, `bad_request` with the family's fixed text otherwise.
 */
export async function readJsonBody(request: Request, limit: number, place: Line): Promise<unknown> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limit) throw tooLarge();
  if (announced > LARGE_BYTES) await place.take();
  return parseJson(await readBytes(request, limit, announced > LARGE_BYTES ? null : place));
}

/**
 * JSON that can be stored; nothing and blanks are `{}`.
 * @throws BroadsheetError `bad_request` "Bad Request".
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.trim() === '') return {};
    const value: unknown = JSON.parse(text);
    checkStorable(value);
    return value;
  } catch (error) {
    throw error instanceof BroadsheetError ? error : badRequest('Bad Request');
  }
}

/**
 * A request's whole body. `line`: where to stand in when it turns out to be large. An announced length beyond `limit` has
 * been refused by the caller.
 * @throws BroadsheetError `too_large` beyond `limit` bytes.
 */
export async function readBytes(request: Request, limit: number, line: Line | null): Promise<Uint8Array> {
  // Asking for the stream makes a Request of the web out of Node's; a body of a known length comes without it.
  if (Number(request.headers.get('content-length') ?? 0) > 0) return readWhole(request, limit);
  if (request.body === null) return new Uint8Array(0);
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += piece.byteLength;
      if (size > limit) throw tooLarge();
      if (line && size > LARGE_BYTES && size - piece.byteLength <= LARGE_BYTES) await line.take();
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof BroadsheetError ? error : badRequest('Bad Request');
  }
  return Buffer.concat(pieces);
}

/** A body whose announced length is within the limit: the HTTP parser lets no more of it through. */
async function readWhole(request: Request, limit: number): Promise<Uint8Array> {
  const bytes = await request.arrayBuffer().catch(() => {
    throw badRequest('Bad Request');
  });
  if (bytes.byteLength > limit) throw tooLarge();
  return new Uint8Array(bytes);
}

/**
 * Level by level, with a list of its own: a recursion would fall over the very nesting it should refuse.
 * @throws BroadsheetError `bad_request` "Bad Request".
 */
export function checkStorable(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw badRequest('Bad Request');
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') checkText(value);
      else if (typeof value === 'number' && !Number.isFinite(value)) throw badRequest('Bad Request');
      else if (Array.isArray(value)) for (const item of value) next.push(item);
      else if (value !== null && typeof value === 'object') {
        for (const [key, item] of Object.entries(value)) {
          checkText(key);
          next.push(item);
        }
      }
    }
    level = next;
  }
}

function checkText(text: string): void {
  if (text.includes('\u0000') || !text.isWellFormed()) throw badRequest('Bad Request');
}

const tooLarge = (): BroadsheetError => new BroadsheetError('too_large', 'Request Entity Too Large');
