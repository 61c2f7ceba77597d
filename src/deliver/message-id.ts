import { createHash } from 'node:crypto';
import { parseMailAddress } from './mail-address.ts';

const HASH_LENGTH = 24;

/**
 * The Message-ID of a letter: the same for every attempt to send this run's document to this recipient, different for
 * any other, so that receivers and people can tell a repeat. The right side is the sender's domain (RFC 5322 §3.6.4).
 * @param subject what the letter is about: a run's id, or a run's id with a notice's cause.
 */
export function messageIdFor(subject: string, recipient: string, sender: string): string {
  const hash = createHash('sha256')
    .update(`${subject}\n${recipient.toLowerCase()}`)
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const domain = parseMailAddress(sender)?.address.split('@').at(-1) ?? 'localhost';
  return `<${subject.replace(/[^A-Za-z0-9.-]/g, '-')}.${hash}@${domain}>`;
}
