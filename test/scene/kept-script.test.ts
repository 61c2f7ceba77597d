import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const module = new URL('../../src/scene/kept-script.ts', import.meta.url).href;
const folders: string[] = [];
let folder = '';
let script = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-kept-script-'));
  folders.push(folder);
  script = join(folder, 'numbers.js');
  write('1');
});
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

/** Functions that V8 compiles only when they are called. */
const write = (answer: string): void => {
  const functions = Array.from({ length: 50 }, (_, at) => `function f${at}(a){return a+${at}}`);
  writeFileSync(script, `${functions.join('\n')}\nglobalThis.answer = () => f49(${answer});`);
};

/** What the script answers in a process of its own that uses it for these things. */
function answered(uses: readonly number[], env: Record<string, string> = {}): string {
  const code = `
    const { runKeptScript } = await import(${JSON.stringify(module)});
    const uses = new Set();
    runKeptScript(${JSON.stringify(script)}, uses);
    let answer = 'none';
    for (const use of ${JSON.stringify(uses)}) {
      answer = globalThis.answer();
      uses.add(use);
    }
    process.stdout.write(String(answer));
    process.exit(0);
  `;
  const { NODE_DISABLE_COMPILE_CACHE: _, ...rest } = process.env;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { ...rest, NODE_COMPILE_CACHE: join(folder, 'cache'), ...env },
  });
}

/** The kept files, by name. */
function kept(): Map<string, Buffer> {
  const cache = join(folder, 'cache');
  const paths = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('numbers.js'));
  return new Map(paths.map((path) => [join(cache, path), readFileSync(join(cache, path))]));
}

describe('a kept script', () => {
  it('is kept with the functions that were called, and stays as it is when it is used for nothing new', () => {
    expect(answered([])).toBe('none');
    const [unused] = kept().values();
    expect(answered([7, 8, 9])).toBe('50');
    const [used] = kept().values();
    expect(used?.length).toBeGreaterThan(unused?.length ?? Infinity);
    expect(answered([9, 7])).toBe('50');
    expect([...kept().values()]).toEqual([used]);
    expect(answered([10])).toBe('50');
    const [more] = kept().values();
    // One use more, of four bytes.
    expect(more?.readUInt32LE(4)).toBe(4);
    expect(more?.length).toBeGreaterThanOrEqual((used?.length ?? Infinity) + 4);
  });

  it('is not taken for another script of the same length', () => {
    expect(answered([7])).toBe('50');
    write('2');
    expect(answered([7])).toBe('51');
    expect(kept().size).toBe(2);
  });

  it('is made anew where what is kept is damaged or for another V8', () => {
    answered([7]);
    const [[file, whole] = ['', Buffer.alloc(0)]] = kept();
    writeFileSync(file, whole.subarray(0, whole.length - 100));
    expect(answered([7])).toBe('50');
    expect(kept().get(file)?.length).toBe(whole.length);
    const damaged = Buffer.from(whole);
    damaged[whole.length >> 1] = (damaged[whole.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(file, damaged);
    expect(answered([7])).toBe('50');
    expect(kept().get(file)).not.toEqual(damaged);
  });

  it('is not kept without a compile cache', () => {
    expect(answered([7], { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('50');
    expect(() => kept()).toThrow('ENOENT');
  });
});
