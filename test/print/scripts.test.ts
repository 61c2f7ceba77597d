import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PdfCanvas } from '../../src/print/canvas-context.ts';
import { drawMarks } from '../../src/print/marks.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { breakLines, createRuler } from '../../src/scene/text.ts';
import { needs } from '../harness/needs.ts';
import { drawnPage } from './blank-pdf.ts';
import { onFile, wordBoxes } from './printing.ts';

const fonts = createFontRegistry();
const look = { face: fonts.face(), size: 14, color: '#000000' };

const WORDS = [
  ...['naïve', 'Łódź', 'Việt', 'q\u0307x', 'Straße', 'don’t', 'AVATAR', '1,204.50', 'ﬁn'],
  ...['Отчёт', 'їжак', 'Ελλάδα', 'ἀρχῇ', '数据库', '订单服务', 'データ', '注文サービス', 'ｶﾅ'],
  ...['السلام', 'الله', 'بيانات', 'تقرير', 'لا', 'گزارش', '١٢٣', 'שלום', 'עולם', 'דוח'],
  ...['हिन्दी', 'क्षेत्र', 'รายงาน', 'น้ำ', '😀', '👨‍👩‍👧', '🇩🇪', '👍🏽', '❤️', '₽', '∑', '→', '①', 'ʃtʁ', 'µs', '\u{10330}'],
];

/**
 * What readers of PDF are free to write otherwise: compatibility forms, and the marks that poppler encloses text of the
 * other direction in, where the blank next to them may be on either side.
 */
const plain = (text: string): string => text.normalize('NFKC').replace(/[\u202a-\u202e]/gu, ' ');
/** Poppler turns the parts of an emoji round, too, on pages that are mostly read from right to left. */
const words = (text: string): string[] =>
  plain(text)
    .split(/\s+/u)
    .filter(Boolean)
    .map((word) => (/[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(word) ? letters(word) : word))
    .sort();

/** Boxes come with their letters from left to right. */
const letters = (text: string): string => [...plain(text)].sort().join('');

needs('pdftotext', 'qpdf')('text of all scripts, read back', () => {
  it('is every word that was written, in lines of any mixture', async () => {
    // Poppler takes evenly spaced single characters for one word: it cannot tell "A B C" from "ABC" set wide.
    const told = (parts: readonly string[]) =>
      parts.every((word) => [...word].length < 3) ? [...parts, 'Straße'] : parts;
    const line = fc
      .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 8 })
      .map((parts) => told(parts).join(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        const { bytes } = await drawnPage((pdf) => {
          const canvas = new PdfCanvas(pdf, fonts, [1, 0, 0, 1, 0, 0]);
          canvas.font = '10px Open Sans';
          for (const [row, text] of lines.entries()) canvas.fillText(text, 20, 40 + row * 60);
          canvas.finish();
        });
        expect(words(onFile(bytes, 'pdftotext', '-enc', 'UTF-8', 'FILE', '-'))).toEqual(words(lines.join(' ')));
      }),
      { numRuns: 25 },
    );
  });

  it('is in the order it was written where paragraphs of one direction are broken', async () => {
    const ruler = createRuler(fonts);
    for (const text of [
      'السلام عليكم ورحمة الله هذا التقرير الشهري عن عدد الطلبات لكل خدمة خلال الشهر السابق',
      'דוח זה מסכם את מספר הבקשות לכל שירות בחודש הקודם והשרת פעל ללא תקלות',
      'Съешь же ещё этих мягких французских булок да выпей чаю',
      'यह रिपोर्ट प्रत्येक सेवा के अनुरोधों की संख्या का सारांश देती है',
    ]) {
      const { bytes } = await drawnPage((pdf) => {
        const lines = breakLines([{ ...look, text }], 150, ruler);
        drawMarks(
          { pdf, fonts, images: new Map() },
          lines.map((line, row) => ({ kind: 'text', x: 200 - line.width, y: 60 + row * 22, line })),
        );
      });
      const read = onFile(bytes, 'pdftotext', '-enc', 'UTF-8', 'FILE', '-');
      expect(plain(read).split(/\s+/u).filter(Boolean).join(' ')).toBe(plain(text));
    }
  });

  it('is as wide as it was measured', async () => {
    // Poppler gives emoji boxes of their own.
    const whole = WORDS.filter((word) => !/[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(word));
    const { bytes } = await drawnPage((pdf) => {
      const canvas = new PdfCanvas(pdf, fonts, [1, 0, 0, 1, 0, 0]);
      canvas.font = '16px Open Sans';
      for (const [index, text] of whole.entries())
        canvas.fillText(text, 40 + (index % 3) * 180, 40 + Math.floor(index / 3) * 50);
      canvas.finish();
    });
    const boxes = wordBoxes(bytes);
    for (const word of whole) {
      const box = boxes.find(({ text }) => letters(text) === letters(word));
      expect(box, word).toBeDefined();
      expect((box?.x2 ?? 0) - (box?.x1 ?? 0), word).toBeCloseTo(fonts.width(word, look.face, 16), 0);
    }
  });

  it('has a code for each meaning of a glyph: brackets seen from behind, marks of missing glyphs', async () => {
    for (const text of ['a (b) c', 'שלום (עולם) טוב', 'no \u{10330} nor \u{12000} but \ufffd']) {
      const { bytes } = await drawnPage((pdf) => {
        const canvas = new PdfCanvas(pdf, fonts, [1, 0, 0, 1, 0, 0]);
        canvas.font = '16px Open Sans';
        canvas.fillText(`${text}`, 40, 40);
        canvas.fillText(`[${text}]`, 40, 90);
        canvas.finish();
      });
      const read = onFile(bytes, 'pdftotext', '-enc', 'UTF-8', 'FILE', '-');
      expect(plain(read).replace(/\s+/gu, ' ').trim()).toBe(`${text} [${text}]`);
    }
  });
});
