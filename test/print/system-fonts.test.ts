import {
  chmodSync,
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import { needs } from '../harness/needs.ts';
import { collectionOf, withDamaged, withPermissions, withWeight } from '../scene/made-fonts.ts';
import { drawingFor, onFile, textOf, wordBoxes } from './printing.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/fonts/${name}`, import.meta.url));
const mono = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf',
);
const cff = readFileSync(fixture('FixtureCff-Regular.otf'));
const glyf = readFileSync(fixture('FixtureVariable-Regular.ttf'));
/** No packaged font has these letters: the first are in the CFF font, the others in the one with TrueType outlines. */
const RUNIC = '\u16a0\u16a1\u16a2';
const LYCIAN = '\u{10280}\u{10281}\u{10282}';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-system-fonts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A page with both scripts on a machine whose fonts are those of the folder. */
async function printed(font: string | null = null, fontDir: string | null = null) {
  const drawing = await drawingFor({
    name: `Runes ${RUNIC}`,
    widgets: [
      { id: 'text', kind: 'text', name: 'Names', settings: { text: `Runic **${RUNIC}** and Lycian ${LYCIAN} ends.` } },
    ],
    settings: { style: { font } },
  });
  const typesetter = createTypesetter({ fontDir, systemFonts: [folder] });
  const { files, warnings, defects } = await drawDocument(drawing, {
    typesetter,
    signal: new AbortController().signal,
  });
  expect(defects).toEqual([]);
  return { bytes: files[0]?.bytes ?? new Uint8Array(), warnings, fonts: typesetter.fonts };
}

const codesOf = (warnings: readonly { code: string }[]): string[] => warnings.map(({ code }) => code);

needs(
  'pdftotext',
  'qpdf',
  'pdffonts',
)('a page of scripts that only fonts of the machine have', () => {
  const embedded = (bytes: Uint8Array): string[] => onFile(bytes, 'pdffonts', 'FILE').split('\n').slice(2);

  it.each([
    ['.ttf and .otf', { 'a/one.otf': cff, 'b/two.ttf': glyf }],
    ['a collection, its later fonts too', { 'all.ttc': collectionOf([readFileSync(mono), cff, glyf]) }],
  ])('is whole with %s', async (_, files) => {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const { bytes, warnings, fonts } = await printed();
    expect(warnings).toEqual([]);
    expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors');
    expect(textOf(bytes)).toContain(`Runic ${RUNIC} and Lycian ${LYCIAN} ends.`);
    const found = embedded(bytes).filter((line) => /Fixture/.test(line));
    expect(found).toHaveLength(2);
    for (const line of found) expect(line).toMatch(/^[A-Z]{6}\+Fixture(Cff|Variable)-Regular .* yes yes yes /);
    const runic = wordBoxes(bytes).find(({ text }) => text === RUNIC);
    const sizes = [22, 9].map((size) => fonts.width(RUNIC, fonts.face({ weight: 700 }), size));
    const width = (runic?.x2 ?? 0) - (runic?.x1 ?? 0);
    expect(Math.min(...sizes.map((size) => Math.abs(size - width)))).toBeLessThan(0.1);
  });

  it('embeds only what is drawn of them', async () => {
    copyFileSync(mono, join(folder, 'mono.ttf'));
    writeFileSync(join(folder, 'all.ttc'), collectionOf([readFileSync(mono), cff, glyf]));
    const { bytes } = await printed();
    // The collection has half a megabyte.
    expect(bytes.length).toBeLessThan(60_000);
  });

  it('is set in the nearest weight of a family, not in its first file', () => {
    writeFileSync(join(folder, 'a-black.otf'), withWeight(cff, 900));
    writeFileSync(join(folder, 'b-regular.otf'), cff);
    const fonts = createFontRegistry({ systemFonts: [folder] });
    const [run] = fonts.runs(RUNIC, fonts.face());
    expect(run?.face.weight).toBe(400);
    const [bold] = fonts.runs(RUNIC, fonts.face({ weight: 800 }));
    expect(bold?.face.weight).toBe(900);
    // Both call themselves the same, and PDFKit knows fonts by name.
    expect(bold?.face.name).not.toBe(run?.face.name);
  });
});

describe('font files that are no use', () => {
  it.each([
    ['is cut short', cff.subarray(0, cff.length - 300), 'damaged: cut short'],
    ['has broken outlines', withDamaged(cff, 'CFF '), 'damaged'],
    ['has no readable letters', withDamaged(glyf, 'cmap'), 'damaged, or no font'],
    ['is no font', Buffer.alloc(5000, 7), 'damaged, or no font'],
    ['is empty', Buffer.alloc(0), 'empty'],
    ['must not be embedded', withPermissions(cff, 2), 'its licence forbids embedding'],
    ['must be embedded whole', withPermissions(cff, 0x104), 'its licence forbids embedding in part'],
    ['may be shown as pictures', withPermissions(cff, 0x200), 'its licence allows pictures of it only'],
  ])('a file that %s is a warning', async (_, bytes, reason) => {
    writeFileSync(join(folder, 'bad.otf'), bytes);
    writeFileSync(join(folder, 'good.ttf'), glyf);
    const { warnings } = await printed();
    expect(warnings).toEqual([
      { code: 'missing_glyph', message: 'no font has U+16A0, U+16A1, U+16A2' },
      { code: 'font_file', message: `font files not used: bad.otf (${reason})` },
    ]);
  });

  it('a file of 50 MB is too large for a font of the machine, not for the user’s', async () => {
    for (const name of ['big.otf', 'user/big.otf']) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), cff);
      const file = openSync(join(folder, name), 'r+');
      ftruncateSync(file, 50 * 1024 * 1024);
      closeSync(file);
    }
    writeFileSync(join(folder, 'good.ttf'), glyf);
    const { warnings } = await printed();
    expect(warnings.map(({ message }) => message)).toEqual([
      'no font has U+16A0, U+16A1, U+16A2',
      'font files not used: big.otf (larger than 32 MB), big.otf (larger than 32 MB)',
    ]);
    expect((await printed(null, join(folder, 'user'))).warnings).toEqual([]);
  });

  it('a link to nothing, and what may not be read', async () => {
    symlinkSync(join(folder, 'nowhere.ttf'), join(folder, 'link.ttf'));
    mkdirSync(join(folder, 'closed'));
    writeFileSync(join(folder, 'closed', 'one.otf'), cff);
    chmodSync(join(folder, 'closed'), 0);
    const { warnings } = await printed();
    chmodSync(join(folder, 'closed'), 0o700);
    // The administrator reads everything.
    const isRoot = process.getuid?.() === 0;
    expect(warnings[1]?.message).toContain('link.ttf (cannot be read)');
    expect(warnings[1]?.message.includes('closed (the folder cannot be read)')).toBe(!isRoot);
  });

  it('a font that is wished for and cannot be had is told, with the file that might have been it', async () => {
    mkdirSync(join(folder, 'user'));
    writeFileSync(join(folder, 'user', 'forbidden.otf'), withPermissions(cff, 2));
    const { warnings } = await printed('FixtureCff-Regular', join(folder, 'user'));
    expect(warnings[0]).toEqual({
      code: 'font',
      message: 'no font is called "FixtureCff-Regular": Open Sans in its place',
    });
    expect(warnings.at(-1)?.message).toContain('forbidden.otf (its licence forbids embedding)');
    expect(codesOf((await printed('OpenSans-Bold')).warnings)).not.toContain('font');
  });

  it('whatever bytes are changed in a font, a page is printed', async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (changes, isCff) => {
        const own = Buffer.from(isCff ? cff : glyf);
        for (const [place, value] of changes) own[place % own.length] = value;
        writeFileSync(join(folder, isCff ? 'x.otf' : 'x.ttf'), own);
        const { bytes, warnings } = await printed();
        expect(bytes.length).toBeGreaterThan(1000);
        expect(codesOf(warnings)).toContain('missing_glyph');
        rmSync(join(folder, isCff ? 'x.otf' : 'x.ttf'));
      }),
      { numRuns: 25 },
    );
  });
});
