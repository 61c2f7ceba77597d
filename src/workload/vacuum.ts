import type { DeltaRow, DeltaTable } from './delta-table.ts';
import { settingOf } from './facts.ts';
import type { Range } from './range.ts';
import { type Level, levelOf } from './tables.ts';

/** What vacuum did for a table (or a TOAST table) in a range, and what is left to do. */
export interface VacuumFigures {
  readonly row: DeltaRow;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly vacuums: number | null;
  readonly autovacuums: number | null;
  readonly analyzes: number | null;
  readonly autoanalyzes: number | null;
  /** Of all four, seconds (18+). */
  readonly seconds: number | null;
  readonly live: Level;
  readonly dead: Level;
  /** Dead of all rows at the end, 0 to 1; null for an empty table. */
  readonly deadShare: number | null;
  /** Dead rows above which autovacuum begins; null where it is off for the table. */
  readonly threshold: number | null;
  readonly changedSinceAnalyze: number | null;
  /** Changed rows above which autovacuum analyzes. */
  readonly analyzeThreshold: number | null;
  /** Epoch milliseconds of the last vacuum of either kind, and of autovacuum alone; null = never. */
  readonly lastVacuum: number | null;
  readonly lastAutovacuum: number | null;
  /** Transactions since rows were frozen, at the end. */
  readonly age: number | null;
  readonly multixactAge: number | null;
  /** Age at which a vacuum is forced, of the table if it has its own. */
  readonly freezeMaxAge: number;
  readonly isOff: boolean;
}

/** Storage parameters as `pg_class.reloptions` gives them: `{fillfactor=70,autovacuum_enabled=false}`, or as JSON. */
export function storageParameters(reloptions: unknown): ReadonlyMap<string, string> {
  const found = String(reloptions ?? '').matchAll(/([\w.]+)=([^,{}"\]]*)/g);
  return new Map([...found].map(([, name, value]) => [name ?? '', value ?? '']));
}

/**
 * When autovacuum begins with a table of so many rows, by its parameters and the server's settings. PostgreSQL 18 bounds
 * the number of rows by `autovacuum_vacuum_max_threshold`.
 */
function thresholdOf(
  range: Range,
  options: ReadonlyMap<string, string>,
  what: 'vacuum' | 'analyze',
  rows: number,
): number {
  const of = (name: string, otherwise: number): number => {
    const value = Number(options.get(`autovacuum_${name}`) ?? settingOf(range, `autovacuum_${name}`) ?? otherwise);
    return Number.isFinite(value) ? value : otherwise;
  };
  const [base, scale, most] = [
    of(`${what}_threshold`, 50),
    of(`${what}_scale_factor`, what === 'vacuum' ? 0.2 : 0.1),
    what === 'vacuum' ? of('vacuum_max_threshold', -1) : -1,
  ];
  const threshold = base + scale * Math.max(0, rows);
  return most >= 0 ? Math.min(most, threshold) : threshold;
}

const isFalse = (value: string | null | undefined): boolean => /^(off|false|no|0|f|n)$/i.test(value ?? '');

/** @returns tables and TOAST tables that are there at the end of the range. */
export function vacuumsOf(range: Range): readonly VacuumFigures[] {
  const table = range.table('tables');
  const freeze = Number(settingOf(range, 'autovacuum_freeze_max_age') ?? 200_000_000);
  const isServerOff = isFalse(settingOf(range, 'autovacuum'));
  return table.rows.flatMap((row) => (row.isAtEnd ? [figuresOf(range, table, row, { freeze, isServerOff })] : []));
}

function figuresOf(
  range: Range,
  table: DeltaTable,
  row: DeltaRow,
  server: { readonly freeze: number; readonly isServerOff: boolean },
): VacuumFigures {
  const number = (column: string): number | null => {
    const value = table.last(row, column);
    return value === null ? null : Number(value);
  };
  const options = storageParameters(table.last(row, 'reloptions'));
  const isOff = server.isServerOff || isFalse(options.get('autovacuum_enabled'));
  const [live, dead] = [levelOf(table, row, 'n_live_tup'), levelOf(table, row, 'n_dead_tup')];
  const all = (live.end ?? 0) + (dead.end ?? 0);
  const rows = number('reltuples') ?? 0;
  const toast = table.last(row, 'toast_of');
  const vacuums = [number('last_vacuum'), number('last_autovacuum')].filter((at) => at !== null);
  const times = ['total_vacuum_time', 'total_autovacuum_time', 'total_analyze_time', 'total_autoanalyze_time'];
  return {
    row,
    database: row.scope,
    schema: String(table.last(row, 'schemaname')),
    name: toast === null ? String(table.last(row, 'relname')) : `${String(toast)} (TOAST)`,
    vacuums: table.delta(row, 'vacuum_count'),
    autovacuums: table.delta(row, 'autovacuum_count'),
    analyzes: table.delta(row, 'analyze_count'),
    autoanalyzes: table.delta(row, 'autoanalyze_count'),
    seconds: table.has(times[0] ?? '')
      ? times.reduce((sum, name) => sum + (table.delta(row, name) ?? 0), 0) / 1000
      : null,
    live,
    dead,
    deadShare: all > 0 ? (dead.end ?? 0) / all : null,
    threshold: isOff ? null : thresholdOf(range, options, 'vacuum', rows),
    changedSinceAnalyze: number('n_mod_since_analyze'),
    analyzeThreshold: isOff || toast !== null ? null : thresholdOf(range, options, 'analyze', rows),
    lastVacuum: vacuums.length === 0 ? null : Math.max(...vacuums),
    lastAutovacuum: number('last_autovacuum'),
    age: number('xid_age'),
    multixactAge: number('mxid_age'),
    freezeMaxAge: Math.min(server.freeze, Number(options.get('autovacuum_freeze_max_age') ?? server.freeze)),
    isOff,
  };
}
