import { createTransport } from 'nodemailer';
import { readRelay } from './smtp-url.ts';

const TIMEOUT_MS = 10_000;

/**
 * Connect to the relay of an SMTP_URL, with TLS and login as a mail would, and leave again.
 * @returns where it is, without user and password.
 * @throws Error with the relay's own words, or what kept us from it; BroadsheetError for a bad URL.
 */
export async function checkRelay(smtpUrl: string, signal: AbortSignal): Promise<string> {
  const { destination, login, options } = readRelay(smtpUrl);
  const transport = createTransport({
    ...options,
    ...(login ? { auth: login } : {}),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const stop = (): void => transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await transport.verify();
    return destination;
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
}
