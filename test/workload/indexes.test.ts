import { describe, expect, test } from 'vitest';
import { duplicateIndexes, indexesOf, invalidIndexes, unusedIndexes } from '../../src/workload/indexes.ts';
import { type BuiltRow, builtFacts } from './built-facts.ts';

/** An index of table 1 on the columns of `indkey`. */
const index = (id: number, name: string, indkey: string, given: BuiltRow = {}): BuiltRow => ({
  ...{ indexrelid: id, relid: 1, schemaname: 'public', indexrelname: name, amname: 'btree', relpages: id, indkey },
  ...{ indclass: indkey.replaceAll(/\d+/g, '1978'), indoption: indkey.replaceAll(/\d+/g, '0') },
  ...{ indcollation: indkey.replaceAll(/\d+/g, '0'), indnkeyatts: indkey.split(' ').length },
  ...{ indisunique: false, indisprimary: false, indisexclusion: false, indisreplident: false, contype: null },
  ...{ indisvalid: true, indisready: true, is_partial: false, is_expression: false },
  ...{ idx_scan: 0, idx_tup_read: 0, idx_tup_fetch: 0, blks_fetched: 0, blks_hit: 0, ...given },
});

const factsOf = (indexes: readonly BuiltRow[], after = indexes, texts: Record<string, string> = {}) =>
  builtFacts({ before: { indexes }, after: { indexes: after }, texts });

const pairs = (indexes: readonly BuiltRow[], texts: Record<string, string> = {}) => {
  const facts = factsOf(indexes, indexes, texts);
  return duplicateIndexes(facts, indexesOf(facts)).map(({ extra, kept, how }) => [extra.name, how, kept.name]);
};

describe('duplicate indexes', () => {
  test('are the same in all, and the younger of two can go, once', () => {
    expect(pairs([index(1, 'a', '2'), index(2, 'b', '2')])).toEqual([['b', 'same', 'a']]);
    expect(pairs([index(2, 'b', '2'), index(1, 'a', '2')])).toEqual([['b', 'same', 'a']]);
  });

  test('are the first columns of another, but not its last ones', () => {
    expect(pairs([index(1, 'a', '2'), index(2, 'ab', '2 3'), index(3, 'b', '3')])).toEqual([['a', 'prefix', 'ab']]);
  });

  test('never go where they are unique and the other is not, or belong to a constraint', () => {
    const unique = index(1, 'u', '2', { indisunique: true });
    expect(pairs([unique, index(2, 'plain', '2')])).toEqual([['plain', 'same', 'u']]);
    expect(pairs([unique, index(2, 'ub', '2 3')])).toEqual([]);
    expect(
      pairs([index(1, 'p', '2', { contype: 'u', indisunique: true }), index(2, 'u', '2', { indisunique: true })]),
    ).toEqual([['u', 'same', 'p']]);
  });

  test('differ by order, method, predicate or validity', () => {
    expect(pairs([index(1, 'a', '2'), index(2, 'b', '2', { indoption: '3' })])).toEqual([]);
    expect(pairs([index(1, 'a', '2'), index(2, 'b', '2', { amname: 'hash' })])).toEqual([]);
    expect(pairs([index(1, 'a', '2'), index(2, 'b', '2', { indisvalid: false })])).toEqual([]);
    const partial = { is_partial: true };
    const texts = (first: string, second: string) => ({
      '1 a': `CREATE INDEX a ON t USING ${first}`,
      '2 b': `CREATE INDEX b ON t USING ${second}`,
    });
    const both = [index(1, 'a', '2', partial), index(2, 'b', '2', partial)];
    expect(pairs(both)).toEqual([]);
    expect(pairs(both, texts('btree (x) WHERE y', 'btree (x) WHERE z'))).toEqual([]);
    expect(pairs(both, texts('btree (x) WHERE y', 'btree (x) WHERE y'))).toEqual([['b', 'same', 'a']]);
  });

  test('carry more columns beside the key: the plain one can go', () => {
    expect(pairs([index(1, 'a', '2'), index(2, 'wide', '2 3', { indnkeyatts: 1 })])).toEqual([['a', 'prefix', 'wide']]);
  });
});

describe('unused indexes', () => {
  test('are those without a scan in the range that may go, the largest first', () => {
    const before = [
      index(1, 'used', '2', { idx_scan: 5 }),
      index(2, 'small', '3', { idx_scan: 5 }),
      index(9, 'large', '4'),
      index(4, 'key', '5', { contype: 'p', indisprimary: true, indisunique: true }),
    ];
    const after = before.map((row) => (row.indexrelname === 'used' ? { ...row, idx_scan: 6 } : row));
    const facts = factsOf(before, [...after, index(10, 'new', '6')]);
    expect(unusedIndexes(indexesOf(facts)).map(({ name }) => name)).toEqual(['large', 'small']);
  });
});

test('an index is invalid when it is so at both ends: else a build is under way', () => {
  const broken = index(1, 'broken', '2', { indisvalid: false });
  const building = index(2, 'building', '3', { indisvalid: false });
  const facts = factsOf([broken], [broken, building]);
  expect(invalidIndexes(facts, indexesOf(facts)).map(({ name }) => name)).toEqual(['broken']);
});
