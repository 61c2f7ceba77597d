import { partColumn } from '../../src/engines/postgres-capture-columns.ts';
import type { ColumnType, Value } from '../../src/rows/rows.ts';
import type { SampleMinute } from '../../src/rows/session-samples.ts';
import type { ServerText, Snapshot, SnapshotPart } from '../../src/rows/snapshot.ts';
import { textKey, type WorkloadFacts } from '../../src/workload/facts.ts';
import { rangeOf } from '../../src/workload/range.ts';

export type BuiltRow = Readonly<Record<string, Value>>;
/** Rows by view; those of a database's own views are in `app`. */
export type BuiltViews = Readonly<Record<string, readonly BuiltRow[]>>;

export interface Built {
  readonly before?: BuiltViews;
  readonly after?: BuiltViews;
  /** Snapshots in between, at equal distances. */
  readonly between?: readonly BuiltViews[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly major?: number;
  readonly minutes?: readonly SampleMinute[];
  readonly texts?: Readonly<Record<string, string>>;
  readonly locale?: WorkloadFacts['locale'];
  readonly baseline?: Pick<Built, 'before' | 'between' | 'after' | 'seconds'>;
}

export const START = Date.UTC(2026, 0, 5, 10);
const IN_DATABASE: readonly string[] = ['tables', 'indexes', 'sequences', 'functions', 'table_sizes', 'extensions'];

const typeOf = (values: readonly Value[]): ColumnType => {
  const value = values.find((one) => one !== null);
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text';
};

function part(view: string, rows: readonly BuiltRow[]): SnapshotPart {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => partColumn(view, name, typeOf(rows.map((row) => row[name] ?? null))));
  const scope = IN_DATABASE.includes(view) ? 'app' : '';
  return { view, scope, columns, rows: rows.map((row) => names.map((name) => row[name] ?? null)) };
}

/** One snapshot of these views. */
export function builtSnapshot(
  views: BuiltViews,
  at: number,
  { settings = {}, major = 18 }: Pick<Built, 'settings' | 'major'>,
): Snapshot {
  const settingRows = Object.entries({ block_size: '8192', track_io_timing: 'on', ...settings }).map(
    ([name, setting]) => ({ name, setting, unit: null }),
  );
  const all = { statements: [], ...views, settings: settingRows };
  return {
    id: 0,
    engine: 'postgres',
    identity: {
      ...{ system: '1', node: '127.0.0.1:5432', capturedAt: at, startedAt: START - 3_600_000 },
      ...{ version: `PostgreSQL ${major}.1`, major, timeline: 1, inRecovery: false },
    },
    parts: Object.entries(all).map(([view, rows]) => part(view, rows)),
    missing: [],
  };
}

/** Facts of two snapshots, as a report would have them. */
export function builtFacts(built: Built): WorkloadFacts {
  const { seconds = 600, texts = {}, minutes = [], locale = 'en', baseline } = built;
  const range = (one: Pick<Built, 'before' | 'between' | 'after'>, from: number, length: number) => {
    const moments = [one.before ?? {}, ...(one.between ?? []), one.after ?? {}];
    const step = (length * 1000) / (moments.length - 1);
    return rangeOf(moments.map((views, index) => builtSnapshot(views, from + index * step, built)));
  };
  const known = Object.entries(texts).map(([key, text]): [string, ServerText] => {
    const [kind, scope] = key.includes(' ') ? (['index', 'app'] as const) : (['sql', ''] as const);
    return [textKey(kind, scope, key), { kind, scope, key, text, fullLength: text.length }];
  });
  return {
    cluster: { name: 'main', engine: 'postgres' },
    range: range(built, START, seconds),
    minutes,
    texts: new Map(known),
    trend: [],
    baseline: baseline === undefined ? null : range(baseline, START - 86_400_000, baseline.seconds ?? seconds),
    locale,
    timeZone: 'UTC',
  };
}
