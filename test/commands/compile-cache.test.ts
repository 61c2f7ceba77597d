import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const module = new URL('../../src/commands/compile-cache.ts', import.meta.url).href;
let folder = '';

/** The folder that a process of its own then uses, and what its threads would; empty = none. */
function chosen(folders: readonly string[], env: Record<string, string> = {}): string {
  const script = `
    import { getCompileCacheDir } from 'node:module';
    const { useCompileCache } = await import(${JSON.stringify(module)});
    useCompileCache(${JSON.stringify(folders)});
    const dir = getCompileCacheDir() ?? '';
    if (dir !== '' && !dir.startsWith(process.env.NODE_COMPILE_CACHE)) throw new Error('threads use another');
    process.stdout.write(dir);
  `;
  const { NODE_COMPILE_CACHE: _, ...rest } = process.env;
  const args = ['--input-type=module', '-e', script];
  return execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...rest, ...env } });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-cache-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the compile cache', () => {
  it('lies in a folder made for this user alone', () => {
    const own = join(folder, 'new', 'own');
    expect(chosen([own])).toContain(own);
    expect(lstatSync(own).mode & 0o777).toBe(0o700);
  });

  it('is never in a folder that others can write to, nor behind a link', () => {
    const [open, link, own] = [join(folder, 'open'), join(folder, 'link'), join(folder, 'second')];
    mkdirSync(open);
    chmodSync(open, 0o777);
    symlinkSync(open, link);
    expect(chosen([open, link])).toBe('');
    expect(chosen([open, link, own])).toContain(own);
  });

  it('is done without where no folder can be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(chosen([join(file, 'below')])).toBe('');
  });

  it('heeds Node’s own variables', () => {
    const [named, other] = [join(folder, 'named'), join(folder, 'other')];
    expect(chosen([other], { NODE_COMPILE_CACHE: named })).toContain(named);
    expect(chosen([other], { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('');
  });
});
