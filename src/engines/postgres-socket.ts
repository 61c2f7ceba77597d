import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { PostgresTarget } from './postgres-url.ts';

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/** TLS settings for the target: null = plain; `prefer` and `require` encrypt without checking who the server is. */
export function tlsSettings(target: PostgresTarget): ConnectionOptions | null {
  if (target.sslMode === 'disable') return null;
  const verify = target.sslMode === 'verify-ca' || target.sslMode === 'verify-full';
  return {
    host: target.host,
    rejectUnauthorized: verify,
    ...(target.sslMode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

/** A connected socket. It is destroyed, and the promise rejected, on abort and after `timeoutMs`. */
export function openSocket(target: PostgresTarget, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = target.socketPath === null ? connect(target.port, target.host) : connect(target.socketPath);
    const fail = (error: Error): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    const abort = (): void => fail(new Error('aborted'));
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
    };
    // Errors after the handover belong to whoever took the socket; without any listener they would end the process.
    socket.on('error', () => undefined);
    socket.once('error', fail);
    socket.once('connect', () => {
      settle();
      socket.setNoDelay(true);
      resolve(socket);
    });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** What a server gave with the login: proves that a cancel request comes from the session's owner. */
export interface CancelKey {
  readonly pid: number;
  readonly secret: number;
}

/** Ask the server, on a connection of its own, to cancel what the session of `key` is doing. Resolves once it is sent. */
export async function sendCancel(target: PostgresTarget, key: CancelKey, timeoutMs: number): Promise<void> {
  const request = Buffer.alloc(16);
  [16, CANCEL_REQUEST, key.pid, key.secret].forEach((word, index) => {
    request.writeUInt32BE(word >>> 0, index * 4);
  });
  const plain = await openSocket(target, timeoutMs);
  plain.setTimeout(timeoutMs, () => plain.destroy());
  const settings = tlsSettings(target);
  const socket = settings !== null && (await offersTls(plain)) ? connectTls({ ...settings, socket: plain }) : plain;
  await new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.end(request);
    socket.resume();
  });
  plain.destroy();
}

function offersTls(socket: Socket): Promise<boolean> {
  const request = Buffer.alloc(8);
  request.writeUInt32BE(8, 0);
  request.writeUInt32BE(SSL_REQUEST, 4);
  return new Promise((resolve) => {
    socket.once('close', () => resolve(false));
    socket.once('data', (answer: Buffer) => resolve(answer.toString('latin1', 0, 1) === 'S'));
    socket.write(request);
  });
}
