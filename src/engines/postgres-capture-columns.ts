import type { ColumnType } from '../rows/rows.ts';
import type { PartColumn, PartColumnKind, PartUnit } from '../rows/snapshot.ts';

interface ViewShape {
  readonly keys: readonly string[];
  readonly gauges?: readonly string[];
  /** Numbers that are facts: never subtracted, never added. */
  readonly texts?: readonly string[];
  /** True for views without counters: every number is a gauge. */
  readonly levels?: boolean;
}

/**
 * What the columns of each view are; numbers that are not named here are counters, everything else is text, and
 * `stats_reset` and `stats_since` say since when the row counts.
 */
const SHAPES: Readonly<Record<string, ViewShape>> = {
  settings: { keys: ['name'], levels: true },
  role_settings: { keys: ['datid', 'userid', 'setting'], levels: true },
  names: { keys: ['kind', 'id'], levels: true },
  database: {
    keys: ['datid'],
    gauges: ['numbackends', 'xid_age', 'mxid_age', 'size_bytes'],
    texts: ['checksum_last_failure', 'datconnlimit'],
  },
  conflicts: { keys: ['datid'] },
  bgwriter: { keys: [] },
  checkpointer: { keys: [] },
  wal: { keys: [] },
  io: { keys: ['backend_type', 'object', 'context'] },
  slru: { keys: ['name'] },
  archiver: { keys: [], gauges: ['ready_files'] },
  wal_dir: { keys: [], levels: true },
  temp_dir: { keys: ['spcid'], levels: true },
  replication: { keys: ['application_name', 'client_addr', 'pid'], levels: true },
  slots: { keys: ['slot_name'], levels: true },
  slot_stats: { keys: ['slot_name'] },
  wal_receiver: { keys: [], levels: true },
  recovery_prefetch: { keys: [], gauges: ['wal_distance', 'block_distance', 'io_depth'] },
  subscription: { keys: ['subid', 'relid', 'pid'], levels: true },
  subscription_stats: { keys: ['subid'] },
  stmt_info: { keys: [] },
  statements: {
    keys: ['userid', 'dbid', 'queryid', 'toplevel'],
    gauges: [
      ...['min_plan_time', 'max_plan_time', 'stddev_plan_time', 'min_exec_time', 'max_exec_time', 'stddev_exec_time'],
      'minmax_stats_since',
    ],
  },
  tables: {
    keys: ['relid'],
    gauges: [
      ...['relpages', 'reltuples', 'relallvisible', 'xid_age', 'mxid_age', 'n_live_tup', 'n_dead_tup'],
      ...['n_mod_since_analyze', 'n_ins_since_vacuum'],
    ],
    texts: ['relfilenode', 'spcid', 'toastrelid'],
  },
  table_sizes: { keys: ['relid'], levels: true },
  indexes: {
    keys: ['indexrelid'],
    gauges: ['relpages', 'reltuples'],
    texts: ['relid', 'indnkeyatts'],
  },
  functions: { keys: ['funcid'] },
  sequences: { keys: ['schemaname', 'sequencename'], levels: true },
  extensions: { keys: ['extname'], levels: true },
  activity_counts: {
    keys: ['datname', 'usename', 'backend_type', 'state', 'wait_event_type', 'wait_event'],
    levels: true,
  },
  horizon: { keys: ['holder', 'id'], levels: true },
  shmem: { keys: ['name'], levels: true },
  progress_vacuum: { keys: ['pid'], levels: true },
};

const RESETS: readonly string[] = ['stats_reset', 'stats_since'];

/** What a column of a view is, from its name and type. */
export function partColumn(view: string, name: string, type: ColumnType): PartColumn {
  const shape = SHAPES[view] ?? { keys: [], levels: true };
  return { name, kind: kindOf(shape, name, type), unit: type === 'number' ? unitOf(name) : null };
}

function kindOf(shape: ViewShape, name: string, type: ColumnType): PartColumnKind {
  if (shape.keys.includes(name)) return 'key';
  if (RESETS.includes(name)) return 'reset';
  if (shape.gauges?.includes(name)) return 'gauge';
  if (type !== 'number' || shape.texts?.includes(name)) return 'text';
  return shape.levels ? 'gauge' : 'counter';
}

function unitOf(name: string): PartUnit {
  if (/bytes|safe_wal_size/.test(name)) return 'bytes';
  if (name.endsWith('_time')) return 'ms';
  if (/blks_|^buffers_/.test(name) && !name.endsWith('_fsync')) return 'blocks';
  if (name.endsWith('_s')) return 's';
  return name === 'relpages' ? 'pages' : 'count';
}
