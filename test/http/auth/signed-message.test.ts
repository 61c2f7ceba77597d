import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { signedMessage } from '../../../src/http/auth/signed-message.ts';
import { signatureOf } from '../../../src/operations/access/check-signature.ts';

const SECRET = '2fc0c299cc94c6be266f2ceece765d4d';
const HOST: readonly [string, string] = ['Host', 'ocp.alibaba.net:8080'];

describe('the published signatures are ours', () => {
  it('of a POST with a body and a header of its own', () => {
    const message = signedMessage({
      method: 'POST',
      target: '/api/v2/compute/idcs',
      headers: [
        ['Content-Type', 'application/json'],
        ['Date', 'Tue, 17 Jan 2023 09:13:57 GMT'],
        HOST,
        ['x-ocp-data', 'A,1'],
      ],
      body: Buffer.from('{"name":"test01","description":"test","regionId":1}'),
    });
    expect(message).toContain('\n186974DB33A090A16D3E2CA35F547B56\n');
    expect(signatureOf(SECRET, message)).toBe('XN8P+O+v3vUabB16ZCooq5wMJoY=');
  });

  it('of a GET with a query and a Content-Type', () => {
    const message = signedMessage({
      method: 'get',
      target: '/api/v2/compute/idcs?size=100',
      headers: [['content-type', 'application/json;charset=utf-8'], ['date', 'Tue, 17 Jan 2023 04:14:02 GMT'], HOST],
      body: Buffer.alloc(0),
    });
    expect(signatureOf(SECRET, message)).toBe('TsQD6HDOuZuJ409m0wdnZPmijlc=');
  });
});

const target = (query: string): string =>
  signedMessage({ method: 'GET', target: `/x${query}`, headers: [], body: Buffer.alloc(0) })
    .split('\n')
    .at(-1) ?? '';

describe('queries', () => {
  it.each([
    ['?b=2&a=1', '/x?a=1&b=2'],
    ['?a=2&a=1', '/x?a=1%2C2'],
    ['?a=&b', '/x'],
    ['?a=&b=1', '/x?b=1'],
    ['?name=a+b%20c', '/x?name=a%20b%20c'],
    ["?name=!'()*~-._", '/x?name=%21%27%28%29%2A~-._'],
    ['?name=%E6%8A%A5', '/x?name=%E6%8A%A5'],
    ['?status=CREATING,FAILED', '/x?status=CREATING%2CFAILED'],
  ])('%s is signed as %s', (query, signed) => expect(target(query)).toBe(signed));
});

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => text.toWellFormed());

test('what a client encodes in any order is signed alike, and any change of a value is not', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(word, word), { minLength: 1, maxLength: 6, selector: ([name]) => name }),
      fc.nat(),
      (pairs, seed) => {
        const query = (list: readonly (readonly [string, string])[]): string =>
          `?${list.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`;
        const turned = [...pairs.slice(seed % pairs.length), ...pairs.slice(0, seed % pairs.length)];
        expect(target(query(turned))).toBe(target(query(pairs)));
        const changed = pairs.map(([name, value], at) => [name, at === 0 ? `${value}.` : value] as const);
        expect(target(query(changed))).not.toBe(target(query(pairs)));
      },
    ),
  );
});

test('each part of a request has its line', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'DELETE'),
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[ -9;-~]{0,10}$/)), { maxLength: 5 }),
      (method, body, own) => {
        const headers = [HOST, ...own.map(([name, value]) => [`X-Ocp-${name}`, value] as const)];
        const message = signedMessage({ method, target: '/p', headers, body });
        const lines = message.split('\n');
        const names = new Set(own.map(([name]) => name));
        expect(lines.length).toBe(6 + Math.max(1, names.size));
        expect(lines[0]).toBe(method);
        const md5 = createHash('md5').update(body).digest('hex').toUpperCase();
        expect(lines[1]).toBe(body.length === 0 ? '' : md5);
        expect(lines[4]).toBe(HOST[1]);
        const signed = lines.slice(5, -1).filter((line) => line !== '');
        expect(signed).toEqual(signed.toSorted());
      },
    ),
  );
});
