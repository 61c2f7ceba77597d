import type { Post } from './post.ts';

type Read = Post['readDocument'];

const DEFAULT_BYTES = 32 * 1024 * 1024;

/**
 * Keeps the bytes of the documents that were read last, up to `maxBytes` together, so that many recipients of one
 * document cost one read. Readers that come while it is being read wait for the same read; a reader that is aborted
 * does not take it from the others. A document larger than the bound is not kept. Documents never change.
 */
export function rememberDocuments(read: Read, maxBytes = DEFAULT_BYTES): Read {
  const kept = new Map<string, Buffer>();
  const underway = new Map<string, Promise<Buffer>>();
  let bytes = 0;
  const keep = (id: string, content: Buffer): void => {
    if (content.length > maxBytes || kept.has(id)) return;
    kept.set(id, content);
    bytes += content.length;
    for (const [oldest, old] of kept) {
      if (bytes <= maxBytes) break;
      kept.delete(oldest);
      bytes -= old.length;
    }
  };
  const start = (id: string, signal: AbortSignal): Promise<Buffer> => {
    const reading = read(id, signal)
      .then((content) => {
        keep(id, content);
        return content;
      })
      .finally(() => underway.delete(id));
    underway.set(id, reading);
    return reading;
  };
  return async (id, signal) => {
    signal.throwIfAborted();
    const known = kept.get(id);
    if (known) {
      kept.delete(id);
      kept.set(id, known);
      return known;
    }
    const shared = underway.get(id);
    if (!shared) return start(id, signal);
    try {
      return await shared;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
      return underway.get(id) ?? start(id, signal);
    }
  };
}
