import { describe, expect, test } from 'vitest';
import { printableConfig, readConfig } from '../src/config.ts';
import { normaliseTimeZone } from '../src/period/cron.ts';

describe('TIME_ZONE', () => {
  test.each(['+03:00', '-0530', '+14', 'Mars/Olympus', '5'])(
    '%s is refused at the start, not at the first task',
    (zone) => {
      expect(() => readConfig({ TIME_ZONE: zone })).toThrow('TIME_ZONE: not an IANA time zone');
    },
  );

  test.each(['UTC', 'Europe/Kyiv', 'asia/shanghai', 'Etc/GMT-3'])('%s is taken, and tasks take it', (zone) => {
    const { TIME_ZONE } = readConfig({ TIME_ZONE: zone });
    expect(() => normaliseTimeZone(TIME_ZONE)).not.toThrow();
  });
});

test('a wrong setting is named, its value is not', () => {
  const wrong = () => readConfig({ SECRET_KEY: 'hunter2', PORT: 'eighty' });
  expect(wrong).toThrow(/SECRET_KEY: 64 hex digits expected/);
  expect(wrong).toThrow(/PORT: /);
  expect(wrong).not.toThrow(/hunter2|eighty/);
});

test('what is printed has no secret in it', () => {
  const config = readConfig({
    SECRET_KEY: 'ab'.repeat(32),
    DATABASE_URL: 'postgres://me:pa@ss:word@db/x?sslmode=require&password=hunter2',
    SMTP_URL: 'smtps://me:hunter2@relay:465',
  });
  const printed = JSON.stringify(printableConfig(config));
  expect(printed).not.toMatch(/hunter2|pa@|ss:|word@|abab/);
  expect(printed).toContain('smtps://me:***@relay:465');
});
