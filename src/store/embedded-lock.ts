import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 20;
const WAIT_LIMIT_MS = 90_000;

/**
 * Do `work` while no other process on this host does the same for the same `name`. The lock is an abstract socket: the
 * kernel drops it with its process, however that ends. Where there are none (only Linux has them) or where it is held
 * for too long, `work` is done without: starting and stopping are safe by PostgreSQL's own lock file, the lock only
 * spares the losers an error.
 */
export async function withHostLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const held = process.platform === 'linux' ? await hold(`\0broadsheet-${name}`) : undefined;
  try {
    return await work();
  } finally {
    if (held) await new Promise((done) => held.close(done));
  }
}

async function hold(path: string): Promise<Server | undefined> {
  const until = performance.now() + WAIT_LIMIT_MS;
  while (performance.now() < until) {
    const server = await tryListen(path);
    if (server) return server;
    await delay(RETRY_MS);
  }
  return undefined;
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen(path, () => resolve(server.unref()));
  });
}
