import { daysInMs } from '../../config.ts';
import type { Ctx } from '../context.ts';

/** What a link's signature is over: this text and nothing else opens this document until then. */
export const linkText = (documentId: string, expires: number): string => `document-link:${documentId}:${expires}`;

/** A link that opens a document for whoever holds it, for LINK_DAYS; null without a PUBLIC_URL to begin it with. */
export function documentLink(
  ctx: Pick<Ctx, 'config' | 'secrets'>,
  documentId: string,
  at: Date,
): { url: string; expiresAt: Date } | null {
  const { PUBLIC_URL, LINK_DAYS } = ctx.config;
  if (PUBLIC_URL === undefined) return null;
  const expires = Math.floor((at.getTime() + daysInMs(LINK_DAYS)) / 1000);
  const signature = ctx.secrets.sign(linkText(documentId, expires));
  const url = new URL(`${PUBLIC_URL.replace(/\/+$/, '')}/links/documents/${documentId}`);
  url.searchParams.set('expires', String(expires));
  url.searchParams.set('signature', signature);
  return { url: url.href, expiresAt: new Date(expires * 1000) };
}
