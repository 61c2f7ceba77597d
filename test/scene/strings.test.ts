import { describe, expect, test } from 'vitest';
import { pageStrings } from '../../src/scene/strings.ts';

const [from, to] = [new Date('2026-04-30T21:00:00Z'), new Date('2026-05-31T21:00:00Z')];

describe('words, numbers and dates of pages', () => {
  test.each([
    ['en', 'Page 3 of 1,204', 'Rows 1–48 of 1,204', '1 – 31 May 2026'],
    ['ru', 'Страница 3 из 1\u00a0204', 'Строки 1–48 из 1\u00a0204', '1–31 мая 2026 г.'],
    ['zh', '第 3 页，共 1,204 页', '第 1–48 行，共 1,204 行', '2026年5月1日 – 2026年5月31日'],
  ] as const)('%s', (locale, page, rows, period) => {
    const strings = pageStrings(locale, 'Europe/Moscow');
    expect(strings.page(3, 1204)).toBe(page);
    expect(strings.rows(1, 48, 1204, null, null)).toBe(rows);
    expect(strings.period(from, to).replaceAll(/[\u2009\u202f]/g, ' ')).toBe(period);
  });

  test('a limit is said where it was applied', () => {
    const { rows } = pageStrings('en', 'UTC');
    expect(rows(1, 48, 1000, { by: 'rows', limit: 1000 }, null)).toBe('Rows 1–48 of 1,000 (limit 1,000 applied)');
    expect(rows(1, 20, 20, null, 20)).toBe('Rows 1–20 of 20 (limit 20 applied)');
    expect(rows(1, 5, 5, null, 20)).toBe('5 rows');
    expect(rows(1, 5, 5, { by: 'bytes', limit: 64 * 1024 * 1024 }, null)).toBe(
      'Rows 1–5 of 5 (size limit 64 MB applied)',
    );
    expect(rows(7, 7, 7, null, null)).toBe('Row 7 of 7');
    expect(rows(0, 0, 0, null, null)).toBe('0 rows');
  });

  test.each([
    [1, '1 строка'],
    [3, '3 строки'],
    [11, '11 строк'],
    [21, '21 строка'],
  ])('Russian counts %i as "%s"', (count, text) => {
    expect(pageStrings('ru', 'UTC').rows(1, count, count, null, null)).toBe(text);
  });

  test('a period with times shows them', () => {
    const text = pageStrings('en', 'UTC').period(new Date('2026-05-01T10:00:00Z'), new Date('2026-05-01T12:30:00Z'));
    expect(text).toMatch(/1 May 2026.*10:00.*12:30/);
  });
});
