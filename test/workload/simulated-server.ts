import { partColumn } from '../../src/engines/postgres-capture-columns.ts';
import type { Value } from '../../src/rows/rows.ts';
import type { MissingPart, Snapshot, SnapshotPart } from '../../src/rows/snapshot.ts';

/** A fake: the counters of a PostgreSQL as its documentation and observation say they behave, with what really happened beside. */
export interface SimulatedServer {
  happen(event: SimulatedEvent): void;
  /** @param unread views that cannot be read this time. */
  snapshot(unread?: readonly string[]): Taken;
}

export interface Taken {
  readonly snapshot: Snapshot;
  /** By row and counter, all that was counted since the beginning, whatever was reset. */
  readonly truth: ReadonlyMap<string, number>;
}

export const EVENTS = [
  ...['work', 'work', 'work', 'work', 'restart', 'session killed', 'immediate stop', 'postmaster killed'],
  ...['reset database', 'reset table', 'reset shared', 'reset statements', 'reset statement', 'evict'],
  ...['drop table', 'make table again', 'rename table', 'rewrite table', 'drop index', 'reindex'],
  ...['drop database', 'make database again', 'failover', 'promotion'],
] as const;
export type SimulatedEvent = { readonly kind: (typeof EVENTS)[number]; readonly pick: number; readonly amount: number };

interface Counted {
  /** Names it for the truth, over resets, renames and new ids. */
  uid: string;
  counters: Record<string, number>;
}
interface Table extends Counted {
  id: number;
  name: string;
  file: number;
  indexes: (Counted & { id: number; name: string })[];
}
interface DatabaseState extends Counted {
  id: number;
  name: string;
  stamp: number | null;
  tables: Table[];
}
interface StatementState extends Counted {
  id: number;
  nested: boolean;
  min: number;
  max: number;
  squares: number;
  since: number;
}

const SHARED = ['wal', 'bgwriter', 'archiver', 'slru'] as const;
const STEP_MS = 30_000;

export function simulateServer(major: number): SimulatedServer {
  let [now, startedAt, timeline, inRecovery, node, ids] = [
    Date.UTC(2026, 0, 5),
    Date.UTC(2026, 0, 1),
    1,
    true,
    1,
    16_000,
  ];
  const truth = new Map<string, number>();
  const shared = new Map(SHARED.map((view) => [view as string, { stamp: startedAt, count: 1000 }]));
  let info = { dealloc: 0, stamp: startedAt };
  const nextId = (): number => (ids += 1);
  const zero = (one: Counted): void => {
    for (const name of Object.keys(one.counters)) one.counters[name] = 0;
  };
  const count = (one: Counted, name: string, amount: number): void => {
    one.counters[name] = (one.counters[name] ?? 0) + amount;
    const key = `${one.uid} ${name}`;
    truth.set(key, (truth.get(key) ?? 0) + amount);
  };
  const newIndex = (name: string): Table['indexes'][number] => {
    const id = nextId();
    return { id, name, uid: `index ${id}`, counters: { idx_scan: 0, blks_fetched: 0 } };
  };
  const newTable = (name: string): Table => {
    const id = nextId();
    const indexes = [newIndex(`${name}_a`), newIndex(`${name}_b`)];
    return { id, name, file: id, uid: `table ${id}`, counters: { seq_scan: 0, n_tup_ins: 0 }, indexes };
  };
  const newDatabase = (name: string): DatabaseState => {
    const id = nextId();
    const counters = { xact_commit: 0, blks_hit: 0, active_time: 0 };
    const tables = ['a', 'b', 'c'].map((table) => newTable(`${name}_${table}`));
    return { id, name, uid: `database ${id}`, counters, stamp: major === 13 ? now : null, tables };
  };
  let databases = ['app', 'shop'].map(newDatabase);
  let statements: StatementState[] = [];

  const work = ({ pick, amount }: SimulatedEvent): void => {
    const database = databases[pick % databases.length];
    if (database === undefined) return;
    for (const name of Object.keys(database.counters)) count(database, name, amount);
    const table = database.tables[pick % database.tables.length];
    if (table !== undefined) {
      for (const name of ['seq_scan', 'n_tup_ins']) count(table, name, amount);
      const index = table.indexes[amount % Math.max(1, table.indexes.length)];
      if (index !== undefined) {
        for (const name of ['idx_scan', 'blks_fetched']) count(index, name, amount);
        truth.set(`${table.uid} idx_scan`, (truth.get(`${table.uid} idx_scan`) ?? 0) + amount);
      }
    }
    for (const [view, state] of shared) {
      state.count += amount;
      truth.set(view, (truth.get(view) ?? 0) + amount);
    }
    execute(pick % 7, amount);
  };

  const execute = (id: number, amount: number): void => {
    let statement = statements.find((one) => one.id === id);
    if (statement === undefined) {
      const life = { min: Number.POSITIVE_INFINITY, max: 0, squares: 0, since: now };
      statement = { id, nested: id % 3 === 2, uid: `statement ${id}`, counters: {}, ...life };
      statements.push(statement);
    }
    for (let call = 0; call < 1 + (amount % 12); call += 1) {
      const ms = ((amount * (call + 3)) % 97) + 0.125;
      for (const [name, value] of Object.entries({ calls: 1, rows: 2, total_exec_time: ms, shared_blks_hit: amount })) {
        count(statement, name, value);
      }
      [statement.min, statement.max] = [Math.min(statement.min, ms), Math.max(statement.max, ms)];
      statement.squares += ms * ms;
    }
  };

  const crash = (losesStatements: boolean): void => {
    for (const state of shared.values()) Object.assign(state, { stamp: now, count: 0 });
    for (const database of databases) {
      database.stamp = major === 13 ? now : null;
      zero(database);
      for (const table of database.tables) for (const one of [table, ...table.indexes]) zero(one);
    }
    if (losesStatements) [statements, info] = [[], { dealloc: 0, stamp: now }];
  };

  const happenings: Record<
    SimulatedEvent['kind'],
    (event: SimulatedEvent, database: DatabaseState, table: Table | undefined) => void
  > = {
    work,
    restart: () => {
      startedAt = now;
    },
    'session killed': () => crash(true),
    'immediate stop': () => {
      startedAt = now;
      crash(false);
    },
    'postmaster killed': () => {
      startedAt = now;
      crash(true);
    },
    'reset database': (_, database) => {
      database.stamp = now;
      zero(database);
      for (const table of database.tables) for (const one of [table, ...table.indexes]) zero(one);
    },
    'reset table': (_, database, table) => {
      database.stamp = now;
      if (table) zero(table);
    },
    'reset shared': ({ pick }) => {
      const state = shared.get(SHARED[pick % SHARED.length] ?? 'wal');
      if (state) Object.assign(state, { stamp: now, count: 0 });
    },
    'reset statements': () => {
      [statements, info] = [[], { dealloc: 0, stamp: now }];
    },
    'reset statement': ({ pick }) => {
      statements = statements.filter(({ id }) => id !== pick % 7);
    },
    evict: ({ pick }) => {
      statements = statements.filter(({ id }) => (id + pick) % 2 === 0);
      info = { ...info, dealloc: info.dealloc + 1 };
    },
    'drop table': (_, database, table) => {
      database.tables = database.tables.filter((one) => one !== table);
    },
    'make table again': (_, database, table) => {
      if (table) database.tables = database.tables.map((one) => (one === table ? newTable(table.name) : one));
    },
    'rename table': (_, __, table) => {
      if (table) table.name = `${table.name}x`;
    },
    'rewrite table': (_, __, table) => {
      if (table) table.file = nextId();
    },
    'drop index': (_, __, table) => {
      table?.indexes.pop();
    },
    reindex: (_, __, table) => {
      for (const index of table?.indexes ?? []) index.id = nextId();
    },
    'drop database': (_, database) => {
      if (databases.length > 1) databases = databases.filter((one) => one !== database);
    },
    'make database again': (_, database) => {
      databases = databases.map((one) => (one === database ? newDatabase(database.name) : one));
    },
    failover: ({ amount }) => {
      node += 1;
      startedAt -= 1000;
      for (const state of shared.values()) Object.assign(state, { stamp: startedAt - amount, count: amount * 50 });
      for (const { tables, ...database } of databases) {
        for (const one of [database, ...tables]) {
          for (const name of Object.keys(one.counters)) one.counters[name] = amount * 90;
        }
      }
    },
    promotion: () => {
      if (inRecovery) timeline += 1;
      inRecovery = false;
    },
  };

  const parts = (): SnapshotPart[] => {
    const part = (view: string, scope: string, rows: readonly Readonly<Record<string, Value>>[]): SnapshotPart[] => {
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const columns = names.map((name) => {
        const value = rows.map((row) => row[name] ?? null).find((one) => one !== null);
        const isNumber = typeof value === 'number' || /_(bytes)$/.test(name);
        return partColumn(view, name, isNumber ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text');
      });
      return [{ view, scope, columns, rows: rows.map((row) => names.map((name) => row[name] ?? null)) }];
    };
    const sharedRow = (view: string) => {
      const { count: value, stamp } = shared.get(view) ?? { count: 0, stamp: 0 };
      return { value, stats_reset: stamp };
    };
    const since = (one: StatementState) => (major >= 17 ? { stats_since: one.since } : {});
    return [
      ...part(
        'database',
        '',
        databases.map(({ id, name, uid, stamp, counters }) => ({
          ...{ datid: id, datname: name, uid, size_bytes: 8_000_000, numbackends: 3, stats_reset: stamp },
          ...counters,
        })),
      ),
      ...part('bgwriter', '', [
        { buffers_clean: sharedRow('bgwriter').value, stats_reset: sharedRow('bgwriter').stats_reset },
      ]),
      ...part('archiver', '', [
        { archived_count: sharedRow('archiver').value, stats_reset: sharedRow('archiver').stats_reset },
      ]),
      ...part('slru', '', [
        { name: 'xact', blks_hit: sharedRow('slru').value, stats_reset: sharedRow('slru').stats_reset },
      ]),
      ...(major >= 14
        ? [
            ...part('wal', '', [
              { wal_bytes: String(sharedRow('wal').value), stats_reset: sharedRow('wal').stats_reset },
            ]),
            ...part('stmt_info', '', [{ dealloc: info.dealloc, stats_reset: info.stamp }]),
          ]
        : []),
      ...part(
        'statements',
        '',
        statements.map((one) => ({
          ...{ userid: 10, dbid: 5, queryid: String(one.id), uid: one.uid },
          ...(major >= 14 ? { toplevel: !one.nested } : {}),
          ...{ min_exec_time: one.min, max_exec_time: one.max, stddev_exec_time: deviation(one) },
          ...since(one),
          ...one.counters,
        })),
      ),
      ...databases.flatMap(({ name: scope, tables }) => [
        ...part(
          'tables',
          scope,
          tables.map(({ id, name, file, uid, counters, indexes }) => ({
            ...{ relid: id, schemaname: 'public', relname: name, relfilenode: file, uid, ...counters },
            idx_scan: indexes.length === 0 ? null : indexes.reduce((sum, one) => sum + (one.counters.idx_scan ?? 0), 0),
          })),
        ),
        ...part(
          'indexes',
          scope,
          tables.flatMap(({ id: relid, indexes }) =>
            indexes.map(({ id, name, uid, counters }) => ({
              ...{ indexrelid: id, relid, schemaname: 'public', indexrelname: name, uid, ...counters },
            })),
          ),
        ),
      ]),
    ];
  };

  return {
    happen: (event) => {
      now += STEP_MS;
      const database = databases[event.pick % databases.length];
      const table = database?.tables[event.pick % database.tables.length];
      if (database !== undefined) happenings[event.kind](event, database, table);
    },
    snapshot: (unread = []) => {
      now += STEP_MS;
      const all = parts();
      const missing = all
        .filter(({ view }) => unread.includes(view))
        .map(
          ({ view, scope }): MissingPart => ({ view, scope, reason: 'canceling statement due to statement timeout' }),
        );
      const identity = {
        ...{ system: '7', node: `10.0.0.${node}:5432`, capturedAt: now, startedAt, timeline, inRecovery, major },
        version: `PostgreSQL ${major}.1`,
      };
      const kept = all.filter(({ view }) => !unread.includes(view));
      return { snapshot: { id: now, engine: 'postgres', identity, parts: kept, missing }, truth: new Map(truth) };
    },
  };
}

function deviation({ counters, squares }: StatementState): number {
  const { calls = 0, total_exec_time: total = 0 } = counters;
  return calls === 0 ? 0 : Math.sqrt(Math.max(0, squares / calls - (total / calls) ** 2));
}
