import { signedMessage } from '../../../src/http/auth/signed-message.ts';
import { signatureOf } from '../../../src/operations/access/check-signature.ts';

export interface Pair {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface Signing {
  readonly method: string;
  readonly url: string;
  readonly date: Date;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The headers of a request signed as a client of OCP signs it. */
export function signed(pair: Pair, { method, url, date, headers = {}, body = '' }: Signing): Record<string, string> {
  const { host, pathname, search } = new URL(url);
  const all = { ...headers, Date: date.toUTCString() };
  const message = signedMessage({
    method,
    target: `${pathname}${search}`,
    headers: Object.entries({ ...all, Host: host }),
    body: Buffer.from(body),
  });
  const signature = signatureOf(pair.secretKey, message);
  return { ...all, Authorization: `OCP-ACCESS-KEY-HMACSHA1 ${pair.accessKey}:${signature}` };
}
