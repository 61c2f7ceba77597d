import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileNameOf, safeFileName } from '../../src/definition/name-mask.ts';

const facts = {
  report: 'Отчёт: sales/день',
  at: new Date('2026-05-03T22:30:00Z'),
  timeZone: 'Europe/Moscow',
  period: { from: new Date('2026-04-30T21:00:00Z'), to: new Date('2026-05-31T21:00:00Z') },
  task: 't-1',
  instance: 'i-1',
  run: 'r-1',
};

describe('file names', () => {
  test.each([
    [null, 'Отчёт- sales-день 2026-05-04.pdf'],
    ['', 'Отчёт- sales-день 2026-05-04.pdf'],
    ['{report}', 'Отчёт- sales-день.pdf'],
    ['x {datetime} {year}{month}{day}', 'x 2026-05-04_01-30 20260504.pdf'],
    ['{from}..{to}', '2026-05-01..2026-05-31.pdf'],
    ['%period%-\u0024{task}-{INSTANCE}-{run}', '2026-05-01_2026-05-31-t-1-i-1-r-1.pdf'],
    ['{nothing} 100%', '{nothing} 100%.pdf'],
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'etc-passwd.pdf'],
    ['C:\\x\u0000\u202egpj', 'C-x-gpj.pdf'],
    ['con', '_con.pdf'],
    ['NUL.txt', '_NUL.txt.pdf'],
    [' . ', 'report.pdf'],
    ['销售报告', '销售报告.pdf'],
  ])('mask %j gives %s', (mask, name) => {
    expect(fileNameOf(mask, facts, 'pdf')).toBe(name);
  });

  test('a period that is not whole days shows its times', () => {
    const period = { from: new Date('2026-05-01T10:00:00Z'), to: new Date('2026-05-01T12:30:00Z') };
    expect(fileNameOf('{period}', { ...facts, period }, 'pdf')).toBe('2026-05-01_13-00_2026-05-01_15-30.pdf');
  });

  test('any text becomes one plain, bounded file name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const name = safeFileName(text, 'pdf');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(190);
        expect(name).not.toMatch(/[\p{Cc}/\\:*?"<>|]/u);
        expect(name).toMatch(/^[^. -].*\.pdf$/u);
        expect(name.isWellFormed()).toBe(true);
      }),
    );
  });
});
