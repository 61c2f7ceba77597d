import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { BroadsheetError } from '../../errors.ts';
import { checkSignature } from '../../operations/access/check-signature.ts';
import type { Login, Logins } from '../../operations/access/log-in.ts';
import type { Ctx } from '../../operations/context.ts';
import { type SignedParts, signedMessage } from '../auth/signed-message.ts';

interface Asked {
  readonly ctx: Ctx;
  readonly logins: Logins;
  readonly body: () => Promise<Uint8Array>;
}

const BASIC = /^Basic +([\w+/=-]+)$/i;
const SIGNED = /^OCP-ACCESS-KEY-HMACSHA1 +([\w.-]+):([\w+/=]+)$/i;

/**
 * Who calls, by HTTP Basic or by a signature with an access key.
 * @throws BroadsheetError `unauthenticated`, `rate_limited`.
 */
export async function identify(c: Context, { ctx, logins, body }: Asked): Promise<Login> {
  const header = c.req.header('Authorization')?.trim() ?? '';
  const [, accessKey, signature] = SIGNED.exec(header) ?? [];
  if (accessKey !== undefined && signature !== undefined) {
    const date = c.req.header('Date') ?? '';
    const message = async () => signedMessage({ ...asSent(c), body: await body() });
    return checkSignature({ ctx, input: { accessKey, signature, date, message } });
  }
  const [, encoded] = BASIC.exec(header) ?? [];
  if (encoded === undefined) throw new BroadsheetError('unauthenticated', 'not logged on', { rule: 'login_required' });
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [username, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  if (/[\0]/.test(username)) throw new BroadsheetError('unauthenticated', 'no user', { rule: 'bad_credentials' });
  return logins.byPassword({ ctx, input: { username, password, address: addressOf(c) } });
}

/** As it came over the wire: a URL of ours would be a normalised one, and headers sent twice would be joined otherwise. */
function asSent(c: Context): Omit<SignedParts, 'body'> {
  const { method } = c.req;
  const { incoming } = (c.env ?? {}) as { incoming?: { url?: string; rawHeaders: readonly string[] } };
  if (incoming?.url === undefined) {
    const url = new URL(c.req.url);
    return { method, target: `${url.pathname}${url.search}`, headers: c.req.raw.headers };
  }
  const { url: target, rawHeaders } = incoming;
  const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
  return { method, target, headers };
}

function addressOf(c: Context): string | null {
  const env = c.env as { incoming?: unknown } | undefined;
  return env?.incoming === undefined ? null : (getConnInfo(c).remote.address ?? null);
}
