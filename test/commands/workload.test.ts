import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusters } from '../../src/store/schema/fleet.ts';
import { testCtx } from '../harness/context.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { prepareSnapshot } from '../harness/prepared-snapshots.ts';
import { runCommand } from '../harness/serve-process.ts';
import { until } from '../tasks/engine.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-workload-'));
const file = (name: string): string => join(folder, name);
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = () => ({ DATABASE_URL: database.url, DATA_DIR: folder, LOG_LEVEL: 'silent' });
const workload = (...args: string[]) => runCommand(['workload', ...args], settings());

describe('broadsheet workload of a server without set-up', () => {
  test('watches it for a while and prints what it did', async () => {
    const files = [file('a.pdf'), file('a.html'), file('a.xlsx'), file('a.csv')] as const;
    const outputs = files.flatMap((name) => ['-o', name]);
    const watching = workload('--source', database.url, '--for', '2s', ...outputs);
    const { code, stdout, stderr } = await watching;
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
    const told = JSON.parse(stdout);
    expect(Date.parse(told.to) - Date.parse(told.from)).toBeGreaterThanOrEqual(2000);
    expect(told.missing).toContainEqual(expect.objectContaining({ view: 'statements' }));
    // Several CSV files are an archive, whatever it was to be called.
    expect(told.files).toMatchObject([
      { file: files[0] },
      { file: files[1] },
      { file: files[2] },
      { file: file('a.zip') },
    ]);
    for (const name of [files[2], file('a.zip')]) expect(readFileSync(name).subarray(0, 2).toString()).toBe('PK');
    expect(readFileSync(files[0]).subarray(0, 5).toString()).toBe('%PDF-');
    expect(readFileSync(files[1], 'utf8')).toContain('Load profile');
  }, 180_000);

  test('ends at Ctrl-C, without a file', async () => {
    const args = ['workload', '--source', database.url, '--for', '10m', '-o', file('canceled.pdf')];
    const env = { PATH: process.env.PATH, ...settings() };
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    const samplers = () => database.sql`select 1 from pg_stat_activity where application_name = 'broadsheet sampler'
      and datname = current_database()`;
    await until(samplers, (rows) => rows.length === 1, 60_000);
    child.kill('SIGINT');
    const ended = Date.now();
    await once(child, 'close');
    expect(Date.now() - ended).toBeLessThan(5000);
    expect(child.exitCode).toBe(4);
    expect(told).toBe('broadsheet: watching was canceled\n');
    expect(existsSync(file('canceled.pdf'))).toBe(false);
    await until(samplers, (rows) => rows.length === 0);
  }, 180_000);

  test('says what is wrong before it watches', async () => {
    const away = ['--source', 'postgres://m:hunter2@127.0.0.1:1/app', '--for', '1h'];
    const cases = [
      { args: [...away, '-o', file('b.pdf')], code: 4, says: '127.0.0.1' },
      {
        args: ['--source', 'mysql://m:hunter2@h/app', '-o', file('b.pdf')],
        code: 2,
        says: 'it must begin with postgres://',
      },
      { args: [...away, '--cluster', 'main', '-o', file('b.pdf')], code: 2, says: 'name either --cluster or --source' },
      { args: [...away, '-o', '/no/such/folder/b.pdf'], code: 2, says: '/no/such/folder/b.pdf cannot be written' },
      {
        args: [...away, '--sections', 'load-profile,lode', '-o', file('b.pdf')],
        code: 2,
        says: 'no section lode; there',
      },
      { args: ['--source', 'postgres://m@h/a', '--for', '2d', '-o', file('b.pdf')], code: 2, says: 'at most 24h' },
      {
        args: ['--source', 'postgres://m@h/a', '--for', 'long', '-o', file('b.pdf')],
        code: 2,
        says: 'a duration like',
      },
    ];
    for (const { args, code, says } of cases) {
      const ended = await workload(...args);
      expect({ args, code: ended.code, stderr: ended.stderr }).toMatchObject({
        code,
        stderr: expect.stringContaining(says),
      });
      expect(ended.stderr).not.toContain('hunter2');
    }
    expect(existsSync(file('b.pdf'))).toBe(false);
  }, 180_000);
});

describe('broadsheet workload of a watched cluster', () => {
  test('prints its last hours up to the newest snapshot, and says where there are none', async () => {
    const url = 'postgres://m@127.0.0.1:1/app';
    const added = await runCommand(['cluster', 'add', 'main', url, '--no-check'], settings());
    expect(added.code, added.stderr).toBe(0);
    const nothing = await workload('--cluster', 'main', '--last', '2h', '-o', file('c.pdf'));
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('has no two snapshots in the period') });
    const [cluster] = await database.db.select().from(clusters).where(eq(clusters.name, 'main'));
    const ctx = testCtx({ db: database.db, clock: database.clock });
    const now = Date.now();
    for (const hours of [4, 3, 2.5, 1.5, 0.5]) {
      const at = new Date(now - hours * 3_600_000);
      await prepareSnapshot(ctx, { clusterId: cluster?.id ?? 0, at, commits: Math.round(-hours * 1000) + 9000 });
    }
    const printed = await workload('--cluster', 'main', '--last', '2h', '-o', file('c.pdf'), '-o', file('c.html'));
    expect(printed.code, printed.stderr).toBe(0);
    const { from, to } = JSON.parse(printed.stdout);
    expect([from, to].map((instant) => now - Date.parse(instant))).toEqual([2.5 * 3_600_000, 0.5 * 3_600_000]);
    expect(await workload('--cluster', 'other', '-o', file('d.pdf'))).toMatchObject({
      code: 2,
      stderr: 'broadsheet: there is no cluster "other"\n',
    });
  }, 180_000);
});
