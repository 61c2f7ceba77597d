import type { Context } from 'hono';
import { contentPolicyOf } from '../operations/archive/content-policy.ts';
import type { DocumentFile } from '../operations/archive/open-file.ts';

/**
 * `attachment` with the name in both forms of RFC 6266: ASCII for old clients, UTF-8 (RFC 8187) for all others.
 * The name holds no control characters, no quotes and no path: the name mask sees to that; here they are dropped again.
 */
function contentDisposition(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\/%]/g, '_');
  const utf8 = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

/** Whether `If-None-Match` names the entity: a list of tags, weak or not, or `*`. */
const matches = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((tag) => {
    const trimmed = tag.trim();
    return trimmed === '*' || trimmed.replace(/^W\//, '') === etag;
  }) ?? false;

/**
 * Answer a document's bytes, or 304 to who asks for them and has them. Never cached by proxies, never guessed to be something else, and
 * what it may contain can't run on our origin.
 */
export function sendDocument(c: Context, file: DocumentFile, headers: Readonly<Record<string, string>> = {}): Response {
  const etag = `"${file.sha256}"`;
  const common = {
    ETag: etag,
    'Cache-Control': 'private, no-cache',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': contentPolicyOf(file.mediaType),
    ...headers,
  };
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (isRead && matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304, common);
  const whole = {
    ...common,
    'Content-Type': file.mediaType,
    'Content-Length': String(file.size),
    'Content-Disposition': contentDisposition(file.name),
    'Accept-Ranges': 'none',
  };
  if (c.req.method === 'HEAD') return c.body(null, 200, whole);
  return c.body(ReadableStream.from(file.read(c.req.raw.signal)) as ReadableStream, 200, whole);
}
