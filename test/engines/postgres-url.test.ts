import { expect, test } from 'vitest';
import { engineOfKind, engineOfUrl } from '../../src/engines/engines.ts';
import { maskPostgresUrl, parsePostgresUrl } from '../../src/engines/postgres-url.ts';

const caught = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it should fail');
};

test('a URL is read as libpq reads it', () => {
  expect(parsePostgresUrl('postgresql://jo%40x:p%2Fw@db.example:6432/sales?sslmode=require')).toEqual({
    host: 'db.example',
    port: 6432,
    socketPath: null,
    database: 'sales',
    user: 'jo@x',
    password: 'p/w',
    sslMode: 'require',
  });
  expect(parsePostgresUrl('postgres://jo@[::1]')).toMatchObject({
    host: '::1',
    port: 5432,
    database: 'jo',
    sslMode: 'prefer',
  });
  expect(parsePostgresUrl('postgres://jo@localhost/x?host=%2Frun%2Fpg%2F')).toMatchObject({
    socketPath: '/run/pg/.s.PGSQL.5432',
    sslMode: 'disable',
  });
});

test.each([
  '',
  'sesame',
  'mysql://a:sesame@b/c',
  'postgres://',
  'postgres://host/db',
  'postgres://u:sesame@a,b/c',
  'postgres://u:se%same@h/c',
  'postgres://u:sesame@h:99999/c',
  'postgres://u:sesame@h/c?sslmode=maybe',
  'postgres://u:sesame@h/c?sslrootcert=/etc/passwd',
  'postgres://u:sesame@h/c?options=-c%20default_transaction_read_only=off',
])('%j is refused without a word of the password', (url) => {
  const error = caught(() => parsePostgresUrl(url));
  expect(error).toMatchObject({ code: 'bad_request' });
  expect([error.message, error.cause].join()).not.toContain('sesame');
});

test('a masked URL shows where, not how', () => {
  expect(maskPostgresUrl('postgres://u:sesame@h:1/d?sslmode=require&password=sesame')).toBe(
    'postgres://u:***@h:1/d?sslmode=require',
  );
  expect(maskPostgresUrl('postgres://u:sesame@localhost/d?host=/run')).toBe('postgres://u:***@localhost/d?host=%2Frun');
});

test('engines are found by kind and by URL', () => {
  expect(engineOfKind('postgres')).toBe(engineOfUrl('PostgreSQL://u@h/d'));
  expect(() => engineOfKind('toString')).toThrow('unknown source kind');
  expect(() => engineOfUrl('file:///etc/passwd')).toThrow(expect.objectContaining({ code: 'bad_request' }));
});
