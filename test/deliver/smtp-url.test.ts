import { expect, test } from 'vitest';
import { readRelay } from '../../src/deliver/smtp-url.ts';

test('ports, login and TLS by scheme', () => {
  expect(readRelay('smtps://user%40corp:p%3Ass@relay.test')).toMatchObject({
    destination: 'smtps://relay.test',
    login: { user: 'user@corp', pass: 'p:ss' },
    options: { host: 'relay.test', port: 465, secure: true, requireTLS: false },
  });
  expect(readRelay('smtp://relay.test:25')).toMatchObject({
    destination: 'smtp://relay.test:25',
    login: null,
    options: { port: 25, secure: false, requireTLS: false, ignoreTLS: false },
  });
});

test('a password crosses a network only encrypted, unless the URL says otherwise', () => {
  expect(readRelay('smtp://user:secret@relay.test').options.requireTLS).toBe(true);
  expect(readRelay('smtp://user:secret@127.0.0.1').options.requireTLS).toBe(false);
  expect(readRelay('smtp://user:secret@relay.test?tls=offered').options.requireTLS).toBe(false);
  expect(readRelay('smtp://user:secret@relay.test?tls=never').options.ignoreTLS).toBe(true);
});

test('certificates are checked unless the URL says otherwise', () => {
  expect(readRelay('smtp://relay.test').options.tls?.rejectUnauthorized).toBe(true);
  expect(readRelay('smtp://relay.test?verify=no').options.tls?.rejectUnauthorized).toBe(false);
});

test.each([
  ['smtp://user:secret@relay.test?tls=maybe', /tls is one of/],
  ['smtp://user:secret@relay.test?verify=perhaps', /verify is yes or no/],
  ['smtp://user:secret@relay.test?password=x', /unknown parameter password/],
  ['smtp://user:secret@relay.test?ca=/nowhere/at/all.pem', /ca: ENOENT/],
  ['smtp://user:%ff@relay.test', /percent-encoded/],
])('%s is refused at start, without naming the password', (url, problem) => {
  expect(() => readRelay(url)).toThrow(problem);
  try {
    readRelay(url);
  } catch (error) {
    expect(String(error)).not.toContain('secret');
  }
});
