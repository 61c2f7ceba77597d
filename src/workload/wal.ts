import type { DeltaRow } from './delta-table.ts';
import type { Range } from './range.ts';
import { sumOf } from './sums.ts';

/** Write-ahead log, checkpoints and who wrote buffers, over a range. Null = this version does not count it. Buffers in blocks. */
export interface WalFigures {
  readonly bytes: number | null;
  readonly records: number | null;
  readonly images: number | null;
  readonly buffersFull: number | null;
  readonly writes: number | null;
  readonly syncs: number | null;
  /** Null while `track_wal_io_timing` is off. */
  readonly writeSeconds: number | null;
  readonly syncSeconds: number | null;
  readonly timed: number | null;
  readonly requested: number | null;
  /** Of a standby (17+). */
  readonly restartpoints: number | null;
  readonly checkpointWriteSeconds: number | null;
  readonly checkpointSyncSeconds: number | null;
  readonly byCheckpointer: number | null;
  readonly byWriter: number | null;
  readonly byBackends: number | null;
  readonly backendSyncs: number | null;
  readonly writerStopped: number | null;
  readonly allocated: number | null;
}

/**
 * From `wal` (14+; 13: from statements), `checkpointer` (17+; before: `bgwriter`), and for what moved to pg_stat_io from
 * there: writes of WAL in 18, writes by backends in 17. The columns are those of PostgreSQL's views.
 */
export function walFiguresOf(range: Range): WalFigures {
  const [wal, statements] = [range.table('wal'), range.table('statements')];
  const [writer, checkpointer] = [range.table('bgwriter'), range.table('checkpointer')];
  const either = (newer: string, older: string): number | null => sumOf(checkpointer, newer) ?? sumOf(writer, older);
  const restartpoints = sumOf(checkpointer, 'restartpoints_done');
  return {
    bytes: sumOf(wal, 'wal_bytes') ?? sumOf(statements, 'wal_bytes'),
    records: sumOf(wal, 'wal_records') ?? sumOf(statements, 'wal_records'),
    images: sumOf(wal, 'wal_fpi') ?? sumOf(statements, 'wal_fpi'),
    buffersFull: sumOf(wal, 'wal_buffers_full'),
    ...walWrites(range),
    timed: either('num_timed', 'checkpoints_timed'),
    requested: either('num_requested', 'checkpoints_req'),
    restartpoints: restartpoints === 0 && !range.end.identity.inRecovery ? null : restartpoints,
    checkpointWriteSeconds: seconds(either('write_time', 'checkpoint_write_time')),
    checkpointSyncSeconds: seconds(either('sync_time', 'checkpoint_sync_time')),
    byCheckpointer: either('buffers_written', 'buffers_checkpoint'),
    byWriter: sumOf(writer, 'buffers_clean'),
    byBackends: writer.has('buffers_backend') ? sumOf(writer, 'buffers_backend') : ofBackends(range, 'writes'),
    backendSyncs: writer.has('buffers_backend_fsync')
      ? sumOf(writer, 'buffers_backend_fsync')
      : ofBackends(range, 'fsyncs'),
    writerStopped: sumOf(writer, 'maxwritten_clean'),
    allocated: sumOf(writer, 'buffers_alloc'),
  };
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** A time of 0 beside work that was done means that nobody measured it. */
const timed = (ms: number | null, count: number | null): number | null =>
  ms === 0 && (count ?? 0) > 0 ? null : seconds(ms);

function walWrites(range: Range): Pick<WalFigures, 'writes' | 'syncs' | 'writeSeconds' | 'syncSeconds'> {
  const [wal, io] = [range.table('wal'), range.table('io')];
  const isOld = wal.has('wal_write');
  const rows = io.rows.filter((row) => io.last(row, 'object') === 'wal');
  const of = (older: string, newer: string): number | null => (isOld ? sumOf(wal, older) : sumOf(io, newer, rows));
  const [writes, syncs] = [of('wal_write', 'writes'), of('wal_sync', 'fsyncs')];
  return {
    writes,
    syncs,
    writeSeconds: timed(of('wal_write_time', 'write_time'), writes),
    syncSeconds: timed(of('wal_sync_time', 'fsync_time'), syncs),
  };
}

const OWN_WRITERS: readonly string[] = ['checkpointer', 'background writer'];

/** Blocks of relations that others than the checkpointer and the background writer wrote (or files they synced). */
function ofBackends(range: Range, column: string): number | null {
  const io = range.table('io');
  const isBackend = (row: DeltaRow): boolean =>
    io.last(row, 'object') === 'relation' && !OWN_WRITERS.includes(String(io.last(row, 'backend_type')));
  const rows = io.rows.filter(isBackend);
  return io.rows.length === 0 ? null : (sumOf(io, column, rows) ?? 0);
}
