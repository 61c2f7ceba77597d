import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareWidths } from '../../src/scene/column-widths.ts';

const need = fc
  .tuple(fc.double({ min: 1, max: 120, noNaN: true }), fc.double({ min: 0, max: 300, noNaN: true }))
  .map(([min, more]) => ({ min, max: min + more }));

test('widths fill the room exactly and none is lost', () => {
  fc.assert(
    fc.property(fc.array(need, { minLength: 1, maxLength: 19 }), fc.integer({ min: 100, max: 800 }), (needs, room) => {
      const widths = shareWidths(needs, room);
      expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(room, 3);
      expect(widths.every((width) => width > 0)).toBe(true);
    }),
  );
});

test('words fit wherever all words together do', () => {
  fc.assert(
    fc.property(fc.array(need, { minLength: 1, maxLength: 10 }), (needs) => {
      const room = needs.reduce((sum, { min }) => sum + min, 0) + 10;
      shareWidths(needs, room).forEach((width, index) => {
        expect(width).toBeGreaterThanOrEqual((needs[index]?.min ?? 0) - 1e-6);
      });
    }),
  );
});

test('short texts keep their line, the long one takes what is left', () => {
  const [name, text] = shareWidths(
    [
      { min: 30, max: 80 },
      { min: 40, max: 300 },
    ],
    250,
  );
  expect(name).toBeCloseTo(80, 3);
  expect(text).toBeCloseTo(170, 3);
});
