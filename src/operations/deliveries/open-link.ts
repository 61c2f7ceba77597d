import { BroadsheetError, forbidden } from '../../errors.ts';
import { type DocumentFile, fileOf } from '../archive/open-file.ts';
import type { Ctx } from '../context.ts';
import { linkText } from './document-link.ts';

export interface OpenLinkInput {
  readonly documentId: string;
  /** Seconds since 1970: until when the link is good. */
  readonly expires: number;
  readonly signature: string;
}

/** `gone`: the signature is ours, but the time is over, or the document was deleted since. */
export type OpenedLink =
  | { readonly kind: 'document'; readonly file: DocumentFile }
  | { readonly kind: 'gone'; readonly why: string };

/**
 * Open a mailed link. Whoever holds it may read the document: no user is asked for. The signature is looked at first,
 * so that a stranger learns nothing, not even which documents exist.
 * @throws BroadsheetError `forbidden` for a signature that is not ours.
 */
export async function openLink({ ctx, input }: { ctx: Ctx; input: OpenLinkInput }): Promise<OpenedLink> {
  const { documentId, expires, signature } = input;
  if (!ctx.secrets.verify(linkText(documentId, expires), signature)) throw forbidden('this link is not valid');
  const at = await ctx.clock.now();
  if (at.getTime() >= expires * 1000) return { kind: 'gone', why: 'this link has expired' };
  try {
    return { kind: 'document', file: await fileOf(ctx, documentId) };
  } catch (error) {
    const isGone = error instanceof BroadsheetError && error.code === 'not_found';
    if (!isGone) throw error;
    return { kind: 'gone', why: 'this document is no longer kept' };
  }
}
