import { describe, expect, test } from 'vitest';
import { rangeOf } from '../../src/workload/range.ts';
import { type BuiltRow, builtFacts, builtSnapshot, START } from './built-facts.ts';
import { blocksOf, linesOf, textIn } from './printed.ts';

const MINUTE = 60_000;

const database = (commits: number): BuiltRow[] => [
  { datid: 5, datname: 'app', xact_commit: commits, xact_rollback: 0, active_time: commits * 100 },
];

/** Snapshots by minute, commits until then and the server that answers. */
function facts(
  taken: readonly (readonly [minute: number, commits: number, node: string])[],
  locale: 'en' | 'ru' | 'zh' = 'en',
) {
  const snapshots = taken.map(([minute, commits, node]) => {
    const built = builtSnapshot({ database: database(commits) }, START + minute * MINUTE, {});
    return { ...built, identity: { ...built.identity, node } };
  });
  return { ...builtFacts({ locale }), range: rangeOf(snapshots) };
}

describe('a failover within a range', () => {
  test('is told by what each server did, per second of its own time', () => {
    const blocks = blocksOf(
      facts([
        [0, 1000, 'a:5432'],
        [10, 7000, 'a:5432'],
        [15, 50, 'b:5432'],
        [20, 650, 'b:5432'],
        [25, 3650, 'b:5432'],
      ]),
      'servers',
    );
    expect(textIn(blocks, 'servers')).toContain('300 s between them are covered by neither');
    expect(linesOf(blocks, 'servers-measures')).toContainEqual({
      ...{ measure: 'Transactions', server1: '10', server2: '6' },
    });
    const [, table] = blocks;
    const labels = JSON.stringify(table?.widget.settings.columns);
    expect(labels).toContain('a:5432');
    expect(labels).toContain('b:5432');
  });

  test.each(['en', 'ru', 'zh'] as const)('names in %s a server of which there is but one snapshot', (locale) => {
    const blocks = blocksOf(
      facts(
        [
          [0, 1000, 'a:5432'],
          [10, 50, 'b:5432'],
          [15, 650, 'b:5432'],
        ],
        locale,
      ),
      'servers',
    );
    expect(textIn(blocks, 'servers')).toMatch(/a:5432/);
    expect(linesOf(blocks, 'servers-measures')[0]).not.toHaveProperty('server2');
  });

  test('is not told of where there was none', () => {
    expect(
      blocksOf(
        facts([
          [0, 1, 'a:5432'],
          [5, 9, 'a:5432'],
        ]),
        'servers',
      ),
    ).toEqual([]);
  });
});
