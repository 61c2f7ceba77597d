import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import { findBinaries } from '../../../src/store/embedded-binaries.ts';
import { placeEmbedded, placeSocket } from '../../../src/store/embedded-folder.ts';
import { findPostmaster } from '../../../src/store/embedded-postmaster.ts';
import { stopServer } from '../../../src/store/embedded-programs.ts';
import { startEmbedded } from '../../../src/store/embedded-server.ts';
import { needs } from '../../harness/needs.ts';
import { startStoreUser } from './processes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync('/tmp/broadsheet-launcher-');
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  const cluster = join(folder, 'postgresql');
  if (existsSync(join(cluster, 'postmaster.pid')))
    await stopServer(await placeEmbedded(folder, join(folder, 'shared')));
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded server', () => {
  test('three processes that start at once share one server, and the last to leave stops it', async () => {
    const users = await Promise.all([1, 2, 3].map(() => startStoreUser(folder)));
    expect(new Set(users.map((user) => user.ready.since)).size).toBe(1);
    expect(users[0]?.ready.login).toBe('broadsheet');
    const [first, second, third] = users;
    expect(await first?.ask('add')).toEqual({ kept: 1 });
    expect(await third?.ask('add')).toEqual({ kept: 2 });
    expect(await first?.leave()).toBe(false);
    expect(await third?.leave()).toBe(false);
    expect(await second?.ask('count')).toEqual({ kept: 2 });
    expect(await second?.leave()).toBe(true);
    expect(existsSync(join(folder, 'postgresql', 'postmaster.pid'))).toBe(false);

    const again = await startStoreUser(folder);
    expect(await again.ask('count')).toEqual({ kept: 2 });
    expect(await again.leave()).toBe(true);
  });

  test('is adopted after kill -9 of the process that started it, and a killed process does not count as a user', async () => {
    const first = await startStoreUser(folder);
    await first.ask('add');
    await first.kill();
    expect(await findPostmaster(join(folder, 'postgresql'))).toMatchObject({ ready: true });
    const second = await startStoreUser(folder);
    expect(second.ready.since).toBe(first.ready.since);
    expect(await second.ask('count')).toEqual({ kept: 1 });
    expect(await second.leave()).toBe(true);
  });

  test('comes up again after kill -9 of the server itself, for those who stayed and those who come', async () => {
    const first = await startStoreUser(folder);
    await first.ask('add');
    const server = await findPostmaster(join(folder, 'postgresql'));
    process.kill(server?.pid ?? 0, 'SIGKILL');
    await expect
      .poll(() => findPostmaster(join(folder, 'postgresql')), { timeout: 20_000 })
      .toMatchObject({ ready: true });
    const second = await startStoreUser(folder);
    expect(second.ready.since).not.toBe(first.ready.since);
    expect(await second.ask('count')).toEqual({ kept: 1 });
    await expect.poll(() => first.ask('count').catch(() => undefined), { timeout: 20_000 }).toEqual({ kept: 1 });
    await expect.poll(() => second.ask('users'), { timeout: 20_000 }).toEqual({ users: 2 });
    expect(await second.leave()).toBe(false);
    expect(await first.leave()).toBe(true);
  });

  test('starts past a pid file whose pid now belongs to another program', async () => {
    const first = await startStoreUser(folder);
    const file = join(folder, 'postgresql', 'postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(await first.leave()).toBe(true);
    lines[0] = String(process.pid);
    writeFileSync(file, lines.join('\n'));
    const second = await startStoreUser(folder);
    expect(second.ready.since).not.toBe(first.ready.since);
    expect(await second.leave()).toBe(true);
  });

  test('starts after a kill in the middle of initdb', async () => {
    mkdirSync(join(folder, 'postgresql.new-999999999'));
    writeFileSync(join(folder, 'postgresql.new-999999999', 'PG_VERSION'), '18\n');
    const user = await startStoreUser(folder);
    expect(existsSync(join(folder, 'postgresql.new-999999999'))).toBe(false);
    expect(await user.leave()).toBe(true);
  });

  test('listens on its private socket only', async () => {
    const server = await startEmbedded({ dataDir: folder, log: silentLog });
    const cluster = join(folder, 'postgresql');
    try {
      expect(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[5]).toBe('');
      expect(statSync(cluster).mode & 0o777).toBe(0o700);
      expect(statSync(join(server.socketDir, '.s.PGSQL.5432')).mode & 0o777).toBe(0o700);
    } finally {
      expect(await server.release()).toBe(true);
    }
  });

  test('finds a shorter place for its socket when the folder’s path is too long for one', async () => {
    const deep = join(
      folder,
      'a-name-of-thirty-one-characters',
      'another-name-of-nearly-that-size',
      'and one more, with a blank',
    );
    const user = await startStoreUser(deep);
    try {
      const place = await placeEmbedded(deep, join(deep, 'shared'));
      const socketDir = await placeSocket(place);
      expect(socketDir).toMatch(/^\/tmp\/broadsheet-[0-9a-f]{12}$/);
      expect(await findPostmaster(place.cluster)).toMatchObject({ socketDir, ready: true });
    } finally {
      expect(await user.leave()).toBe(true);
    }
  });
});

describe('what the embedded server refuses', () => {
  test('a data folder of another PostgreSQL major, with the way out', async () => {
    mkdirSync(join(folder, 'postgresql'));
    writeFileSync(join(folder, 'postgresql', 'PG_VERSION'), '17\n');
    const refusal = startEmbedded({ dataDir: folder, sharedFolder: join(folder, 'shared'), log: silentLog });
    await expect(refusal).rejects.toThrow(/made by PostgreSQL 17.*is PostgreSQL 18.*DATABASE_URL.*pg_dump.*DATA_DIR/s);
    expect(readFileSync(join(folder, 'postgresql', 'PG_VERSION'), 'utf8')).toBe('17\n');
  });

  test('a folder that holds something else', async () => {
    mkdirSync(join(folder, 'postgresql'));
    if (process.getuid?.() === 0) chmodSync(join(folder, 'postgresql'), 0o777);
    writeFileSync(join(folder, 'postgresql', 'letters.txt'), 'dear');
    await expect(startEmbedded({ dataDir: folder, log: silentLog })).rejects.toThrow(/not empty and holds no database/);
  });

  test('a platform without binaries, with the way out', async () => {
    await expect(findBinaries('freebsd', 'riscv64')).rejects.toThrow(
      /no embedded PostgreSQL for freebsd-riscv64.*Install PostgreSQL 13 or newer and name it in DATABASE_URL/s,
    );
  });
});

needs('ordinary user')('the embedded server of different users', () => {
  const nobody = { uid: 65534, gid: 65534 };

  test('started by root it runs as an ordinary account', async () => {
    const user = await startStoreUser(folder);
    expect(['postgres', 'nobody']).toContain(user.ready.user);
    expect(statSync(join(folder, 'postgresql')).uid).not.toBe(0);
    expect(user.ready.cluster).toBe(join(folder, 'postgresql'));
    expect(await user.leave()).toBe(true);
  });

  test('an ordinary user starts it in a folder of its own, and root joins that', async () => {
    chmodSync(folder, 0o777);
    const ordinary = await startStoreUser(folder, nobody);
    expect(ordinary.ready.user).toBe('self');
    expect(statSync(join(folder, 'postgresql')).uid).toBe(nobody.uid);
    const root = await startStoreUser(folder);
    expect(root.ready.since).toBe(ordinary.ready.since);
    expect(await ordinary.leave()).toBe(false);
    expect(await root.leave()).toBe(true);
  });

  test('an ordinary user is told when the folder belongs to somebody else', async () => {
    const root = await startStoreUser(folder);
    await expect(startStoreUser(folder, nobody)).rejects.toThrow(/belongs to somebody else.*DATA_DIR/);
    expect(await root.leave()).toBe(true);
  });

  test('a folder that the dropped user cannot reach: data and programs go to the shared one, and the log names it', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    const sharedFolder = join(folder, 'shared');
    const first = await startStoreUser(join(locked, 'data'), { sharedFolder });
    expect(first.ready.cluster).toMatch(new RegExp(`^${sharedFolder}/data-[0-9a-f]{12}/postgresql$`));
    expect(first.ready.log).toContain(`both are in ${sharedFolder}`);
    const second = await startStoreUser(join(locked, 'data'), { sharedFolder });
    expect(second.ready.since).toBe(first.ready.since);
    expect(await first.leave()).toBe(false);
    expect(await second.leave()).toBe(true);
  });
});

test('programs whose library links are missing in a read-only place are copied, links and all', async () => {
  const { readyBinaries } = await import('../../../src/store/embedded-binaries.ts');
  const found = await findBinaries();
  const root = join(folder, 'package', 'native');
  cpSync(found.root, root, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(root, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  for (const { target } of links) rmSync(join(root, '..', target), { force: true });
  const ready = await readyBinaries({ ...found, root }, { name: 'self', ids: undefined }, join(folder, 'copies'));
  expect(
    links.every(({ target }) =>
      existsSync(join(ready.root, '..', target.replace('native', ready.root.split('/').at(-1) ?? ''))),
    ),
  ).toBe(true);
});
