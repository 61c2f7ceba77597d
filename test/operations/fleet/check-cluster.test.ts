import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ctx } from '../../../src/operations/context.ts';
import { checkCluster, createClusterLooks } from '../../../src/operations/fleet/check-cluster.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { updateCluster } from '../../../src/operations/fleet/update-cluster.ts';
import { createSecrets } from '../../../src/secrets.ts';
import { testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';

let database: TestDatabase;
let ctx: Ctx;
/** Takes connections and says nothing; the tests hang up. */
const silent = createServer();
const sockets: Socket[] = [];

beforeAll(async () => {
  database = await testDatabase();
  ctx = testCtx({ db: database.db, clock: database.clock, secrets: createSecrets(randomBytes(32)) });
  silent.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(async () => {
  silent.close();
  await database.close();
});

describe('a look at a cluster', () => {
  it('is one connection for all who ask meanwhile, and a new one for who asks later or after a change', async () => {
    const url = `postgres://u:p@127.0.0.1:${(silent.address() as AddressInfo).port}/d`;
    const { id } = await createCluster({ ctx, input: { name: 'silent', kind: 'POSTGRESQL', url } });
    const shared = createClusterLooks();
    let asked = 0;
    const all = Promise.withResolvers<void>();
    const looks: typeof shared = (key, look) => {
      const found = shared(key, look);
      asked += 1;
      if (asked === 5) all.resolve();
      return found;
    };
    const failed = async (given: Ctx = ctx): Promise<string> =>
      checkCluster({ ctx: given, input: { id }, looks }).then(
        () => 'found',
        (error: { code?: string }) => String(error.code),
      );
    const leaving = new AbortController();
    const connected = once(silent, 'connection');
    const first = failed({ ...ctx, signal: leaving.signal });
    await connected;
    const others = [failed(), failed(), failed(), failed()];
    await all.promise;
    leaving.abort();
    expect(sockets).toHaveLength(1);
    sockets[0]?.destroy();
    const reason = await first;
    expect(['unavailable', 'timeout']).toContain(reason);
    expect(await Promise.all(others)).toEqual(Array(4).fill(reason));

    const again = [once(silent, 'connection'), failed()] as const;
    await again[0];
    await updateCluster({ ctx, input: { id, url: `${url}2` } });
    const changed = [once(silent, 'connection'), failed()] as const;
    await changed[0];
    expect(sockets).toHaveLength(3);
    for (const socket of sockets) socket.destroy();
    for (const outcome of [again[1], changed[1]]) expect(['unavailable', 'timeout']).toContain(await outcome);
  });
});
