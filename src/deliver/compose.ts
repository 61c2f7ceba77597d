import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Attachment, Letter } from './channel.ts';
import { oneLine } from './mail-address.ts';

/**
 * Says to programs that no person wrote this (RFC 3834), so that nobody's absence notice comes back; the other two are
 * what older servers and Exchange listen to.
 */
const AUTOMATIC = {
  'Auto-Submitted': 'auto-generated',
  Precedence: 'bulk',
  'X-Auto-Response-Suppress': 'OOF, AutoReply',
};

const NOBODY_NAMED = 'undisclosed-recipients:;';

/** A letter as a MIME message, made while it is read: the same letter gives the same bytes. Never reads files or URLs. */
export function composeMessage(letter: Letter, headers: Readonly<Record<string, string>> = {}): Readable {
  const composer = new MailComposer({
    from: letter.from,
    to: letter.to.length > 0 ? [...letter.to] : NOBODY_NAMED,
    cc: [...letter.cc],
    ...(letter.replyTo === null ? {} : { replyTo: letter.replyTo }),
    subject: oneLine(letter.subject),
    messageId: letter.messageId,
    date: letter.date,
    headers: { ...AUTOMATIC, ...letter.headers, ...headers },
    text: letter.text,
    html: letter.html,
    attachments: attachmentsOf(letter),
    baseBoundary: createHash('sha256').update(letter.messageId).digest('hex').slice(0, 16),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().createReadStream();
}

/** With a `cid` a file stands in `multipart/related` beside the HTML that shows it (RFC 2387). */
function attachmentsOf({ attachments, picture }: Letter) {
  const file = ({ name, mediaType, bytes }: Attachment) => ({
    filename: oneLine(name),
    contentType: mediaType,
    content: bytes,
  });
  const shown = picture === null ? [] : [{ ...file(picture), cid: picture.cid, contentDisposition: 'inline' as const }];
  return [...shown, ...attachments.map(file)];
}

/** Bytes of the message, found by making it once: relays that bound the size want it beforehand (RFC 1870). */
export async function messageSize(letter: Letter): Promise<number> {
  let size = 0;
  for await (const piece of composeMessage(letter)) size += (piece as Buffer).length;
  return size;
}
