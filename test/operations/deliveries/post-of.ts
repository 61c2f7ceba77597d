import { openChannels } from '../../../src/deliver/open-channels.ts';
import { silentLog } from '../../../src/log.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import type { Post } from '../../../src/operations/deliveries/post.ts';
import { rememberDocuments } from '../../../src/operations/deliveries/remember-documents.ts';
import { readWhole } from '../../../src/store/blobs/blob-store.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';

/** The post as the service has it: the channels of `ctx.config`, documents from the archive. */
export const postOf = (ctx: Ctx): Post => ({
  channels: openChannels(ctx.config, silentLog),
  readDocument: rememberDocuments((id, signal) => readWhole(postgresChunks, ctx.db, id, signal)),
});
