import { domainToASCII } from 'node:url';

/** Longest path of RFC 5321 §4.5.3.1.3 is 256; a little more is kept of what is no address, to show what was given. */
const KEPT_LENGTH = 320;
const LOCAL_MAX = 64;
const DOMAIN_MAX = 255;

/** Letters of an atom, RFC 5322 §3.2.3, and any letter beyond ASCII (RFC 6531). Quoted local parts are not taken. */
const LOCAL = /^[^\s\p{C}@<>()[\]\\,;:"]+$/u;
const MAILBOX = /^(?<name>[^<>]*)<(?<address>[^<>]+)>$/u;
const HAS_CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

export interface MailAddress {
  /** Display name, may be empty. */
  readonly name: string;
  readonly address: string;
}

/** Read `local@domain` or `Name <local@domain>`; null when it is neither. Never accepts a line break. */
export function parseMailAddress(text: string): MailAddress | null {
  const trimmed = text.trim();
  const mailbox = MAILBOX.exec(trimmed);
  const address = (mailbox?.groups?.address ?? trimmed).trim();
  const name = (mailbox?.groups?.name ?? '').trim().replace(/^"(.*)"$/u, '$1');
  if (HAS_CONTROL.test(trimmed)) return null;
  return isAddress(address) ? { name, address } : null;
}

function isAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at < 1 || Buffer.byteLength(local) > LOCAL_MAX || !LOCAL.test(local)) return false;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return false;
  const ascii = domainToASCII(domain);
  return ascii.length > 0 && ascii.length <= DOMAIN_MAX && /^(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(ascii);
}

/** A recipient as the ledger keeps it: the bare address, or what was written instead, shortened and on one line. */
export function recipientText(written: string): string {
  return parseMailAddress(written)?.address ?? oneLine(written).slice(0, KEPT_LENGTH);
}

/** Text that stays within its header line or log line: every control character and line break becomes a space. */
export function oneLine(text: string): string {
  return text.replace(CONTROLS, ' ').replace(/ {2,}/g, ' ').trim();
}
