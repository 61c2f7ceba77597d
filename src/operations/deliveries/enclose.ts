import type { Attachment, Letter } from '../../deliver/channel.ts';
import type { documents } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import { otherFiles } from './load-delivery.ts';
import type { Post } from './post.ts';

type Document = typeof documents.$inferSelect;

export interface Enclosed {
  /** The document and its further formats, as far as they are in the letter. */
  readonly attached: readonly Document[];
  readonly attachments: readonly Attachment[];
  /** Those for which there was no room. */
  readonly left: readonly Document[];
  readonly picture: Letter['picture'];
}

/** A picture of a page that is larger than this is not worth its way through every mailbox. */
const PICTURE_LIMIT_BYTES = 1_500_000;

/**
 * What goes into a letter: the document, then its further formats, then the picture of the first page, each as long as
 * there is room in `limit` bytes.
 */
export async function enclose(args: {
  readonly ctx: Ctx;
  readonly post: Post;
  readonly document: Document;
  /** Bytes of all files together; 0 = none of them, and no picture. */
  readonly limit: number;
}): Promise<Enclosed> {
  const { ctx, post, document, limit } = args;
  const others = document.runId === null ? [] : await otherFiles(ctx, document.runId);
  let room = limit;
  const fits = ({ size }: Document): boolean => {
    if (limit === 0 || size > room) return false;
    room -= size;
    return true;
  };
  const files = [document, ...others.filter(({ role }) => role === 'further')];
  const attached = files.filter(fits);
  const read = async (file: Document): Promise<Attachment> => {
    return { name: file.name, mediaType: file.mediaType, bytes: await post.readDocument(file.id, ctx.signal) };
  };
  const attachments: Attachment[] = [];
  for (const file of attached) attachments.push(await read(file));
  const preview = others.find((file) => file.role === 'preview' && file.size <= PICTURE_LIMIT_BYTES && fits(file));
  return {
    attached,
    attachments,
    left: files.filter((file) => !attached.includes(file)),
    picture: preview ? { ...(await read(preview)), cid: `page-1.${preview.id}@broadsheet` } : null,
  };
}
