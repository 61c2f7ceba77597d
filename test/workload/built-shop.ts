import type { SampledLock, SampleGroup, SampleMinute } from '../../src/rows/session-samples.ts';
import type { ServerText, Snapshot } from '../../src/rows/snapshot.ts';
import { type TrendPoint, textKey, type WorkloadFacts } from '../../src/workload/facts.ts';
import { snapshotMetricsOf } from '../../src/workload/metrics.ts';
import { type Range, rangeOf } from '../../src/workload/range.ts';
import { builtSnapshot } from './built-facts.ts';
import { type Moment, QUERIES, shopViews } from './built-shop-views.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** The start of the day that is reported: a Monday in Europe/Moscow. */
export const MONDAY = Date.UTC(2026, 3, 26, 21);

const SETTINGS = {
  ...{ max_connections: '100', superuser_reserved_connections: '3', reserved_connections: '0', work_mem: '4096' },
  ...{ autovacuum_vacuum_threshold: '50', autovacuum_vacuum_scale_factor: '0.2', max_wal_size: '1024' },
};

/** The busy quarter of an hour in which a session holds others up. */
const JAM = { from: MONDAY + 14 * HOUR + 10 * MINUTE, to: MONDAY + 14 * HOUR + 25 * MINUTE };

/** Numbers between 0 and 1 that look random and are the same everywhere. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Share of the day's peak, by hour of a shop's day. */
const RHYTHM = [
  ...[0.12, 0.08, 0.06, 0.05, 0.06, 0.1, 0.2, 0.38, 0.6, 0.78, 0.9, 0.96],
  ...[0.88, 0.92, 1, 0.94, 0.86, 0.8, 0.84, 0.9, 0.72, 0.5, 0.32, 0.2],
];

const rhythmAt = (at: number): number => {
  const hour = Math.floor((at - MONDAY) / HOUR);
  const inDay = ((hour % 24) + 24) % 24;
  return RHYTHM[inDay] ?? 0.5;
};

export interface ShopDay {
  readonly locale?: WorkloadFacts['locale'];
  /** Hours between two snapshots. */
  readonly stepHours?: number;
  /** False: nobody looked at the sessions. */
  readonly isSampled?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A day of a web shop on PostgreSQL 18, made up of formulae: an hour's rhythm, one statement that reads a table from end to
 * end and became slower than the day before, sorts that spill at night, and a session that is idle in a transaction in the
 * afternoon while others wait for its row.
 */
export function shopDay(day: ShopDay = {}): WorkloadFacts {
  const { locale = 'en', stepHours = 1, isSampled = true, settings = {} } = day;
  const moments = momentsBetween(MONDAY - 24 * HOUR, MONDAY + 24 * HOUR, stepHours);
  const snapshots = moments.map(
    (moment): Snapshot => builtSnapshot(shopViews(moment), moment.at, { settings: { ...SETTINGS, ...settings } }),
  );
  const ofDay = snapshots.filter(({ identity }) => identity.capturedAt >= MONDAY);
  const before = snapshots.filter(({ identity }) => identity.capturedAt <= MONDAY);
  const range = rangeOf(ofDay);
  return {
    cluster: { name: 'shop-primary', engine: 'postgres' },
    range,
    minutes: isSampled ? sampledMinutes() : [],
    texts: new Map(QUERIES.map(({ id, text }) => [textKey('sql', '', id), sqlText(id, text)])),
    trend: trendOfDays(snapshots),
    baseline: rangeOf([before[0], before.at(-1)].filter((one) => one !== undefined)),
    locale,
    timeZone: 'Europe/Moscow',
  };
}

const sqlText = (key: string, text: string): ServerText => ({
  ...{ kind: 'sql', scope: '', key, text, fullLength: text.length },
});

function momentsBetween(from: number, to: number, stepHours: number): Moment[] {
  const next = dice(11);
  const found: Moment[] = [];
  let work = 400;
  let slowWork = 400;
  for (let at = from; at <= to; at += stepHours * HOUR) {
    found.push({ at, work, slowWork, hours: 24 + (at - from) / HOUR, load: rhythmAt(at), isAfternoon: at >= JAM.to });
    const hour = rhythmAt(at) * (0.94 + next() * 0.12) * stepHours;
    work += hour;
    slowWork += hour * (at >= MONDAY ? 2.4 : 1);
  }
  return found;
}

const trendOfDays = (snapshots: readonly Snapshot[]): readonly TrendPoint[] =>
  snapshots.map((snapshot, at) => {
    const before = snapshots[at - 1];
    const metrics = before === undefined ? new Map() : snapshotMetricsOf(rangeOf([before, snapshot]) as Range);
    return { at: snapshot.identity.capturedAt, metrics };
  });

const group = (waitClass: string, waitEvent: string | null, seconds: number, more: Partial<SampleGroup> = {}) =>
  ({
    ...{ database: 'app', user: 'web', queryId: null, state: 'active', waitClass, waitEvent, seconds },
    ...{ backend: 'client backend', sessionsMax: 4, transactionSecondsMax: 2, stateSecondsMax: 1, ...more },
  }) satisfies SampleGroup;

function sampledMinutes(): readonly SampleMinute[] {
  const next = dice(3);
  return Array.from({ length: 24 * 60 }, (_, index): SampleMinute => {
    const minute = MONDAY + index * MINUTE;
    const load = rhythmAt(minute) * 23 * (0.8 + next() * 0.4);
    const isJam = minute >= JAM.from && minute < JAM.to;
    const [cart, report, jobs] = QUERIES.map(({ id }) => id);
    const held = { state: 'idle in transaction', transactionSecondsMax: 910, stateSecondsMax: 905, user: 'office' };
    return {
      minute,
      samples: 60,
      covered: 60,
      groups: [
        group('CPU', null, load * 1.6, { queryId: cart ?? null }),
        group('CPU', null, load * 0.9, { queryId: report ?? null }),
        group('IO', 'DataFileRead', load * 1.1, { queryId: report ?? null }),
        group('LWLock', 'WALWrite', load * 0.25 * (0.5 + next())),
        group('Client', 'ClientWrite', load * 0.06 * next()),
        ...(index < 180 && index >= 120
          ? [group('IO', 'BufFileWrite', 48, { queryId: jobs ?? null, user: 'jobs' })]
          : []),
        ...(isJam ? [group('Lock', 'transactionid', 380), group('Idle in transaction', 'ClientRead', 60, held)] : []),
      ],
      blockers: isJam ? [blockerAt(minute)] : [],
      ...(isJam ? { queue: queueAt(minute) } : {}),
    };
  });
}

const [, , , UPDATE = '', HOLDER = ''] = QUERIES.map(({ id }) => id);
const STOCK = '16410';
const ROOT_PID = 41_873;

const blockerAt = (minute: number): SampleMinute['blockers'][number] => ({
  ...{ pid: ROOT_PID, state: 'idle in transaction', transactionSeconds: (minute - JAM.from) / 1000 + 65 },
  ...{ lockType: 'transactionid', mode: 'ShareLock', relation: STOCK, database: 'app', user: 'office' },
  ...{ queryId: HOLDER, waiterQueryIds: [UPDATE], blockedSeconds: 380 },
  longestWaitSeconds: (minute - JAM.from) / 1000 + 60,
});

/** Eight waiters: six stand behind the one that is first in the queue for the row, one behind one of them. */
function queueAt(minute: number): NonNullable<SampleMinute['queue']> {
  const held = (minute - JAM.from) / 1000 + 60;
  const edge = (waiter: number, blocker: number, waited: number, mode: string): SampledLock => ({
    ...{ waiterPid: waiter, waiterQueryId: UPDATE, waiterUser: 'web', blockerPid: blocker },
    lockType: blocker === ROOT_PID ? 'transactionid' : 'tuple',
    ...{ mode, relation: blocker === ROOT_PID ? null : STOCK, database: 'app', waitSeconds: waited },
    blockerState: blocker === ROOT_PID ? 'idle in transaction' : 'active',
    blockerTransactionSeconds: blocker === ROOT_PID ? held + 5 : waited + 1,
    blockerQueryId: blocker === ROOT_PID ? HOLDER : UPDATE,
    blockerUser: blocker === ROOT_PID ? 'office' : 'web',
  });
  const first = 42_010;
  const behind = [42_011, 42_014, 42_015, 42_019, 42_022, 42_031];
  return {
    at: minute + 58_000,
    edges: [
      edge(first, ROOT_PID, held, 'ShareLock'),
      ...behind.map((pid, at) => edge(pid, first, held - 4 - at * 3.5, 'ExclusiveLock')),
      edge(42_040, behind[5] ?? first, held - 31, 'ExclusiveLock'),
    ],
  };
}
