import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { breakLinesCut, createRuler } from '../../src/scene/text.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const heapMb = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

it('a million different words take no more memory than a hundred thousand', () => {
  const fonts = createFontRegistry();
  const ruler = createRuler(fonts);
  const face = fonts.face();
  let sum = 0;
  const measure = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1) {
      // Every thousandth needs shaping: Arabic letters in the places of digits.
      const word = `${index}`;
      const own =
        index % 1000 === 0 ? word.replace(/\d/g, (digit) => String.fromCharCode(0x628 + Number(digit))) : word;
      sum += ruler.width(own, face, 9);
    }
  };
  measure(0, 100_000);
  const before = heapMb();
  measure(100_000, 1_000_000);
  expect(heapMb() - before).toBeLessThan(8);
  expect(sum).toBeGreaterThan(0);
});

it('characters of all planes, most of which no font has, are remembered in bounds', () => {
  const fonts = createFontRegistry();
  const face = fonts.face();
  const look = (from: number, to: number): void => {
    for (let codePoint = from; codePoint < to; codePoint += 1) fonts.runs(String.fromCodePoint(codePoint), face);
  };
  look(0xe0000, 0xf0000);
  const before = heapMb();
  look(0xf0000, 0x10fffe);
  expect(heapMb() - before).toBeLessThan(8);
  expect(fonts.missing().length).toBe(1000);
});

it('a text of two million characters of any script is cut to its lines at once', () => {
  const ruler = createRuler(createFontRegistry());
  const look = { face: ruler.fonts.face(), size: 9, color: '#000000' };
  for (const unit of ['x', '数', 'ب', 'e\u0301', '👨‍👩‍👧', 'ก', 'न', 'word ']) {
    const text = unit.repeat(Math.floor(2_000_000 / unit.length));
    const started = performance.now();
    const { lines, cut } = breakLinesCut([{ ...look, text }], 200, ruler, 24);
    expect(cut).toBe(true);
    expect(lines).toHaveLength(24);
    expect(performance.now() - started, unit).toBeLessThan(5000);
  }
});
