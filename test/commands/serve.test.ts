import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { runCommand, startServe } from '../harness/serve-process.ts';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-serve-'));
const settings = (): Record<string, string> => ({ DATABASE_URL: database.url, DATA_DIR: folder });
beforeAll(async () => {
  database = await testDatabase({ empty: true });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('four replicas start at once on an empty database, serve, and end at SIGTERM with 0', async () => {
  const replicas = await Promise.all([1, 2, 3, 4].map(() => startServe(settings())));
  for (const replica of replicas) {
    const response = await fetch(`${replica.started.url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([200, { ready: true }]);
  }
  expect(await Promise.all(replicas.map((replica) => replica.stop()))).toEqual([0, 0, 0, 0]);
  const stderr = replicas.map((replica) => replica.log()).join('');
  for (const line of stderr.split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('msg');
});

test('healthcheck tells a serving process from none', async () => {
  const replica = await startServe(settings());
  const { port } = new URL(replica.started.url);
  expect(await runCommand(['healthcheck'], { PORT: port })).toMatchObject({ code: 0, stderr: '' });
  await replica.stop();
  const after = await runCommand(['healthcheck'], { PORT: port });
  expect(after.code).toBe(4);
  expect(JSON.parse(after.stdout)).toMatchObject({ ready: false });
});

test('a taken port is told in one line with the way out, and the exit code says that a retry may help', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const result = await runCommand(['serve'], { ...settings(), PORT: String(port), LOG_LEVEL: 'silent' });
  other.close();
  expect(result.code).toBe(4);
  expect(result.stdout).toBe('');
  expect(result.stderr).toBe(
    `broadsheet: cannot listen on 127.0.0.1 port ${port}: it is in use; set HOST and PORT to others\n`,
  );
});

test('config prints what was understood, and no secret', async () => {
  const result = await runCommand(['config'], {
    SECRET_KEY: 'ab'.repeat(32),
    DATABASE_URL: 'postgres://me:hunter2@db/x?password=hunter2',
    SMTP_URL: 'smtp://me:hunter2@relay',
    INSTANCE_IDS: '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9',
  });
  expect(result.code).toBe(0);
  expect(result.stdout).not.toMatch(/hunter2|abab/);
  expect(JSON.parse(result.stdout)).toMatchObject({
    SECRET_KEY: '***',
    DATABASE_URL: 'postgres://me:***@db/x?password=***',
    SMTP_URL: 'smtp://me:***@relay',
    INSTANCE_IDS: ['868cf2e9-bd6d-4bac-96ba-2b08120d8cf9'],
  });
});

test.each([
  ['a wrong setting, by its name', ['config'], { PORT: 'http' }, /^broadsheet: configuration: PORT: /],
  ['an unknown command', ['sreve'], {}, /unknown command 'sreve'/],
  ['an unknown option', ['serve', '--fast'], {}, /unknown option '--fast'/],
])('usage errors end with 2: %s', async (_, args, env, text) => {
  const result = await runCommand(args, env);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(text);
});

test('a mail setting found wrong once the store is open ends the process too', async () => {
  const result = await runCommand(['serve'], { ...settings(), SMTP_URL: 'smtp://u:p@localhost?x=1' });
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/SMTP_URL/);
});

test('doctor finds a healthy service well, and names what is wrong with the way out', async () => {
  const healthy = await runCommand(['doctor'], settings());
  const report = JSON.parse(healthy.stdout) as { healthy: boolean; findings: { name: string; state: string }[] };
  expect(report.findings.filter((finding) => finding.state === 'fail')).toEqual([]);
  expect([healthy.code, report.healthy]).toEqual([0, true]);
  const names = report.findings.map((finding) => finding.name);
  expect(names).toEqual(['node', 'data folder', 'secret key', 'database', 'migrations', 'mail', 'fonts', 'links']);

  const ill = await runCommand(['doctor'], {
    DATA_DIR: folder,
    DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x',
    SMTP_URL: 'smtp://127.0.0.1:1',
    FONT_DIR: join(folder, 'no-such-folder'),
  });
  expect(ill.code).toBe(4);
  expect(ill.stdout + ill.stderr).not.toContain('hunter2');
  expect(JSON.parse(ill.stdout)).toMatchObject({
    healthy: false,
    findings: expect.arrayContaining(
      ['database', 'mail', 'fonts'].map((name) =>
        expect.objectContaining({ name, state: 'fail', wayOut: expect.any(String) }),
      ),
    ),
  });
});
