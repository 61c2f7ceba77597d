import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextMark } from '../../src/scene/scene.ts';
import { needs } from '../harness/needs.ts';
import { onFile, print, sceneOf } from '../print/printing.ts';
import { busyReport } from '../print/reports.ts';
import { type Verdict, validate } from '../verapdf/validate.ts';
import { changedScene, printScene } from './changed-scene.ts';
import { gallery } from './gallery.ts';
import { lostWords, unreadTexts } from './printed-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-gallery-'));
const fileOf = (name: string): string => join(folder, `${name}.pdf`);
const named = gallery.map((page) => [page.name, page] as const);

/** The whole gallery, printed by another process as people print it. */
beforeAll(() => {
  const script = fileURLToPath(new URL('./write-gallery.ts', import.meta.url));
  execFileSync(process.execPath, [script, '--no-pictures', folder], { stdio: 'ignore', timeout: 180_000 });
}, 200_000);

afterAll(() => rmSync(folder, { recursive: true }));

const lineOf = ({ line }: TextMark, text: string): TextMark['line'] => ({
  ...line,
  runs: line.runs.map((run) => ({ ...run, text })),
});

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('every page of the gallery', () => {
  test('has a name of its own', () => {
    expect(new Set(gallery.map(({ name }) => name)).size).toBe(gallery.length);
    for (const { name } of gallery) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test.each(named)('is the same bytes in two processes, and breaks nothing: %s', async (name, page) => {
    const { bytes, defects, definitionWarnings } = await print(page.report());
    expect(sha(readFileSync(fileOf(name)))).toBe(sha(bytes));
    expect(defects).toEqual([]);
    expect(definitionWarnings).toEqual([]);
  });
});

needs(
  'pdftotext',
  'qpdf',
  'pdffonts',
)('every page of the gallery, read back', () => {
  test.each(named)('every heading, cell and label is found: %s', async (name, page) => {
    const bytes = readFileSync(fileOf(name));
    expect(unreadTexts(await sceneOf(page.report()), bytes)).toEqual([]);
    expect(lostWords(page.report(), bytes)).toEqual([]);
  });

  test('a label that is not printed is reported', async () => {
    const { bytes } = await print(busyReport());
    const other = changedScene(await sceneOf(busyReport()), {
      text: (mark, text) => (text === 'Connections' ? { ...mark, line: lineOf(mark, 'Disconnections') } : mark),
    });
    expect(unreadTexts(other, bytes)).toEqual(['page 1: Disconnections']);
    expect(lostWords({ widgets: [{ id: 'w', kind: 'text', name: 'Connections elsewhere' }] }, bytes)).toEqual([
      'elsewhere',
    ]);
  });

  test.each(named)('the file is sound, its fonts are embedded and no page is empty: %s', (name) => {
    const bytes = readFileSync(fileOf(name));
    expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors');
    const fonts = onFile(bytes, 'pdffonts', 'FILE').trim().split('\n').slice(2);
    expect(fonts).not.toEqual([]);
    for (const line of fonts) expect(line).toMatch(/Identity-H\s+yes yes yes/);
    const pages = onFile(bytes, 'pdftotext', 'FILE', '-').split('\f').slice(0, -1);
    expect(pages).toHaveLength(Number(/Pages:\s+(\d+)/.exec(onFile(bytes, 'pdfinfo', 'FILE'))?.[1]));
    for (const text of pages) expect(text.trim()).not.toBe('');
  });
});

needs('verapdf')('PDF/UA-1, as veraPDF checks it', () => {
  const planted = fileOf('a-figure-without-words');
  let verdicts: readonly Verdict[] = [];

  beforeAll(async () => {
    const withoutWords = changedScene(await sceneOf(busyReport()), {
      piece: ({ alt, ...piece }) => (piece.tag === 'Figure' || alt === undefined ? piece : { ...piece, alt }),
    });
    writeFileSync(planted, await printScene(withoutWords));
    verdicts = validate([...gallery.map(({ name }) => fileOf(name)), planted]);
  }, 300_000);

  test.each(named)('passes: %s', (name) => {
    const verdict = verdicts.find(({ file }) => file === fileOf(name));
    expect(verdict?.checks).toBeGreaterThan(100);
    expect(verdict?.broken).toEqual([]);
  });

  test('a figure without alternative text is reported', () => {
    expect(verdicts.at(-1)?.broken.join()).toMatch(/^7\.3-1 /);
  });
});
