import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunksOf, cutWord } from '../../src/scene/line-breaks.ts';

const texts = (text: string): string[] =>
  [...chunksOf([text])].map(({ parts }) => parts.map((part) => part.text).join(''));

describe('where lines may end', () => {
  test.each([
    ['one two', ['one', 'two']],
    ['well-known -5 2026-05-03', ['well-', 'known', '-5', '2026-05-03']],
    ['no\u00a0break here', ['no\u00a0break', 'here']],
    ['销售报告。', ['销', '售', '报', '告。']],
    ['（中文）', ['（中', '文）']],
    ['价格$5', ['价', '格', '$5']],
    ['월간 보고서(5월)를 봅니다.', ['월간', '보고서(5월)를', '봅니다.']],
    ['서울의 東京', ['서울의', '東', '京']],
    ['soft\u00adhyphen', ['soft', 'hyphen']],
    ['a\u200bb', ['a', 'b']],
    ['', []],
  ])('%j', (text, chunks) => {
    expect(texts(text)).toEqual(chunks);
  });

  test('a word that changes its look inside is not broken there', () => {
    const [chunk, ...rest] = chunksOf(['half', 'bold next'.slice(0, 4)]);
    expect(rest).toEqual([]);
    expect(chunk?.parts).toEqual([
      { text: 'half', span: 0 },
      { text: 'bold', span: 1 },
    ]);
  });

  test('nothing but invisible breaks is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (spans) => {
        const kept = [...chunksOf(spans)]
          .map(({ parts, spaces }) => parts.map((part) => part.text).join('') + spaces)
          .join('');
        expect(kept).toBe(
          spans
            .join('')
            .replaceAll(/[\u00ad\u200b\n]/g, '')
            .replaceAll('\t', ' '),
        );
      }),
    );
  });
});

describe('words wider than their line', () => {
  const measure = (text: string): number => [...text].length;

  test('are cut after the marks of paths and addresses', () => {
    expect([...cutWord('https://example.org/a/long/path', 12, measure)]).toEqual([
      'https://',
      'example.org/',
      'a/long/path',
    ]);
  });

  test('are cut between characters as people see them, into pieces that fit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (word, width) => {
          const pieces = [...cutWord(word, width, (text) => [...new Intl.Segmenter().segment(text)].length)];
          expect(pieces.join('')).toBe(word);
          for (const piece of pieces) expect(piece.length > 0).toBe(true);
          for (const piece of pieces.slice(0, -1))
            expect([...new Intl.Segmenter().segment(piece)].length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
