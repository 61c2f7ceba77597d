import { createHash } from 'node:crypto';

/** The parts of a request that a signature of OCP covers, as they were sent. */
export interface SignedParts {
  readonly method: string;
  /** Path and query of the request line. */
  readonly target: string;
  /** Names in any case; one that came several times stands here as often. */
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: Uint8Array;
}

const SIGNED_HEADERS = 'x-ocp';

/**
 * What OCP's `OCP-ACCESS-KEY-HMACSHA1` signs: seven lines, an empty part keeping its line: method, upper-case hex MD5 of
 * the body (empty without one), Content-Type, Date, Host, the `x-ocp` headers sorted by name, path with query. Queries
 * are sorted, values of one name joined by commas, empty values dropped, all percent-encoded by RFC 3986.
 */
export function signedMessage({ method, target, headers, body }: SignedParts): string {
  const named = new Map<string, string>();
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    const before = named.get(name);
    named.set(name, before === undefined ? value : `${before},${value}`);
  }
  const own = [...named]
    .filter(([name]) => name.startsWith(SIGNED_HEADERS))
    .toSorted(byName)
    .map(([name, value]) => `${name}:${value}`);
  return [
    method.toUpperCase(),
    body.length === 0 ? '' : createHash('md5').update(body).digest('hex').toUpperCase(),
    named.get('content-type') ?? '',
    named.get('date') ?? '',
    named.get('host') ?? '',
    own.join('\n'),
    canonicalTarget(target),
  ].join('\n');
}

function canonicalTarget(target: string): string {
  const mark = target.indexOf('?');
  if (mark < 0) return target;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(target.slice(mark + 1))) {
    if (value !== '') values.set(name, [...(values.get(name) ?? []), value]);
  }
  const query = [...values]
    .toSorted(byName)
    .map(([name, list]) => `${encode(name)}=${encode(list.toSorted(byCode).join(','))}`)
    .join('&');
  const path = target.slice(0, mark);
  return query === '' ? path : `${path}?${query}`;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => byCode(a, b);

/** RFC 3986: all but A-Z a-z 0-9 - . _ ~ */
const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
