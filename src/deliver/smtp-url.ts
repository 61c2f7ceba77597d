import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { BroadsheetError, messageOf } from '../errors.ts';

const SUBMISSION_PORT = 587;
const IMPLICIT_TLS_PORT = 465;
const TLS_POLICIES = ['required', 'offered', 'never'];
const KNOWN_PARAMETERS = ['tls', 'verify', 'ca', 'name'];

/** A mail relay, as `SMTP_URL` names it. */
export interface Relay {
  /** Without user and password. */
  readonly destination: string;
  readonly login: { readonly user: string; readonly pass: string } | null;
  readonly options: SMTPConnectionOptions;
}

/**
 * Read `smtp[s]://user:password@host:port?…`. `smtps` is TLS from the first byte (port 465), `smtp` is STARTTLS (587).
 * - `tls=required | offered | never`: whether STARTTLS must be there, is used where offered, or is left alone. Default
 *   `required` when a password would otherwise cross a network in clear, else `offered`.
 * - `ca=FILE`: certificates (PEM) to trust beside the usual ones. `verify=no`: take any certificate.
 * - `name=HOST`: what EHLO says; default this host's name.
 * @throws BroadsheetError `bad_request`; never quotes the URL, which may hold a password.
 */
export function readRelay(smtpUrl: string): Relay {
  const url = new URL(smtpUrl);
  const given = [...url.searchParams.keys()];
  const unknown = given.filter((key) => !KNOWN_PARAMETERS.includes(key));
  if (unknown.length > 0) throw wrong(`unknown parameter ${unknown.join(', ')}`);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw wrong('no host');
  const port = url.port === '' ? (secure ? IMPLICIT_TLS_PORT : SUBMISSION_PORT) : Number(url.port);
  const login = url.username === '' ? null : { user: decoded(url.username), pass: decoded(url.password) };
  const policy = url.searchParams.get('tls') ?? (login && !isLoopback(host) ? 'required' : 'offered');
  if (!TLS_POLICIES.includes(policy)) throw wrong(`tls is one of ${TLS_POLICIES.join(', ')}`);
  const name = url.searchParams.get('name');
  return {
    destination: `${url.protocol}//${url.host}`,
    login,
    options: {
      host,
      port,
      secure,
      requireTLS: !secure && policy === 'required',
      ignoreTLS: policy === 'never',
      tls: tlsOptions(url, host),
      ...(name === null ? {} : { name }),
    },
  };
}

function tlsOptions(url: URL, host: string): NonNullable<SMTPConnectionOptions['tls']> {
  const verify = url.searchParams.get('verify') ?? 'yes';
  if (verify !== 'yes' && verify !== 'no') throw wrong('verify is yes or no');
  const file = url.searchParams.get('ca');
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify === 'yes',
    ...(isIP(host) ? {} : { servername: host }),
    ...(file === null ? {} : { ca: readCertificates(file) }),
  };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(`ca: ${messageOf(error)}`);
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong('user and password must be percent-encoded');
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

const wrong = (problem: string): BroadsheetError => new BroadsheetError('bad_request', `SMTP_URL: ${problem}`);
