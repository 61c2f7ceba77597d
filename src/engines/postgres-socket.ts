import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { PostgresTarget } from './postgres-url.ts';

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/**
 * A connected socket, encrypted where the target's `sslmode` says so. TLS is negotiated here and not by postgres.js,
 * which keeps writing to the encrypted socket when the one below was cut, an error that nobody would listen to.
 * On abort and after `timeoutMs` whatever there is of the connection is destroyed and the promise rejected.
 */
export function openSocket(target: PostgresTarget, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const plain = target.socketPath === null ? connect(target.port, target.host) : connect(target.socketPath);
    const fail = (error: Error): void => {
      settle();
      plain.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    const abort = (): void => fail(new Error('aborted'));
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    // It stays: errors after the handover belong to whoever took the socket, but must never be without a listener.
    plain.on('error', fail);
    plain.once('close', () => fail(new Error('the connection was closed')));
    plain.once('connect', () => {
      plain.setNoDelay(true);
      secured(plain, target).then((socket) => {
        settle();
        resolve(socket);
      }, fail);
    });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

async function secured(plain: Socket, target: PostgresTarget): Promise<Socket> {
  if (target.sslMode === 'disable') return plain;
  if (!(await offersTls(plain))) {
    if (target.sslMode === 'prefer') return plain;
    throw new Error(`the server has no TLS, and sslmode is ${target.sslMode}`);
  }
  return new Promise((resolve, reject) => {
    const socket = connectTls({ ...tlsSettings(target), socket: plain });
    socket.on('error', reject);
    socket.once('secureConnect', () => resolve(socket));
  });
}

/** `prefer` and `require` encrypt without asking who the server is, as libpq does. */
function tlsSettings({ host, sslMode }: PostgresTarget): ConnectionOptions {
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: sslMode === 'verify-ca' || sslMode === 'verify-full',
    ...(sslMode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

function offersTls(socket: Socket): Promise<boolean> {
  const request = Buffer.alloc(8);
  request.writeUInt32BE(8, 0);
  request.writeUInt32BE(SSL_REQUEST, 4);
  return new Promise((resolve, reject) => {
    socket.once('data', (answer: Buffer) => {
      // More than one byte before TLS begins is not the server's: somebody in between would slip in plain text.
      if (answer.length !== 1) reject(new Error('the server’s answer to the TLS request is not understood'));
      else resolve(answer[0] === 'S'.charCodeAt(0));
    });
    socket.write(request);
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
  const socket = await openSocket(target, timeoutMs);
  socket.setTimeout(timeoutMs, () => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.resume();
    socket.end(request);
  });
  socket.destroy();
}
