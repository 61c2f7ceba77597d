import { openChannels } from '../../deliver/open-channels.ts';
import { fileOf } from '../archive/open-file.ts';
import type { Ctx } from '../context.ts';
import type { Post } from './post.ts';
import { rememberDocuments } from './remember-documents.ts';

/**
 * The post of a process, for the composition root: the configured channels, and documents read from the archive.
 * @throws BroadsheetError `bad_request` when MAIL_FROM or SMTP_URL cannot be used.
 */
export function openPost(ctx: Ctx): Post {
  return {
    channels: openChannels(ctx.config, ctx.log),
    readDocument: rememberDocuments(async (documentId, signal) => {
      const file = await fileOf(ctx, documentId);
      const pieces: Buffer[] = [];
      for await (const piece of file.read(signal)) pieces.push(piece);
      return Buffer.concat(pieces);
    }),
  };
}
