/**
 * The statements of a capture, PostgreSQL 13 to 18, as tested on all six with a login that has `pg_monitor` only.
 * A line that ends in `--[14+]`, `--[-16]` or `--[14-17]` is kept for those major versions. Statements of the scope
 * `statements` go by the version of the extension pg_stat_statements instead of the server's: `EXTENSION_MAJORS`.
 */
export interface CaptureStatement {
  readonly view: string;
  /** Where it is read: once, in each database, or where pg_stat_statements lives; `cluster` ones of `standby` only there. */
  readonly scope: 'cluster' | 'database' | 'statements';
  readonly standby?: boolean;
  /** Oldest major version that has it. */
  readonly since?: number;
  readonly text: string;
}

export const CAPTURE_STATEMENTS: readonly CaptureStatement[] = [
  {
    view: 'settings',
    scope: 'cluster',
    text: `SELECT name, coalesce(CASE WHEN source IN ('client', 'session', 'user', 'database', 'database user') THEN reset_val END, setting) AS setting, unit, source, boot_val, context, pending_restart, sourcefile
      FROM pg_settings WHERE name NOT LIKE 'lc\\_%' AND category <> 'Preset Options' OR name IN ('block_size', 'wal_block_size', 'segment_size', 'wal_segment_size', 'data_checksums', 'server_encoding', 'max_identifier_length')`,
  },
  {
    view: 'role_settings',
    scope: 'cluster',
    text: `SELECT setdatabase AS datid, setrole AS userid, unnest(setconfig) AS setting FROM pg_db_role_setting`,
  },
  {
    view: 'names',
    scope: 'cluster',
    text: `SELECT 'role' AS kind, oid AS id, rolname AS name FROM pg_roles UNION ALL SELECT 'database', oid, datname FROM pg_database UNION ALL SELECT 'tablespace', oid, spcname FROM pg_tablespace`,
  },
  {
    view: 'database',
    scope: 'cluster',
    text: `SELECT d.datid, d.datname, d.numbackends, d.xact_commit, d.xact_rollback, d.blks_read, d.blks_hit, d.tup_returned, d.tup_fetched,
      d.tup_inserted, d.tup_updated, d.tup_deleted, d.conflicts, d.temp_files, d.temp_bytes, d.deadlocks, d.checksum_failures, d.checksum_last_failure, d.blk_read_time, d.blk_write_time, d.stats_reset,
      d.session_time, d.active_time, d.idle_in_transaction_time, d.sessions, d.sessions_abandoned, d.sessions_fatal, d.sessions_killed, --[14+]
      d.parallel_workers_to_launch, d.parallel_workers_launched, --[18+]
      age(b.datfrozenxid) AS xid_age, mxid_age(b.datminmxid) AS mxid_age, b.datallowconn, b.datistemplate, b.datconnlimit, CASE WHEN b.oid IS NOT NULL THEN pg_database_size(b.oid) END AS size_bytes
      FROM pg_stat_database d LEFT JOIN pg_database b ON b.oid = d.datid`,
  },
  {
    view: 'conflicts',
    scope: 'cluster',
    standby: true,
    text: `SELECT datid, datname, confl_tablespace, confl_lock, confl_snapshot, confl_bufferpin, confl_deadlock
      , confl_active_logicalslot --[16+]
      FROM pg_stat_database_conflicts`,
  },
  {
    view: 'bgwriter',
    scope: 'cluster',
    text: `SELECT buffers_clean, maxwritten_clean, buffers_alloc, stats_reset
      , checkpoints_timed, checkpoints_req, checkpoint_write_time, checkpoint_sync_time, buffers_checkpoint, buffers_backend, buffers_backend_fsync --[-16]
      FROM pg_stat_bgwriter`,
  },
  {
    view: 'checkpointer',
    scope: 'cluster',
    since: 17,
    text: `SELECT num_timed, num_requested, restartpoints_timed, restartpoints_req, restartpoints_done, write_time, sync_time, buffers_written, stats_reset
      , num_done, slru_written --[18+]
      FROM pg_stat_checkpointer`,
  },
  {
    view: 'wal',
    scope: 'cluster',
    since: 14,
    text: `SELECT wal_records, wal_fpi, wal_bytes, wal_buffers_full, stats_reset
      , wal_write, wal_sync, wal_write_time, wal_sync_time --[14-17]
      FROM pg_stat_wal`,
  },
  {
    view: 'io',
    scope: 'cluster',
    since: 16,
    text: `SELECT backend_type, object, context, reads, read_time, writes, write_time, writebacks, writeback_time, extends, extend_time, hits, evictions, reuses, fsyncs, fsync_time, stats_reset,
      reads * op_bytes AS read_bytes, writes * op_bytes AS write_bytes, extends * op_bytes AS extend_bytes --[16-17]
      read_bytes, write_bytes, extend_bytes --[18+]
      FROM pg_stat_io WHERE greatest(reads, writes, extends, hits, fsyncs, writebacks, evictions) > 0`,
  },
  {
    view: 'slru',
    scope: 'cluster',
    text: `SELECT name, blks_zeroed, blks_hit, blks_read, blks_written, blks_exists, flushes, truncates, stats_reset FROM pg_stat_slru`,
  },
  {
    view: 'archiver',
    scope: 'cluster',
    text: `SELECT archived_count, last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time, stats_reset, (SELECT count(*) FROM pg_ls_archive_statusdir() f WHERE f.name LIKE '%.ready') AS ready_files FROM pg_stat_archiver`,
  },
  {
    view: 'wal_dir',
    scope: 'cluster',
    text: `SELECT count(*) AS files, sum(size) AS bytes, min(modification) AS oldest, max(modification) AS newest FROM pg_ls_waldir()`,
  },
  {
    view: 'temp_dir',
    scope: 'cluster',
    text: `SELECT t.oid AS spcid, t.spcname, pg_tablespace_size(t.oid) AS size_bytes, (SELECT count(*) FROM pg_ls_tmpdir(t.oid)) AS temp_files, (SELECT coalesce(sum(size), 0) FROM pg_ls_tmpdir(t.oid)) AS temp_bytes
      FROM pg_tablespace t WHERE t.spcname <> 'pg_global'`,
  },
  {
    view: 'replication',
    scope: 'cluster',
    text: `SELECT r.pid, r.usename, r.application_name, r.client_addr::text AS client_addr, r.backend_start, r.state, r.sync_state, r.sync_priority, r.reply_time,
      extract(epoch FROM r.write_lag) AS write_lag_s, extract(epoch FROM r.flush_lag) AS flush_lag_s, extract(epoch FROM r.replay_lag) AS replay_lag_s,
      w.lsn - r.sent_lsn AS sent_behind_bytes, w.lsn - r.write_lsn AS write_behind_bytes, w.lsn - r.flush_lsn AS flush_behind_bytes, w.lsn - r.replay_lsn AS replay_behind_bytes, age(r.backend_xmin) AS xmin_age FROM pg_stat_replication r,
      (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END AS lsn) w`,
  },
  {
    view: 'slots',
    scope: 'cluster',
    text: `SELECT s.slot_name, s.plugin, s.slot_type, s.datoid AS datid, s.temporary, s.active, s.active_pid, age(s.xmin) AS xmin_age, age(s.catalog_xmin) AS catalog_xmin_age, s.wal_status, s.safe_wal_size, w.lsn - s.restart_lsn AS retained_bytes,
      w.lsn - s.confirmed_flush_lsn AS confirmed_behind_bytes
      , s.two_phase --[14+]
      , s.conflicting --[16+]
      , s.inactive_since, s.invalidation_reason, s.failover, s.synced --[17+]
      FROM pg_replication_slots s, (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn) w`,
  },
  {
    view: 'slot_stats',
    scope: 'cluster',
    since: 14,
    text: `SELECT slot_name, spill_txns, spill_count, spill_bytes, stream_txns, stream_count, stream_bytes, total_txns, total_bytes, stats_reset FROM pg_stat_replication_slots`,
  },
  {
    view: 'wal_receiver',
    scope: 'cluster',
    standby: true,
    text: `SELECT r.pid, r.status, r.received_tli, r.written_lsn - '0/0' AS written_pos, r.flushed_lsn - '0/0' AS flushed_pos, r.latest_end_lsn - '0/0' AS latest_end_pos, r.last_msg_receipt_time, r.latest_end_time, r.slot_name, r.sender_host, r.sender_port,
      pg_last_wal_replay_lsn() - '0/0' AS replay_pos, pg_last_xact_replay_timestamp() AS last_xact_replayed_at, pg_is_wal_replay_paused() AS paused FROM pg_stat_wal_receiver r`,
  },
  {
    view: 'recovery_prefetch',
    scope: 'cluster',
    standby: true,
    since: 15,
    text: `SELECT prefetch, hit, skip_init, skip_new, skip_fpw, skip_rep, wal_distance, block_distance, io_depth, stats_reset FROM pg_stat_recovery_prefetch`,
  },
  {
    view: 'subscription',
    scope: 'cluster',
    text: `SELECT subid, subname, pid, relid, received_lsn - '0/0' AS received_pos, latest_end_lsn - '0/0' AS latest_end_pos, last_msg_send_time, last_msg_receipt_time, latest_end_time
      , leader_pid --[16+]
      , worker_type --[17+]
      FROM pg_stat_subscription`,
  },
  {
    view: 'subscription_stats',
    scope: 'cluster',
    since: 15,
    text: `SELECT subid, subname, apply_error_count, sync_error_count, stats_reset
      , confl_insert_exists, confl_update_origin_differs, confl_update_exists, confl_update_missing, confl_delete_origin_differs, confl_delete_missing, confl_multiple_unique_conflicts --[18+]
      FROM pg_stat_subscription_stats`,
  },
  {
    view: 'stmt_info',
    scope: 'statements',
    since: 14,
    text: `SELECT dealloc, stats_reset FROM pg_stat_statements_info`,
  },
  {
    view: 'statements',
    scope: 'statements',
    text: `SELECT userid, dbid, queryid::text AS queryid,
      toplevel, --[14+]
      calls, rows, plans, total_plan_time, min_plan_time, max_plan_time, stddev_plan_time, total_exec_time, min_exec_time, max_exec_time, stddev_exec_time, shared_blks_hit, shared_blks_read, shared_blks_dirtied, shared_blks_written,
      local_blks_hit, local_blks_read, local_blks_dirtied, local_blks_written, temp_blks_read, temp_blks_written, wal_records, wal_fpi, wal_bytes,
      blk_read_time AS shared_blk_read_time, blk_write_time AS shared_blk_write_time --[-16]
      shared_blk_read_time, shared_blk_write_time, local_blk_read_time, local_blk_write_time --[17+]
      , temp_blk_read_time, temp_blk_write_time, jit_functions, jit_generation_time, jit_inlining_count, jit_inlining_time, jit_optimization_count, jit_optimization_time, jit_emission_count, jit_emission_time --[15+]
      , jit_deform_count, jit_deform_time, stats_since, minmax_stats_since --[17+]
      , wal_buffers_full, parallel_workers_to_launch, parallel_workers_launched --[18+]
      FROM pg_stat_statements(false) WHERE queryid IS NOT NULL`,
  },
  {
    view: 'tables',
    scope: 'database',
    text: `SELECT c.oid AS relid, pg_relation_filenode(c.oid) AS relfilenode, n.nspname AS schemaname, c.relname, c.relkind, c.relpersistence, c.reltablespace AS spcid,
      nullif(c.reltoastrelid, 0) AS toastrelid, o.relname AS toast_of, c.relispartition, c.relpages, c.reltuples, c.relallvisible, age(c.relfrozenxid) AS xid_age, mxid_age(c.relminmxid) AS mxid_age, c.reloptions,
      t.seq_scan, t.seq_tup_read, t.idx_scan, t.idx_tup_fetch, t.n_tup_ins, t.n_tup_upd, t.n_tup_del, t.n_tup_hot_upd, t.n_live_tup, t.n_dead_tup,
      t.n_mod_since_analyze, t.n_ins_since_vacuum, t.last_vacuum, t.last_autovacuum, t.last_analyze, t.last_autoanalyze, t.vacuum_count, t.autovacuum_count, t.analyze_count, t.autoanalyze_count,
      t.last_seq_scan, t.last_idx_scan, t.n_tup_newpage_upd, --[16+]
      t.total_vacuum_time, t.total_autovacuum_time, t.total_analyze_time, t.total_autoanalyze_time, --[18+]
      pg_stat_get_blocks_fetched(c.oid) AS blks_fetched, pg_stat_get_blocks_hit(c.oid) AS blks_hit FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_stat_all_tables t ON t.relid = c.oid
      LEFT JOIN pg_class o ON c.relkind = 't' AND o.reltoastrelid = c.oid WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence <> 't' AND n.nspname <> 'information_schema'
      AND (c.relkind <> 't' OR c.relpages > 0 OR t.seq_scan + coalesce(t.idx_scan, 0) + t.n_tup_ins > 0)`,
  },
  {
    view: 'table_sizes',
    scope: 'database',
    text: `SELECT c.oid AS relid, pg_relation_size(c.oid) AS main_bytes, pg_relation_size(c.oid, 'fsm') + pg_relation_size(c.oid, 'vm') AS aux_bytes FROM pg_class c WHERE c.relkind IN ('r', 'm', 't', 'i') AND c.relpersistence <> 't' AND c.relpages >= 128
      AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY c.relpages DESC LIMIT 1000`,
  },
  {
    view: 'indexes',
    scope: 'database',
    text: `SELECT c.oid AS indexrelid, x.indrelid AS relid, n.nspname AS schemaname, c.relname AS indexrelname, a.amname, c.relpages, c.reltuples, x.indisunique, x.indisprimary, x.indisexclusion, x.indisvalid, x.indisready, x.indisreplident, x.indimmediate,
      x.indkey::text AS indkey, x.indclass::text AS indclass, x.indoption::text AS indoption, x.indcollation::text AS indcollation, x.indpred IS NOT NULL AS is_partial, x.indexprs IS NOT NULL AS is_expression, x.indnkeyatts, k.contype,
      s.idx_scan, s.idx_tup_read, s.idx_tup_fetch,
      s.last_idx_scan, --[16+]
      pg_stat_get_blocks_fetched(c.oid) AS blks_fetched, pg_stat_get_blocks_hit(c.oid) AS blks_hit FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam
      JOIN pg_stat_all_indexes s ON s.indexrelid = c.oid LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
      WHERE c.relkind = 'i' AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema') AND c.relpersistence <> 't'`,
  },
  {
    view: 'functions',
    scope: 'database',
    text: `SELECT funcid, schemaname, funcname, pg_get_function_identity_arguments(funcid) AS args, calls, total_time, self_time FROM pg_stat_user_functions`,
  },
  {
    view: 'sequences',
    scope: 'database',
    text: `SELECT schemaname, sequencename, data_type, min_value, max_value, increment_by, cycle, cache_size, last_value FROM pg_sequences`,
  },
  { view: 'extensions', scope: 'database', text: `SELECT extname, extversion FROM pg_extension` },
  {
    view: 'activity_counts',
    scope: 'cluster',
    text: `SELECT datname, usename, backend_type, state, wait_event_type, wait_event, count(*) AS n, max(extract(epoch FROM clock_timestamp() - xact_start)) AS max_xact_s, max(extract(epoch FROM clock_timestamp() - query_start)) AS max_query_s,
      max(extract(epoch FROM clock_timestamp() - state_change)) AS max_state_s, max(greatest(age(backend_xmin), age(backend_xid))) AS max_xmin_age FROM pg_stat_activity WHERE pid <> pg_backend_pid() GROUP BY 1, 2, 3, 4, 5, 6`,
  },
  {
    view: 'horizon',
    scope: 'cluster',
    text: `SELECT 'session' AS holder, a.pid::text AS id, a.usename::text AS who, a.state, greatest(age(a.backend_xmin), age(a.backend_xid)) AS xid_age, a.xact_start AS since
      FROM pg_stat_activity a WHERE (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) AND a.pid <> pg_backend_pid()
      UNION ALL SELECT 'slot', slot_name, plugin, CASE WHEN active THEN 'active' ELSE 'inactive' END, greatest(age(xmin), age(catalog_xmin)), NULL FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
      UNION ALL SELECT 'standby', pid::text, application_name, state, age(backend_xmin), backend_start FROM pg_stat_replication WHERE backend_xmin IS NOT NULL
      UNION ALL SELECT 'prepared', gid, owner, 'prepared', age(transaction), prepared FROM pg_prepared_xacts ORDER BY xid_age DESC NULLS LAST LIMIT 20`,
  },
  {
    view: 'shmem',
    scope: 'cluster',
    since: 15,
    text: `SELECT coalesce(name, '(free)') AS name, sum(allocated_size) AS bytes FROM pg_shmem_allocations GROUP BY 1 ORDER BY 2 DESC LIMIT 30`,
  },
  {
    view: 'progress_vacuum',
    scope: 'cluster',
    text: `SELECT pid, datid, relid, phase, heap_blks_total, heap_blks_scanned, heap_blks_vacuumed, index_vacuum_count
      , num_dead_tuples AS dead_items, max_dead_tuples --[-16]
      , num_dead_item_ids AS dead_items, dead_tuple_bytes, max_dead_tuple_bytes, indexes_total, indexes_processed --[17+]
      , delay_time --[18+]
      FROM pg_stat_progress_vacuum`,
  },
];
