import { describe, expect, test } from 'vitest';
import type { SampledLock, SampleMinute } from '../../src/rows/session-samples.ts';
import { shownTrees } from '../../src/workload/lock-trees.ts';
import { workloadReport } from '../../src/workload/report.ts';
import { shopDay } from './built-shop.ts';
import { blocksOf, linesOf } from './printed.ts';

const edge = (waiterPid: number, blockerPid: number, waitSeconds = 10): SampledLock => ({
  ...{ waiterPid, waiterQueryId: `${waiterPid}`, waiterUser: 'web', blockerPid, lockType: 'transactionid' },
  ...{ mode: 'ShareLock', relation: null, database: 'app', waitSeconds, blockerState: 'active' },
  ...{ blockerTransactionSeconds: 60, blockerQueryId: `${blockerPid}`, blockerUser: 'office' },
});

const looks = (...all: readonly (readonly SampledLock[])[]): readonly SampleMinute[] =>
  all.map((edges, index) => ({
    ...{ minute: index * 60_000, samples: 60, covered: 60, groups: [], blockers: [] },
    queue: { at: index * 60_000, edges },
  }));

const drawn = (minutes: readonly SampleMinute[]) =>
  shownTrees(minutes).map(({ root, waiters }) => [
    root.blockerPid,
    ...waiters.map(({ edge: { waiterPid }, depth }) => `${'-'.repeat(depth)}${waiterPid}`),
  ]);

describe('trees of waiters', () => {
  test('have each waiter below the one it waits for, those who wait longest first', () => {
    expect(drawn(looks([edge(3, 2), edge(2, 1, 20), edge(4, 2, 15), edge(5, 1, 30)]))).toEqual([
      [1, '-5', '-2', '--4', '--3'],
    ]);
  });

  test('are one for each root: the deepest that was seen, and the deepest of all first; three at most', () => {
    const seen = looks(
      [edge(2, 1), edge(12, 11)],
      [edge(2, 1), edge(3, 2)],
      [edge(22, 21)],
      [edge(32, 31), edge(33, 31)],
    );
    expect(drawn(seen)).toEqual([
      [1, '-2', '--3'],
      [31, '-32', '-33'],
      [11, '-12'],
    ]);
  });

  test('are cut where they close to a circle, which may be seen for an instant; a circle without a root is none', () => {
    expect(drawn(looks([edge(1, 2), edge(2, 1)]))).toEqual([]);
    expect(drawn(looks([edge(2, 1), edge(3, 2), edge(2, 3)]))).toEqual([[1, '-2', '--3']]);
  });

  test('are nothing where nobody waited, or where minutes were stored without them', () => {
    expect(drawn([{ minute: 0, samples: 60, covered: 60, groups: [], blockers: [] }])).toEqual([]);
  });
});

describe('a session that is idle in a transaction while nine wait', () => {
  const facts = shopDay();
  const lines = linesOf(blocksOf(facts, 'locks'), 'locks-tree');

  test('stands above them, with what it ran; each is behind the one above it', () => {
    expect(lines[0]).toMatchObject({
      session: '41873 office',
      behind: '',
      waits: 'idle in transaction, open for 15.1 min',
    });
    expect(lines[0]?.statement).toMatch(/^UPDATE stock SET counted/);
    expect(lines[1]).toMatchObject({
      session: '└ 42010 web',
      behind: '41873',
      waits: 'transactionid ShareLock',
    });
    expect(lines.at(-1)).toMatchObject({ session: '\u2003\u2003└ 42040 web', behind: '42031' });
    expect(lines).toHaveLength(9);
  });

  test('and every statement in the tree has its text in the report', () => {
    const places = JSON.stringify(workloadReport(facts, ['locks', 'texts']));
    for (const { sql } of lines) expect(places).toContain(`sql-${String(sql)}`);
  });
});
