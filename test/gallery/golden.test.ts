import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../src/print/png-file.ts';
import { print, sceneOf } from '../print/printing.ts';
import { busyReport } from '../print/reports.ts';
import { changedScene, printScene } from './changed-scene.ts';
import { gallery } from './gallery.ts';
import { differenceOf, goldenName, goldenNames, isSame, paint, readGolden } from './golden.ts';

const ACCEPT = 'look at the pages, then `npm run gallery:accept`';
/** Where differences are left for people to look at. */
const DIFFERENCES = join(tmpdir(), 'broadsheet-gallery-differences');

function leave(name: string, ...pictures: readonly (readonly [suffix: string, Parameters<typeof encodePng>[0]])[]) {
  mkdirSync(DIFFERENCES, { recursive: true });
  for (const [suffix, picture] of pictures) {
    writeFileSync(join(DIFFERENCES, name.replace('.png', `-${suffix}.png`)), encodePng(picture));
  }
  return `see ${join(DIFFERENCES, name.replace('.png', '-*.png'))}; when it is meant, ${ACCEPT}`;
}

describe('every page of the gallery looks as its golden image', () => {
  test.each(gallery.map((page) => [page.name, page] as const))('%s', async (name, page) => {
    const { bytes, pages } = await print(page.report());
    for (let number = 1; number <= pages; number += 1) {
      const file = goldenName(name, number);
      const golden = readGolden(file);
      const painted = await paint(bytes, number);
      if (golden === null) expect.fail(`${file} has no golden image: ${leave(file, ['now', painted])}`);
      const difference = differenceOf(golden, painted);
      if (difference === null) expect.fail(`${file} has another size: ${leave(file, ['now', painted])}`);
      if (!isSame(difference)) {
        const { share, worst, picture } = difference;
        const where = leave(file, ['golden', golden], ['now', painted], ['difference', picture]);
        expect.fail(`${file}: ${(share * 100).toFixed(3)} % of pixels differ, ${worst} in one square; ${where}`);
      }
    }
    const own = new RegExp(`^${name}-\\d+\\.png$`);
    expect(
      goldenNames().filter((file) => own.test(file)),
      `pages of ${name}; ${ACCEPT}`,
    ).toHaveLength(pages);
  });

  test('and there is no golden image of a page that is no more', () => {
    const known = new Set(gallery.map(({ name }) => name));
    expect(goldenNames().filter((file) => !known.has(file.replace(/-\d+\.png$/, '')))).toEqual([]);
  });
});

/** A pixel of a golden image is a point. */
describe('the comparison', () => {
  const painted = async (points: number, chosen: (text: string) => boolean) => {
    const scene = changedScene(await sceneOf(busyReport()), {
      text: (mark, text) => (chosen(text) ? { ...mark, x: mark.x + points } : mark),
    });
    return await paint(await printScene(scene), 1);
  };
  const compared = async (points: number, chosen: (text: string) => boolean) => {
    const difference = differenceOf(await painted(0, () => false), await painted(points, chosen));
    if (difference === null) throw new Error('the pages differ in size');
    return difference;
  };

  test('passes when nothing has moved', async () => {
    const difference = await compared(2, () => false);
    expect(difference).toMatchObject({ share: 0, worst: 0 });
    expect(isSame(difference)).toBe(true);
  });

  test('fails when all texts of the page are 2 pixels further', async () => {
    const difference = await compared(2, () => true);
    expect(difference.share).toBeGreaterThan(0.001);
    expect(isSame(difference)).toBe(false);
  });

  test('fails when a single heading is 2 pixels further, though that is less than 0.1 % of the page', async () => {
    const difference = await compared(2, (text) => text === 'Connections');
    expect(difference.share).toBeLessThan(0.001);
    expect(isSame(difference)).toBe(false);
  });
});
