import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMinuteBook, joinMinutes } from '../../src/rows/sample-minutes.ts';
import type { SampledLock, SampledSession, SampleMinute, SessionSample } from '../../src/rows/session-samples.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

const session = (more: Partial<SampledSession> = {}): SampledSession => ({
  pid: 1,
  database: 'app',
  user: 'web',
  backend: 'client backend',
  state: 'active',
  waitClass: 'CPU',
  waitEvent: null,
  queryId: '7',
  transactionSeconds: 0,
  stateSeconds: 0,
  isParallelWorker: false,
  ...more,
});

const lock = (waiterPid: number, blockerPid: number, more: Partial<SampledLock> = {}): SampledLock => ({
  waiterPid,
  waiterQueryId: `q${waiterPid}`,
  waiterUser: 'web',
  blockerPid,
  lockType: 'transactionid',
  mode: 'ShareLock',
  relation: null,
  database: 'app',
  waitSeconds: 100,
  blockerState: blockerPid < 10 ? 'idle in transaction' : 'active',
  blockerTransactionSeconds: 100,
  blockerQueryId: `q${blockerPid}`,
  blockerUser: 'web',
  ...more,
});

const sample = (seconds: number, sessions: readonly SampledSession[], locks: readonly SampledLock[] | null = null) => ({
  at: START + seconds * 1000,
  sessions,
  locks,
});

function booked(samples: readonly SessionSample[]): readonly SampleMinute[] {
  const book = createMinuteBook();
  return joinMinutes([...samples.flatMap((one) => book.add(one)), ...book.take()]);
}

const secondsOf = (minutes: readonly SampleMinute[]): number =>
  minutes.flatMap(({ groups }) => groups).reduce((sum, { seconds }) => sum + seconds, 0);
const coveredOf = (minutes: readonly SampleMinute[]): number => minutes.reduce((sum, { covered }) => sum + covered, 0);

/** Looks at sessions, with gaps between them of up to some minutes. */
const histories = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 200_000 })),
      waits: fc.array(fc.constantFrom('CPU', 'IO', 'Lock'), { maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((looks) => {
    let at = START;
    return looks.map(({ gap, waits }): SessionSample => {
      at += gap;
      return { at, sessions: waits.map((waitClass, index) => session({ pid: index, waitClass })), locks: null };
    });
  });

describe('minutes of samples', () => {
  test('never hold more session seconds than sessions stood in the time covered, and fill no gap', () => {
    fc.assert(
      fc.property(histories, (samples) => {
        const minutes = booked(samples);
        const most = Math.max(...samples.map(({ sessions }) => sessions.length));
        expect(secondsOf(minutes)).toBeLessThanOrEqual(coveredOf(minutes) * most + 1e-6);
        const steps = samples.map(({ at }, index) => (index === 0 ? 1 : (at - (samples[index - 1]?.at ?? at)) / 1000));
        const covered = steps.filter((step) => step <= 5).reduce((sum, step) => sum + step, 0);
        expect(coveredOf(minutes)).toBeCloseTo(covered, 6);
        expect(minutes.reduce((sum, one) => sum + one.samples, 0)).toBe(samples.length);
        expect(minutes.map(({ minute }) => minute)).toEqual([
          ...new Set(samples.map(({ at }) => Math.floor(at / MINUTE) * MINUTE)),
        ]);
      }),
    );
  });

  test('are the same however often they are written', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 7 }), (samples, every) => {
        const book = createMinuteBook();
        const parts = samples.flatMap((one, index) => [...book.add(one), ...(index % every === 0 ? book.take() : [])]);
        const joined = joinMinutes([...parts, ...book.take()]);
        const whole = booked(samples);
        expect(joined.map(({ minute, samples: count }) => [minute, count])).toEqual(
          whole.map(({ minute, samples: count }) => [minute, count]),
        );
        expect(secondsOf(joined)).toBeCloseTo(secondsOf(whole), 6);
        expect(coveredOf(joined)).toBeCloseTo(coveredOf(whole), 6);
      }),
    );
  });

  test('count sessions of a kind together and keep the most at once', () => {
    const [minute] = booked([sample(0, [session(), session({ pid: 2 })]), sample(1, [session()]), sample(2, [])]);
    expect(minute).toMatchObject({ samples: 3, covered: 3, groups: [{ seconds: 3, sessionsMax: 2, queryId: '7' }] });
  });

  test('keep a parallel worker apart from sessions', () => {
    const [minute] = booked([sample(0, [session(), session({ pid: 2, isParallelWorker: true })])]);
    expect(minute?.groups.map(({ backend, seconds }) => [backend, seconds])).toEqual([
      ['client backend', 1],
      ['parallel worker', 1],
    ]);
  });
});

describe('the queue for locks of a minute', () => {
  test('is that of the look at which sessions had waited longest, and stays so when parts are joined', () => {
    const short = sample(0, [], [lock(11, 1, { waitSeconds: 2 })]);
    const long = sample(5, [], [lock(11, 1, { waitSeconds: 7 }), lock(12, 11, { waitSeconds: 3 })]);
    const later = sample(10, [], [lock(12, 1, { waitSeconds: 8 })]);
    const [minute] = booked([short, long, later, sample(15, [])]);
    expect(minute?.queue?.at).toBe(long.at);
    const [joined] = joinMinutes([...booked([short]), ...booked([long]), ...booked([later])]);
    expect(joined?.queue).toEqual(minute?.queue);
  });

  test('has each waiter once: behind the one of its blockers that has waited longest, else behind one that does not wait', () => {
    const edges = [
      lock(13, 1),
      lock(13, 12, { waitSeconds: 50 }),
      lock(13, 11),
      lock(12, 1, { waitSeconds: 60 }),
      lock(11, 1),
    ];
    const [minute] = booked([sample(0, [], edges)]);
    expect(minute?.queue?.edges.map(({ waiterPid, blockerPid }) => [waiterPid, blockerPid])).toEqual([
      [13, 11],
      [12, 1],
      [11, 1],
    ]);
  });

  test('is missing where nobody waited', () => {
    expect(booked([sample(0, [])])[0]?.queue).toBeUndefined();
  });
});

describe('who held others up', () => {
  const blockers = (samples: readonly SessionSample[]) => booked(samples).flatMap((minute) => minute.blockers);

  test('is the root of a chain, charged for all who wait behind it', () => {
    const chain = [lock(12, 11), lock(11, 1), lock(13, 12)];
    expect(blockers([sample(0, [], chain)])).toMatchObject([
      { pid: 1, state: 'idle in transaction', blockedSeconds: 15, waiterQueryIds: ['q12', 'q11', 'q13'] },
    ]);
  });

  test('is charged for the time between two looks at locks, not between two looks at sessions', () => {
    const samples = Array.from({ length: 11 }, (_, second) =>
      sample(second, [], second % 5 === 0 ? [lock(11, 1)] : null),
    );
    expect(blockers(samples)).toMatchObject([{ pid: 1, blockedSeconds: 15 }]);
  });

  test('is charged for no more than the wait has lasted', () => {
    expect(blockers([sample(0, [], [lock(11, 1, { waitSeconds: 0.4 })])])).toMatchObject([{ blockedSeconds: 0.4 }]);
  });

  test('are both of two who hold the same waiter up', () => {
    const found = blockers([sample(0, [], [lock(11, 1), lock(11, 2)])]);
    expect(found.map(({ pid, blockedSeconds }) => [pid, blockedSeconds])).toEqual([
      [1, 5],
      [2, 5],
    ]);
  });

  test('is found in any graph of waiters, cycles too: always one who blocks, each waiter charged once to each root', () => {
    const edges = fc.array(fc.tuple(fc.integer({ min: 10, max: 16 }), fc.integer({ min: 8, max: 16 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(edges, (pairs) => {
        const locks = pairs.map(([waiter, blocker]) => lock(waiter, blocker));
        const found = blockers([sample(0, [], locks)]);
        const waiting = new Set(locks.map(({ waiterPid }) => waiterPid));
        const blocking = new Set(locks.map(({ blockerPid }) => blockerPid));
        for (const { pid, blockedSeconds } of found) {
          expect(blocking.has(pid)).toBe(true);
          expect(blockedSeconds).toBeLessThanOrEqual(5 * waiting.size);
        }
        expect(found.length > 0).toBe(locks.length > 0);
      }),
    );
  });
});
