import type {
  SampledBlocker,
  SampledLock,
  SampledQueue,
  SampleGroup,
  SampleMinute,
  SessionSample,
} from './session-samples.ts';

/** Adds samples up to minutes. */
export interface MinuteBook {
  /** Add a sample; answers the minutes that it ended. Samples come in order of time. */
  add(sample: SessionSample): readonly SampleMinute[];
  /** What the minute under way has so far; it begins anew, and its parts are joined by `joinMinutes`. */
  take(): readonly SampleMinute[];
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
  queue?: SampledQueue;
}

/**
 * @param firstStep seconds that the first sample stands for.
 * @param lengthMs of a minute: a short watch has shorter ones, of which a minute is a multiple.
 */
export function createMinuteBook(firstStep = 1, lengthMs = MINUTE_MS): MinuteBook {
  let open: OpenMinute | null = null;
  let last: number | null = null;
  let lastLocks: number | null = null;
  return {
    add: (sample) => {
      const minute = Math.floor(sample.at / lengthMs) * lengthMs;
      const ended = open !== null && open.minute !== minute ? [closed(open)] : [];
      if (open === null || open.minute !== minute) open = emptyMinute(minute);
      const step = last === null ? firstStep : (sample.at - last) / 1000;
      last = sample.at;
      if (step <= 0 || step > LONGEST_STEP_SECONDS) open.samples += 1;
      else addSample(open, sample, step);
      if (sample.locks !== null) {
        const since = lastLocks === null ? Number.POSITIVE_INFINITY : (sample.at - lastLocks) / 1000;
        addBlockers(open, sample.locks, Math.min(Math.max(since, 0), LONGEST_STEP_SECONDS));
        lastLocks = sample.at;
        keepLonger(open, { at: sample.at, edges: sample.locks });
      }
      return ended;
    },
    take: () => {
      const taken = open === null || open.samples === 0 ? [] : [closed(open)];
      open = null;
      return taken;
    },
  };
}

/** Parts of minutes, in order of time, as whole minutes: of two processes, or written one after the other. */
export function joinMinutes(parts: readonly SampleMinute[]): readonly SampleMinute[] {
  const minutes = new Map<number, OpenMinute>();
  for (const part of parts) {
    const open = minutes.get(part.minute) ?? emptyMinute(part.minute);
    minutes.set(part.minute, open);
    open.samples += part.samples;
    open.covered += part.covered;
    for (const group of part.groups) joinGroup(open, group);
    for (const blocker of part.blockers) joinBlocker(open, blocker);
    if (part.queue !== undefined) keepLonger(open, part.queue);
  }
  return [...minutes.values()].map(closed);
}

/** One look of a minute is kept: the one at which sessions had waited longest for locks, all together. */
function keepLonger(minute: OpenMinute, queue: SampledQueue): void {
  const waited = ({ edges }: SampledQueue): number => edges.reduce((sum, { waitSeconds }) => sum + waitSeconds, 0);
  const found = { at: queue.at, edges: treeOf(queue.edges) };
  if (found.edges.length > 0 && (minute.queue === undefined || waited(found) > waited(minute.queue))) {
    minute.queue = found;
  }
}

/**
 * One edge a waiter, for it may stand behind several: to the one of them that waits the longest itself, so that who came
 * first in the queue stands above those behind; to one that does not wait where none of them does.
 */
function treeOf(edges: readonly SampledLock[]): readonly SampledLock[] {
  const waits = new Map(edges.map(({ waiterPid, waitSeconds }) => [waiterPid, waitSeconds]));
  const chosen = new Map<number, SampledLock>();
  for (const edge of edges) {
    const known = chosen.get(edge.waiterPid);
    const length = waits.get(edge.blockerPid) ?? -1;
    if (known === undefined || length > (waits.get(known.blockerPid) ?? -1)) chosen.set(edge.waiterPid, edge);
  }
  return [...chosen.values()];
}

function joinGroup({ groups }: OpenMinute, group: SampleGroup): void {
  const key = groupKey(group);
  const known = groups.get(key);
  if (known === undefined) groups.set(key, { ...group });
  else {
    known.seconds += group.seconds;
    known.sessionsMax = Math.max(known.sessionsMax, group.sessionsMax);
    known.transactionSecondsMax = Math.max(known.transactionSecondsMax, group.transactionSecondsMax);
    known.stateSecondsMax = Math.max(known.stateSecondsMax, group.stateSecondsMax);
  }
}

function joinBlocker({ blockers }: OpenMinute, blocker: SampledBlocker): void {
  const known = blockers.get(String(blocker.pid));
  if (known === undefined) blockers.set(String(blocker.pid), { ...blocker });
  else {
    known.blockedSeconds += blocker.blockedSeconds;
    known.longestWaitSeconds = Math.max(known.longestWaitSeconds, blocker.longestWaitSeconds);
    known.transactionSeconds = Math.max(known.transactionSeconds, blocker.transactionSeconds);
    known.waiterQueryIds = [...new Set([...known.waiterQueryIds, ...blocker.waiterQueryIds])];
  }
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
}

function groupKey({ database, user, queryId, state, waitClass, waitEvent, backend }: SampleGroup): string {
  return JSON.stringify([database, user, queryId, state, waitClass, waitEvent, backend]);
}

function groupOf(minute: OpenMinute, session: SessionSample['sessions'][number]): Growing<SampleGroup> {
  const { database, user, state, waitClass, waitEvent, isParallelWorker } = session;
  const isOverflow = minute.groups.size >= MOST_GROUPS;
  const backend = isParallelWorker ? 'parallel worker' : session.backend;
  const queryId = isOverflow ? null : session.queryId;
  const names = isOverflow ? { database: null, user: null } : { database, user };
  const nothing = { seconds: 0, sessionsMax: 0, transactionSecondsMax: 0, stateSecondsMax: 0 };
  const group = { ...names, queryId, state, waitClass, waitEvent, backend, ...nothing };
  const key = groupKey(group);
  const known = minute.groups.get(key);
  if (known !== undefined) return known;
  minute.groups.set(key, group);
  return group;
}

/**
 * Charge the time of waiters to the roots: those who block and do not wait themselves.
 * @param since seconds since locks were looked at before: they are looked at less often than sessions.
 */
function addBlockers(minute: OpenMinute, locks: readonly SampledLock[], since: number): void {
  const waiting = new Map(locks.map((lock) => [lock.waiterPid, lock]));
  const seen = new Set<string>();
  for (const lock of locks) {
    const root = rootOf(lock, waiting);
    const edge = `${root.blockerPid} ${lock.waiterPid}`;
    if (seen.has(edge)) continue;
    seen.add(edge);
    const blocker = blockerOf(minute, root);
    blocker.blockedSeconds += Math.min(since, Math.max(lock.waitSeconds, 0));
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
