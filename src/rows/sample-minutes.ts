import type { SampledBlocker, SampledLock, SampleGroup, SampleMinute, SessionSample } from './session-samples.ts';

/** Adds samples up to minutes. */
export interface MinuteBook {
  /** Add a sample; answers the minutes that it ended. Samples come in order of time. */
  add(sample: SessionSample): readonly SampleMinute[];
  /** The minute under way, where it has samples. */
  rest(): readonly SampleMinute[];
}

const MINUTE_MS = 60_000;
/** A longer time between two samples is a gap, not load. */
const LONGEST_STEP_SECONDS = 5;
/** More groups in a minute than a report could print: the rest is added to one. */
const MOST_GROUPS = 2000;

type Growing<T> = { -readonly [K in keyof T]: T[K] };

interface OpenMinute {
  readonly minute: number;
  samples: number;
  covered: number;
  readonly groups: Map<string, Growing<SampleGroup>>;
  readonly blockers: Map<string, Growing<SampledBlocker>>;
}

/** @param firstStep seconds that the first sample stands for. */
export function createMinuteBook(firstStep = 1): MinuteBook {
  let open: OpenMinute | null = null;
  let last: number | null = null;
  return {
    add: (sample) => {
      const minute = Math.floor(sample.at / MINUTE_MS) * MINUTE_MS;
      const ended = open !== null && open.minute !== minute ? [closed(open)] : [];
      if (open === null || open.minute !== minute) open = emptyMinute(minute);
      const step = last === null ? firstStep : (sample.at - last) / 1000;
      last = sample.at;
      if (step <= 0 || step > LONGEST_STEP_SECONDS) {
        open.samples += 1;
        return ended;
      }
      addSample(open, sample, step);
      return ended;
    },
    rest: () => (open === null || open.samples === 0 ? [] : [closed(open)]),
  };
}

const emptyMinute = (minute: number): OpenMinute => ({
  minute,
  samples: 0,
  covered: 0,
  groups: new Map(),
  blockers: new Map(),
});

const closed = ({ groups, blockers, ...minute }: OpenMinute): SampleMinute => ({
  ...minute,
  groups: [...groups.values()],
  blockers: [...blockers.values()],
});

function addSample(minute: OpenMinute, sample: SessionSample, step: number): void {
  minute.samples += 1;
  minute.covered += step;
  const counts = new Map<Growing<SampleGroup>, number>();
  for (const session of sample.sessions) {
    const group = groupOf(minute, session);
    group.seconds += step;
    counts.set(group, (counts.get(group) ?? 0) + 1);
    group.transactionSecondsMax = Math.max(group.transactionSecondsMax, session.transactionSeconds);
    group.stateSecondsMax = Math.max(group.stateSecondsMax, session.stateSeconds);
  }
  for (const [group, count] of counts) group.sessionsMax = Math.max(group.sessionsMax, count);
  if (sample.locks !== null) addBlockers(minute, sample.locks, step);
}

function groupOf(minute: OpenMinute, session: SessionSample['sessions'][number]): Growing<SampleGroup> {
  const { database, user, state, waitClass, waitEvent, isParallelWorker } = session;
  const isOverflow = minute.groups.size >= MOST_GROUPS;
  const backend = isParallelWorker ? 'parallel worker' : session.backend;
  const queryId = isOverflow ? null : session.queryId;
  const names = isOverflow ? { database: null, user: null } : { database, user };
  const facts = { ...names, queryId, state, waitClass, waitEvent, backend };
  const key = JSON.stringify(Object.values(facts));
  const known = minute.groups.get(key);
  if (known !== undefined) return known;
  const group = { ...facts, seconds: 0, sessionsMax: 0, transactionSecondsMax: 0, stateSecondsMax: 0 };
  minute.groups.set(key, group);
  return group;
}

/** Charge the time of waiters to the roots: those who block and do not wait themselves. */
function addBlockers(minute: OpenMinute, locks: readonly SampledLock[], step: number): void {
  const waiting = new Map(locks.map((lock) => [lock.waiterPid, lock]));
  const seen = new Set<string>();
  for (const lock of locks) {
    const root = rootOf(lock, waiting);
    const edge = `${root.blockerPid} ${lock.waiterPid}`;
    if (seen.has(edge)) continue;
    seen.add(edge);
    const blocker = blockerOf(minute, root);
    blocker.blockedSeconds += step;
    blocker.longestWaitSeconds = Math.max(blocker.longestWaitSeconds, lock.waitSeconds);
    blocker.transactionSeconds = Math.max(blocker.transactionSeconds, root.blockerTransactionSeconds);
    if (lock.waiterQueryId !== null && !blocker.waiterQueryIds.includes(lock.waiterQueryId)) {
      blocker.waiterQueryIds = [...blocker.waiterQueryIds, lock.waiterQueryId];
    }
  }
}

/** Up the tree of waiters; a cycle, possible for an instant, ends where it was entered. */
function rootOf(lock: SampledLock, waiting: ReadonlyMap<number, SampledLock>): SampledLock {
  const passed = new Set<number>();
  let current = lock;
  for (;;) {
    const next = waiting.get(current.blockerPid);
    if (next === undefined || passed.has(current.blockerPid)) return current;
    passed.add(current.blockerPid);
    current = next;
  }
}

function blockerOf(minute: OpenMinute, root: SampledLock): Growing<SampledBlocker> {
  const known = minute.blockers.get(String(root.blockerPid));
  if (known !== undefined) return known;
  const blocker: Growing<SampledBlocker> = {
    pid: root.blockerPid,
    state: root.blockerState,
    transactionSeconds: root.blockerTransactionSeconds,
    lockType: root.lockType,
    mode: root.mode,
    relation: root.relation,
    database: root.database,
    user: root.blockerUser,
    queryId: root.blockerQueryId,
    waiterQueryIds: [],
    blockedSeconds: 0,
    longestWaitSeconds: 0,
  };
  minute.blockers.set(String(root.blockerPid), blocker);
  return blocker;
}
