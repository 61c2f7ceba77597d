import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PdfCanvas } from '../../src/print/canvas-context.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { systemFontPaths } from '../../src/scene/system-fonts.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import { needs } from '../harness/needs.ts';
import { drawnPage } from '../print/blank-pdf.ts';
import { onFile, wordBoxes } from '../print/printing.ts';

const packages = createRequire(import.meta.url);
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/fonts/${name}`, import.meta.url));
const mono = packages.resolve('@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf');
const math = '@fontsource/noto-sans-math/files/noto-sans-math-latin-400-normal';
let folder = '';

/** Runic and Lycian letters, which no packaged font has, stand in these fonts for Latin ones. */
const RUNIC = '\u16a0\u16a1\u16a2';
const LYCIAN = '\u{10280}\u{10281}\u{10282}';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-fonts-'));
  copyFileSync(fixture('FixtureCff-Regular.otf'), join(folder, 'a-cff.otf'));
  copyFileSync(fixture('FixtureVariable-Regular.ttf'), join(folder, 'b-variable.TTF'));
  copyFileSync(mono, join(folder, 'c-mono.ttf'));
  copyFileSync(packages.resolve(`${math}.woff`), join(folder, 'd-math.woff'));
  copyFileSync(packages.resolve(`${math}.woff2`), join(folder, 'e-math.woff2'));
  writeFileSync(join(folder, 'f-broken.ttf'), Buffer.alloc(5000, 7));
  writeFileSync(join(folder, 'g-broken.woff'), Buffer.concat([Buffer.from('wOFF'), Buffer.alloc(200, 255)]));
  writeFileSync(join(folder, 'h-empty.otf'), '');
  writeFileSync(join(folder, 'notes.txt'), 'no font');
  mkdirSync(join(folder, 'i-folder.ttf'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a folder of fonts', () => {
  it('gives faces by family and by PostScript name, whatever lies beside them', () => {
    const fonts = createFontRegistry({ fontDir: folder });
    expect(fonts.face({ family: 'Fixture Cff' }).name).toBe('FixtureCff-Regular');
    expect(fonts.named('FixtureVariable-Regular')?.family).toBe('Fixture Variable');
    expect(fonts.face({ family: 'NotoSansMath-Regular' }).family).toBe('Noto Sans Math');
    expect(fonts.named('OpenSans-Bold')?.weight).toBe(700);
  });

  it('is asked for characters that no packaged font has', () => {
    const fonts = createFontRegistry({ fontDir: folder });
    const runs = fonts.runs(`a${RUNIC}b${LYCIAN}`, fonts.face());
    expect(runs.map(({ face }) => face.name)).toEqual([
      'OpenSans-Regular',
      'FixtureCff-Regular',
      'OpenSans-Regular',
      'FixtureVariable-Regular',
    ]);
    expect(fonts.missing()).toEqual([]);
    const without = createFontRegistry();
    expect(without.runs(RUNIC, without.face())).toMatchObject([{ text: RUNIC, drawn: '\ufffd\ufffd\ufffd' }]);
    expect(without.missing()).toEqual([0x16a0, 0x16a1, 0x16a2]);
  });

  it('that cannot be read stops the start', () => {
    expect(() => createTypesetter({ fontDir: join(folder, 'no-such-folder') })).toThrow(/cannot be read/);
    expect(() => createTypesetter({ fontDir: mono })).toThrow(/cannot be read/);
  });
});

describe('the fonts of the machine', () => {
  it('are found below folders, in order of path, to a depth', () => {
    const root = mkdtempSync(join(tmpdir(), 'broadsheet-system-'));
    const deep = join(root, 'z', 'y', 'x', 'w', 'v', 'u', 't');
    mkdirSync(deep, { recursive: true });
    mkdirSync(join(root, 'closed'));
    for (const path of ['b.ttf', 'a.otf', 'z/c.ttc', 'readme.md', 'closed/d.ttf']) {
      writeFileSync(join(root, path), 'x');
    }
    writeFileSync(join(deep, 'e.ttf'), 'x');
    chmodSync(join(root, 'closed'), 0);
    const found = systemFontPaths([root, join(root, 'not-there')]).map(({ path }) => path);
    chmodSync(join(root, 'closed'), 0o700);
    rmSync(root, { recursive: true });
    const own = found.filter((path) => !path.includes('closed'));
    expect(own).toEqual(['a.otf', 'b.ttf', 'z/c.ttc'].map((path) => join(root, path)));
  });

  it('are left alone unless they are asked for', () => {
    const fonts = createFontRegistry();
    fonts.runs('\u{10330}\u{12000}\u16a0', fonts.face());
    expect(fonts.missing()).toEqual([0x10330, 0x12000, 0x16a0]);
  });
});

needs(
  'pdftotext',
  'qpdf',
  'pdffonts',
)('fonts of all formats on paper', () => {
  it('are embedded as subsets, and read back, as wide as they were measured', async () => {
    const fonts = createFontRegistry({ fontDir: folder });
    const { bytes } = await drawnPage((pdf) => {
      const canvas = new PdfCanvas(pdf, fonts, [1, 0, 0, 1, 0, 0]);
      canvas.font = '20px Open Sans';
      for (const [row, text] of [RUNIC, LYCIAN].entries()) canvas.fillText(text, 40, 40 + row * 40);
      canvas.font = '20px Fixture Cff';
      canvas.fillText('AVATAR', 40, 120);
      canvas.font = '20px Noto Sans Math';
      canvas.fillText('Fixture', 40, 160);
      canvas.finish();
    });
    expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors');
    const words = wordBoxes(bytes);
    expect(words.map(({ text }) => text)).toEqual([RUNIC, LYCIAN, 'AVATAR', 'Fixture']);
    const widths = [
      fonts.width(RUNIC, fonts.face(), 20),
      fonts.width(LYCIAN, fonts.face(), 20),
      fonts.width('AVATAR', fonts.face({ family: 'Fixture Cff' }), 20),
      fonts.width('Fixture', fonts.face({ family: 'Noto Sans Math' }), 20),
    ];
    for (const [index, word] of words.entries()) expect(word.x2 - word.x1).toBeCloseTo(widths[index] ?? 0, 1);
    const embedded = onFile(bytes, 'pdffonts', 'FILE').split('\n').slice(2).filter(Boolean);
    expect(embedded).toHaveLength(3);
    for (const line of embedded) expect(line).toMatch(/^[A-Z]{6}\+.* yes yes yes /);
  });
});
