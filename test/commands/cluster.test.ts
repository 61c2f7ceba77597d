import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { runCommand } from '../harness/serve-process.ts';

const LOGIN = `lookout_${randomBytes(4).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-cluster-'));
let database: TestDatabase;
let url: string;

beforeAll(async () => {
  database = await testDatabase();
  await database.sql.unsafe(`create role ${LOGIN} login password 'hunter2'`);
  const watched = new URL(database.url);
  watched.username = LOGIN;
  watched.password = 'hunter2';
  url = watched.href;
});
afterAll(async () => {
  await database.sql.unsafe(`drop role ${LOGIN}`);
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const cluster = (...args: string[]) =>
  runCommand(['cluster', ...args], { DATABASE_URL: database.url, DATA_DIR: folder, LOG_LEVEL: 'silent' });

test('add looks at the server, says which rights are missing and what they would add, and hides the password', async () => {
  const { code, stdout, stderr } = await cluster('add', 'main', url);
  expect(code).toBe(0);
  expect(stderr).toContain(`the login ${LOGIN} is not a member of pg_monitor: without it the report lacks statements`);
  expect(stderr).toContain(`GRANT pg_monitor TO "${LOGIN}"`);
  expect(stdout + stderr).not.toContain('hunter2');
  const added = JSON.parse(stdout);
  expect(added).toMatchObject({ name: 'main', interval: '1 * * * *', check: { login: LOGIN } });
  expect(added.check.advice.map((one: { name: string }) => one.name)).toContain('pg_monitor');
  const again = await cluster('add', 'main', url);
  expect(again).toMatchObject({ code: 2, stderr: 'broadsheet: cluster name is already taken\n' });
}, 180_000);

test('list, check and remove name it; what is not there is said', async () => {
  const listed = JSON.parse((await cluster('list')).stdout);
  expect(listed).toMatchObject([{ name: 'main', status: 'RUNNING', kind: 'POSTGRESQL' }]);
  expect(JSON.stringify(listed)).not.toContain('hunter2');
  expect(listed[0]).not.toHaveProperty('urlSealed');
  const check = await cluster('check', 'main');
  expect(check.code).toBe(3);
  expect(JSON.parse(check.stdout)).toMatchObject({ login: LOGIN });
  expect(JSON.parse((await cluster('snapshot', 'main')).stdout)).toHaveProperty('taskId');
  expect(await cluster('remove', 'main')).toMatchObject({ code: 0 });
  expect(await cluster('check', 'main')).toMatchObject({ code: 2, stderr: 'broadsheet: there is no cluster "main"\n' });
  expect(JSON.parse((await cluster('list')).stdout)).toEqual([]);
}, 180_000);

test('a server that does not answer is not added, unless it is told not to look', async () => {
  const away = 'postgres://m:hunter2@127.0.0.1:1/app';
  const refused = await cluster('add', 'away', away);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toMatch(/^broadsheet: .*(refused|connect)/i);
  expect(refused.stderr).not.toContain('hunter2');
  expect(JSON.parse((await cluster('list')).stdout)).toEqual([]);
  expect(await cluster('add', 'away', away, '--no-check', '--interval', '*/5 * * * *')).toMatchObject({ code: 0 });
  const wrong = [
    await cluster('add', 'other', 'mysql://m@127.0.0.1/app'),
    await cluster('add', 'other', away, '--no-check', '--interval', 'every hour'),
  ];
  expect(wrong.map(({ code }) => code)).toEqual([2, 2]);
  expect(wrong[1]?.stderr).toBe('broadsheet: captureInterval: not a cron interval of five fields\n');
}, 180_000);
