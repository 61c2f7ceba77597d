import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInterval } from '../../src/period/cron.ts';
import { intervalInWords } from '../../src/period/interval-words.ts';

describe('an interval in words', () => {
  it.each([
    ['0 9 * * 1-5', 'At 09:00, Monday through Friday', 'В 09:00, с понедельника по пятницу', '在09:00, 星期一至星期五'],
    ['*/5 * * * *', 'Every 5 minutes', 'Каждые 5 минут', '每隔 5 分钟'],
    [
      '0 9 L * *',
      'At 09:00, on the last day of the month',
      'В 09:00, в последний день месяца',
      '在09:00, 限每月的最后一天',
    ],
    ['@Daily', 'At 00:00', 'В 00:00', '在00:00'],
    ['0 9 ? * 1', 'At 09:00, only on Monday', 'В 09:00, только в понедельник', '在09:00, 仅星期一'],
  ])('%s', (interval, en, ru, zh) => {
    expect([intervalInWords(interval, 'en'), intervalInWords(interval, 'ru'), intervalInWords(interval, 'zh')]).toEqual(
      [en, ru, zh],
    );
  });

  it('says "or" where either the day of the month or the day of the week fires', () => {
    expect(intervalInWords('* 0 1 1 1', 'en')).toBe(
      'Every minute, between 00:00 and 00:59, on day 1 of the month or on Monday, only in January',
    );
    expect(intervalInWords('* 0 1 1 1', 'ru')).toBe(
      'Каждую минуту, с 00:00 по 00:59, в 1 число месяца или в понедельник, только январь',
    );
    expect(intervalInWords('* 0 1 1 1', 'zh')).toBe('每分钟, 在 00:00 和 00:59 之间, 限每月 1 号或星期一, 仅于一月份');
    expect(intervalInWords('0 9 1,15 * MON-FRI', 'en')).toBe(
      'At 09:00, on day 1 and 15 of the month or Monday through Friday',
    );
    expect(intervalInWords('0 9 L * 5L', 'en')).toBe(
      'At 09:00, on the last day of the month or on the last Friday of the month',
    );
  });

  it('says so where both are asked for', () => {
    expect(intervalInWords('0 0 1 1 +1', 'en')).toBe(
      'At 00:00, on day 1 of the month, but only on Monday, only in January',
    );
  });

  it('finds words, or gives the pattern back, for whatever is valid', () => {
    const field = fc.constantFrom(
      '*',
      '?',
      '0',
      '5',
      '1-5',
      '1-5/2',
      '*/5',
      '1,3',
      'L',
      'LW',
      '15W',
      'FRI#2',
      'FRIL',
      'FRI#L',
      'MON',
      'SUN',
      '7',
      '+1',
      'L,15',
      'JAN',
    );
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 5, maxLength: 5 }),
        fc.constantFrom('en' as const, 'ru' as const, 'zh' as const),
        (fields, locale) => {
          const interval = fields.join(' ');
          try {
            parseInterval(interval);
          } catch {
            return;
          }
          const sentence = intervalInWords(interval, locale);
          expect(sentence).not.toMatch(/undefined|null|%s/);
          expect(sentence.length).toBeGreaterThan(2);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
