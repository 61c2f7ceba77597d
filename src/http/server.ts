import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { BroadsheetError } from '../errors.ts';

export interface HttpServer {
  /** Where it listens, as an address for people: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Take no new connections; requests under way may finish within the grace, then they are cut. */
  close(graceMs: number): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than proxies keep a connection without a request (60 s and less): who closes first must not be us, or a request is lost on the way. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_TIMEOUT_MS = 120_000;
/** More are closed as they come: each holds a descriptor and buffers, and idle ones cost nothing to who opens them. */
const MOST_CONNECTIONS = 2_000;

/** @throws BroadsheetError `unavailable` when the address can't be bound. */
export async function listen(app: OpenAPIHono, address: { host: string; port: number }): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MOST_CONNECTIONS;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(address.port, address.host, resolve);
  try {
    await promise;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is in use' : String(cause);
    const message = `cannot listen on ${address.host} port ${address.port}: ${reason}; set HOST and PORT to others`;
    throw new BroadsheetError('unavailable', message, undefined, { cause });
  }
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { url: `http://${host}:${port}`, close: (graceMs) => close(server, graceMs) };
}

async function close(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearTimeout(cut);
}
