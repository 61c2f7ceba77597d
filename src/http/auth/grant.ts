import type { Context } from 'hono';
import { checkKey, type Grant } from '../../operations/access/authenticate.ts';
import type { Ctx } from '../../operations/context.ts';
import { comesFromThisHost } from './loopback.ts';

/**
 * What the caller has proved by header `PgrApiKey`. Without a key a gateway on this host is trusted to name the user,
 * if `TRUST_USER_HEADER` says so; a wrong key is refused even there.
 * @throws BroadsheetError `unauthenticated`
 */
export async function grantOf(c: Context, ctx: Ctx): Promise<Grant> {
  const key = c.req.header('PgrApiKey');
  if (key === undefined && ctx.config.TRUST_USER_HEADER === 'loopback' && comesFromThisHost(c)) {
    return { kind: 'any_user' };
  }
  return checkKey({ ctx, input: { key } });
}
