import { createHmac, timingSafeEqual } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { BroadsheetError } from '../../errors.ts';
import { accessKeys, users } from '../../store/schema/access.ts';
import type { Ctx } from '../context.ts';
import { type Login, loginColumns, loginOf } from './log-in.ts';

/** A request older or newer than this is refused: what was overheard cannot be sent for long. */
const WINDOW_MS = 15 * 60_000;
/** What a signature is compared with where there is no such key. */
const NO_SECRET = '0'.repeat(32);

export interface SignedRequest {
  readonly accessKey: string;
  /** Base64. */
  readonly signature: string;
  /** The `Date` header, RFC 1123. */
  readonly date: string;
  /** What was signed, made of the request; read only when the date is in its window. */
  readonly message: () => Promise<string>;
}

/** The signature of OCP: Base64 of HMAC-SHA1. */
export const signatureOf = (secret: string, message: string): string =>
  createHmac('sha1', secret).update(message, 'utf8').digest('base64');

/**
 * Who has signed a request: the owner of the access key.
 * @throws BroadsheetError `unauthenticated`, the same for a stale date, an unknown or revoked key, a disabled user and a
 * wrong signature.
 */
export async function checkSignature({ ctx, input }: { ctx: Ctx; input: SignedRequest }): Promise<Login> {
  const at = Date.parse(input.date);
  const [now, [key]] = await Promise.all([
    ctx.clock.now(),
    ctx.db
      .select({ sealed: accessKeys.secretSealed, ...loginColumns })
      .from(accessKeys)
      .innerJoin(users, eq(users.id, accessKeys.userId))
      .where(and(eq(accessKeys.accessKey, input.accessKey.slice(0, 64)), isNull(accessKeys.revokedAt))),
  ]);
  if (!(Math.abs(now.getTime() - at) <= WINDOW_MS)) throw wrong();
  const message = await input.message();
  const secret = key ? ctx.secrets.open(Buffer.from(key.sealed), accessKeyContext(input.accessKey)) : NO_SECRET;
  const expected = Buffer.from(signatureOf(secret, message));
  const given = Buffer.from(input.signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) throw wrong();
  const login = loginOf(key);
  if (login === undefined) throw wrong();
  return login;
}

/** What the secret of an access key is sealed with. */
export const accessKeyContext = (accessKey: string): string => `access-key:${accessKey}`;

const wrong = (): BroadsheetError =>
  new BroadsheetError('unauthenticated', 'the access key, the signature or the date is wrong', {
    rule: 'bad_signature',
  });
