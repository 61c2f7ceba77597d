/** What is particular about subtracting a view's rows; a view that is not listed is subtracted row by row by its key. */
export interface DeltaRule {
  /** Columns that name an object for people: a row of another key with the same name is the object made again. */
  readonly name?: readonly string[];
  /**
   * Column of the object it belongs to: made again for the same one, it keeps counting where its counters did not fall, as
   * after PostgreSQL's REINDEX CONCURRENTLY; for another one, a table made again, it is another.
   */
  readonly carriesOverIn?: string;
  /**
   * Counters that fall without a reset, because they are sums over parts that may be dropped: PostgreSQL adds up a table's
   * index scans over the indexes it has. They say nothing of the row's life, and what fell counts as nothing.
   */
  readonly mayFall?: readonly string[];
  /** Column that changes when the object's file is rewritten. */
  readonly file?: string;
  /** View (one row) whose reset stamp is that of all rows here, instead of the server's crash. */
  readonly stampView?: string;
  /** Rows may be evicted and come back: a fall, or a minimum that rose, is a new life of which the first part is lost. */
  readonly evictable?: { readonly minimum: string; readonly maximum: string; readonly since: string };
  /** A changed stamp of the row means its counters began anew only where they fell: PostgreSQL's databases. */
  readonly stampOfObjects?: boolean;
}

/** By the engines' words for views, which do not collide. */
export const DELTA_RULES: Readonly<Record<string, DeltaRule>> = {
  database: { name: ['datname'], stampOfObjects: true },
  tables: { name: ['schemaname', 'relname'], file: 'relfilenode', mayFall: ['idx_scan', 'idx_tup_fetch'] },
  indexes: { name: ['schemaname', 'indexrelname'], carriesOverIn: 'relid' },
  functions: { name: ['schemaname', 'funcname', 'args'] },
  statements: {
    stampView: 'stmt_info',
    evictable: { minimum: 'min_exec_time', maximum: 'max_exec_time', since: 'stats_since' },
  },
};
