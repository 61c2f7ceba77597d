import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText, maskValue } from '../../src/tasks/mask-secrets.ts';

describe('secrets in texts', () => {
  it.each([
    ['password=hunter2', 'password=***'],
    ['ob_root_passwd: "hun\\"ter2", next', 'ob_root_passwd: ***, next'],
    ['{"accessKeySecret":"hunter2","ms":3}', '{"accessKeySecret":***,"ms":3}'],
    ['access_key_id=hunter2&x=1', 'access_key_id=***&x=1'],
    ['uri=oss://bucket?access_key=hunter2&host=h', 'uri=oss://bucket?access_key=***&host=h'],
    ['key = hunter2', 'key = ***'],
    ['Authorization: Bearer hunter2.abc', 'Authorization: ***'],
    ['authorization=Basic aHVudGVyMg==', 'authorization=***'],
    ['postgres://user:hunter2@host:5432/db', 'postgres://user:***@host:5432/db'],
    ["ALTER USER a IDENTIFIED BY 'hun''ter2'", "ALTER USER a IDENTIFIED BY '***'"],
    ["create role r password 'hunter2' login", "create role r password '***' login"],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'document printed: 3 pages, 41231 bytes',
    'Key (id)=(5) already exists',
    'duplicate key value violates unique constraint "a_pkey"',
    'widget "Monkeys: all of them" is empty',
    'http://host:8080/path?x=1',
  ])('leaves alone: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('never survive behind a name of theirs, in whatever text', () => {
    const places = [
      'password=%',
      'token: %',
      '{"secret":"%"}',
      'x://u:%@h',
      "IDENTIFIED BY '%'",
      'api_key=%&a=1',
      "'key': '%'",
    ];
    const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019+/=!#%*._-'), minLength: 8, maxLength: 40 });
    const around = fc.string({ unit: fc.constantFrom(...'abc xyz.\n,;-'), maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, around, around, (place, value, before, after) => {
        const text = `${before} ${place.replace('%', () => value)} ${after}`;
        fc.pre(text.split(value).length === 2);
        expect(maskText(text)).not.toContain(value);
      }),
      { numRuns: 500 },
    );
  });

  it('are looked for quickly in the worst of texts, and long texts are cut', () => {
    const began = performance.now();
    for (const piece of ['a', 'key', 'a.', ' ', '"', ':', 'password', '=']) {
      expect(maskText(piece.repeat(100_000)).length).toBeLessThanOrEqual(20_000);
    }
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('secrets in values', () => {
  it('are masked by their names, at any depth, whatever they are', () => {
    const value = {
      host: 'h',
      obRootPassword: 'x',
      list: [{ api_key: ['x'] }, 'token=x'],
      credentials: { user: 'u', password: 'x' },
      accessKeyId: 'x',
      none: null,
      secretCount: 3,
      keyboard: 'qwerty',
    };
    expect(maskValue(value)).toEqual({
      host: 'h',
      obRootPassword: '***',
      list: [{ api_key: '***' }, 'token=***'],
      credentials: '***',
      accessKeyId: '***',
      none: null,
      secretCount: '***',
      keyboard: 'qwerty',
    });
    let deep: unknown = 'secret';
    for (let n = 0; n < 50; n += 1) deep = { deep };
    expect(JSON.stringify(maskValue(deep))).not.toContain('secret');
  });
});
