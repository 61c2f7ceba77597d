import { badRequest } from '../errors.ts';

export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** Where a PostgreSQL is and who logs in, read from a URL. */
export interface PostgresTarget {
  readonly host: string;
  readonly port: number;
  /** The unix socket, instead of host and port. */
  readonly socketPath: string | null;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly sslMode: SslMode;
}

const SSL_MODES: readonly SslMode[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** Parameters of libpq URLs that tools like to write and that change nothing here: these settings are ours to choose. */
const WITHOUT_EFFECT = ['application_name', 'connect_timeout', 'channel_binding'];

/**
 * Parse `postgres://user:password@host:port/database?sslmode=…`; `?host=/folder` names a unix socket. Without
 * `sslmode` TLS is used where the server offers it, as libpq does. Other parameters are refused: some of them would
 * read files of this machine or change settings that the read-only fence stands on.
 * @throws BroadsheetError `bad_request`; the message never holds the URL.
 */
export function parsePostgresUrl(text: string): PostgresTarget {
  const url = parsed(text);
  const parameters = url.searchParams;
  for (const name of parameters.keys()) {
    if (name !== 'sslmode' && name !== 'host' && !WITHOUT_EFFECT.includes(name)) {
      throw badRequest(`source URL: the parameter ${JSON.stringify(name.slice(0, 40))} is not supported`);
    }
  }
  const sslMode = SSL_MODES.find((mode) => mode === (parameters.get('sslmode') ?? 'prefer'));
  if (sslMode === undefined) throw badRequest(`source URL: sslmode must be one of ${SSL_MODES.join(', ')}`);
  const host = parameters.get('host') ?? decoded(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 5432 : Number(url.port);
  const user = decoded(url.username);
  if (user === '') throw badRequest('source URL: a user name is missing');
  if (host === '' || host.includes(',')) throw badRequest('source URL: exactly one host is expected');
  const database = decoded(url.pathname.replace(/^\//, '')) || user;
  const password = decoded(url.password);
  if ([host, user, database, password].some((part) => part.includes('\0')))
    throw badRequest('source URL: NUL character');
  const socketPath = host.startsWith('/') ? `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}` : null;
  return { host, port, socketPath, database, user, password, sslMode: socketPath === null ? sslMode : 'disable' };
}

function parsed(text: string): URL {
  // The parser's own error holds the URL, and with it the password: it must not become our cause.
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw badRequest('source URL: postgres://user:password@host:port/database expected');
  }
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('source URL: a % that begins no escape must be written %25');
  }
}

/** The URL with `***` for the password, and without parameters that are not known to be harmless. */
export function maskPostgresUrl(text: string): string {
  const url = parsed(text);
  const user = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : ':***'}@`;
  const kept = ['sslmode', 'host'].flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return `${url.protocol}//${user}${url.host}${url.pathname}${kept.length === 0 ? '' : `?${kept.join('&')}`}`;
}
