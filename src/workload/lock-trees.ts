import type { SampledLock, SampleMinute } from '../rows/session-samples.ts';

/** Sessions that waited for locks behind one that did not wait, as one look saw them. */
export interface LockTree {
  /** Epoch milliseconds of the look. */
  readonly at: number;
  /** The session at the root; its pid is 0 for a prepared transaction. */
  readonly root: Pick<SampledLock, 'blockerPid' | 'blockerUser' | 'blockerState' | 'blockerQueryId'> & {
    readonly transactionSeconds: number;
  };
  /** In the order of reading: each waiter below the one it waits for, siblings by the length of their wait. */
  readonly waiters: readonly { readonly edge: SampledLock; readonly depth: number }[];
  /** Waiters one below the other: 1 where all stand behind the root itself. */
  readonly depth: number;
}

/**
 * The trees of waiters that looks at the locks saw, one for each session at a root: the deepest that it caused, of those
 * the one with the most waiters, then the one that had lasted longest. The deepest of all comes first.
 */
function lockTrees(minutes: readonly SampleMinute[]): readonly LockTree[] {
  const found = new Map<number, LockTree>();
  for (const { queue } of minutes) {
    for (const tree of queue === undefined ? [] : treesOf(queue.at, queue.edges)) {
      const known = found.get(tree.root.blockerPid);
      if (known === undefined || byWeight(tree, known) < 0) found.set(tree.root.blockerPid, tree);
    }
  }
  return [...found.values()].sort(byWeight);
}

const MOST_SHOWN = 3;

/** Those that are printed. */
export const shownTrees = (minutes: readonly SampleMinute[]): readonly LockTree[] =>
  lockTrees(minutes).slice(0, MOST_SHOWN);

const waited = ({ waiters }: LockTree): number => waiters.reduce((sum, { edge }) => sum + edge.waitSeconds, 0);

const byWeight = (a: LockTree, b: LockTree): number =>
  b.depth - a.depth || b.waiters.length - a.waiters.length || waited(b) - waited(a) || a.at - b.at;

function treesOf(at: number, edges: readonly SampledLock[]): LockTree[] {
  const waiting = new Set(edges.map(({ waiterPid }) => waiterPid));
  const behind = Map.groupBy(edges, ({ blockerPid }) => blockerPid);
  const roots = [...behind.keys()].filter((pid) => !waiting.has(pid));
  return roots.flatMap((pid): LockTree[] => {
    const [first] = behind.get(pid) ?? [];
    if (first === undefined) return [];
    const waiters = [...below(pid, behind, 1, new Set())];
    const { blockerPid, blockerUser, blockerState, blockerQueryId, blockerTransactionSeconds } = first;
    const transactionSeconds = blockerTransactionSeconds;
    const depth = Math.max(...waiters.map((waiter) => waiter.depth));
    return [
      { at, root: { blockerPid, blockerUser, blockerState, blockerQueryId, transactionSeconds }, waiters, depth },
    ];
  });
}

/** A cycle, possible for an instant, has no root and is not entered; one behind a root is cut where it closes. */
function* below(
  pid: number,
  behind: ReadonlyMap<number, readonly SampledLock[]>,
  depth: number,
  passed: Set<number>,
): Generator<LockTree['waiters'][number]> {
  passed.add(pid);
  const waiters = (behind.get(pid) ?? []).toSorted((a, b) => b.waitSeconds - a.waitSeconds);
  for (const edge of waiters) {
    if (passed.has(edge.waiterPid)) continue;
    yield { edge, depth };
    yield* below(edge.waiterPid, behind, depth + 1, passed);
  }
}
