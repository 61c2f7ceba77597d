import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./outputs-once.ts', import.meta.url));
const PAGES = ['weekly-sales', 'numbers', 'script-mixed', 'stock-list-zh', 'heat-maps', 'pictures'];

/** The digests of all files of the pages, drawn by a process of its own in the order given; sorted. */
async function digests(pages: readonly string[], settings: Readonly<Record<string, string>>): Promise<string[]> {
  const env = { PATH: process.env.PATH, ...settings };
  const child = spawn(process.execPath, [SCRIPT, ...pages], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let lines = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return lines.trim().split('\n').sort();
}

test('every format of a report is the same bytes in two processes, whatever was drawn before and wherever they run', async () => {
  const [here, elsewhere] = await Promise.all([
    digests(PAGES, { TZ: 'UTC', LANG: 'C' }),
    digests(PAGES.toReversed(), { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }),
  ]);
  expect(here).toHaveLength(PAGES.length * 5);
  expect(elsewhere).toEqual(here);
}, 180_000);
