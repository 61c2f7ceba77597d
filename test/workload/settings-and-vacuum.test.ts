import { describe, expect, test } from 'vitest';
import { settingText } from '../../src/workload/settings-changes.ts';
import { storageParameters, vacuumsOf } from '../../src/workload/vacuum.ts';
import { type BuiltRow, builtFacts } from './built-facts.ts';
import { blocksOf, linesOf } from './printed.ts';

describe('a setting is written', () => {
  test.each([
    ['16384', '8kB', '128 MB'],
    ['4096', 'kB', '4 MB'],
    ['1025', 'kB', '1025 kB'],
    ['300', 's', '5 min'],
    ['90', 's', '90 s'],
    ['0', 'ms', '0'],
    ['-1', 'kB', '-1'],
    ['0.2', null, '0.2'],
    ['on', null, 'on'],
    ['', null, "''"],
  ])('%s of %s as %s', (value, unit, expected) => {
    expect(settingText({ value, unit })).toBe(expected);
  });
});

test('storage parameters are read from both ways they are written', () => {
  const expected = new Map([
    ['fillfactor', '70'],
    ['autovacuum_enabled', 'false'],
  ]);
  expect(storageParameters('{fillfactor=70,autovacuum_enabled=false}')).toEqual(expected);
  expect(storageParameters('["fillfactor=70","autovacuum_enabled=false"]')).toEqual(expected);
  expect(storageParameters(null)).toEqual(new Map());
});

describe('the threshold of autovacuum', () => {
  const table: BuiltRow = {
    ...{
      relid: 1,
      schemaname: 'public',
      relname: 't',
      relkind: 'r',
      relfilenode: 1,
      reltuples: 1000,
      reloptions: null,
    },
    ...{ n_live_tup: 900, n_dead_tup: 100, xid_age: 5, autovacuum_count: 1, vacuum_count: 0 },
  };
  const settings = { autovacuum_vacuum_threshold: '50', autovacuum_vacuum_scale_factor: '0.2', autovacuum: 'on' };
  const of = (given: BuiltRow = {}, more: Record<string, string> = {}) => {
    const tables = [{ ...table, ...given }];
    return vacuumsOf(
      builtFacts({ before: { tables }, after: { tables }, settings: { ...settings, ...more } }).range,
    )[0];
  };

  test('is the server’s, by the number of rows', () => {
    expect(of()).toMatchObject({ threshold: 250, deadShare: 0.1, isOff: false, seconds: null });
  });

  test('is the table’s own where it has one', () => {
    expect(of({ reloptions: '{autovacuum_vacuum_scale_factor=0.01}' })?.threshold).toBe(60);
    expect(of({ reloptions: '{autovacuum_freeze_max_age=100000}' })?.freezeMaxAge).toBe(100_000);
  });

  test('is bounded by PostgreSQL 18, unless the bound is off', () => {
    expect(of({ reltuples: 1e9 }, { autovacuum_vacuum_max_threshold: '100000000' })?.threshold).toBe(1e8);
    expect(of({ reltuples: 1e9 }, { autovacuum_vacuum_max_threshold: '-1' })?.threshold).toBe(200_000_050);
  });

  test('is none where autovacuum is off, for the table or the server', () => {
    expect(of({ reloptions: '{autovacuum_enabled=off}' })).toMatchObject({ threshold: null, isOff: true });
    expect(of({}, { autovacuum: 'off' })).toMatchObject({ threshold: null, isOff: true });
  });
});

test('old tables are named, and drawn against the limit, once their age is worth a look', () => {
  const of = (age: number) => {
    const tables = [
      { relid: 1, schemaname: 'public', relname: 'old', relkind: 'r', reloptions: null, xid_age: age, mxid_age: 0 },
    ];
    const database = [{ datid: 5, datname: 'app', xid_age: age, mxid_age: 0 }];
    const views = { tables, database };
    const blocks = blocksOf(
      builtFacts({ before: views, after: views, settings: { autovacuum_freeze_max_age: '1000' } }),
      'vacuum',
    );
    return [linesOf(blocks, 'vacuum-age').map((line) => line.table), linesOf(blocks, 'vacuum-age-chart').length];
  };
  expect(of(49)).toEqual([[undefined], 0]);
  expect(of(300)).toEqual([['', 'old'], 4]);
});
