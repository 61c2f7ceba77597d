import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keyFileIsOpen, loadSecretKey } from '../../src/store/secret-key.ts';
import { testConfig } from '../harness/context.ts';

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('processes that make the key file at once all get the same key, and nobody else may read it', async () => {
  const config = testConfig({ DATA_DIR: join(folder, 'many') });
  const keys = await Promise.all(Array.from({ length: 12 }, () => loadSecretKey(config)));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(keys[0]?.length).toBe(32);
  expect(readdirSync(join(folder, 'many'))).toEqual(['secret.key']);
  expect(statSync(join(folder, 'many', 'secret.key')).mode & 0o777).toBe(0o600);
  expect(await keyFileIsOpen(join(folder, 'many', 'secret.key'))).toBe(false);
  expect(await loadSecretKey(config)).toEqual(keys[0]);
});

test('the environment wins over the file', async () => {
  const key = 'ab'.repeat(32);
  const loaded = await loadSecretKey(testConfig({ SECRET_KEY: key, DATA_DIR: join(folder, 'none') }));
  expect(loaded.toString('hex')).toBe(key);
});

test('a damaged or unreachable key file is refused by name, without its content', async () => {
  const damaged = join(folder, 'damaged.key');
  writeFileSync(damaged, 'not a key');
  await expect(loadSecretKey(testConfig({ SECRET_KEY_FILE: damaged }))).rejects.toThrow(
    `the key file ${damaged} does not hold 64 hex digits`,
  );
  await expect(loadSecretKey(testConfig({ SECRET_KEY_FILE: join(damaged, 'below') }))).rejects.toMatchObject({
    code: 'unavailable',
  });
});
