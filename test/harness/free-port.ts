import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 20_000;
/** From 32 768 on Linux gives ports to connections by itself. */
const END = 32_768;

/**
 * A port of 127.0.0.1 on which nobody listens. It is none of those that the system gives away by itself: no connection
 * takes it before a server does, nor while that server is stopped and started.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
