import { messageOf } from '../errors.ts';
import type { ColumnType, Value } from '../rows/rows.ts';
import type { SnapshotPart } from '../rows/snapshot.ts';
import { partColumn } from './postgres-capture-columns.ts';
import { canceled, sourceError } from './postgres-errors.ts';
import { type Lane, openLane, type RawColumn } from './postgres-lane.ts';
import type { PostgresTarget } from './postgres-url.ts';
import { columnTypeOf, decodeValue } from './postgres-values.ts';
import { type Watch, watchRead } from './postgres-watch.ts';

/**
 * One transaction of a capture: read only, and repeatable read so that catalogue rows fit together; statistics are frozen
 * at first sight where the server can (15+). Nothing it reads waits for a lock for longer than a moment.
 */
export interface CaptureSession {
  readonly lane: Lane;
  /** Statements sent so far, those that frame a read included. */
  sent(): number;
  /** @throws the server's error; the transaction goes on. */
  read(view: string, scope: string, text: string, parameters?: readonly (string | null)[]): Promise<SnapshotPart>;
  /** Ends the transaction and takes leave; after a failure the connection is cut. Never throws. */
  end(): Promise<void>;
}

export interface SessionOptions {
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** The first life-sign of the server decides some settings. */
  readonly serverMajor: number | null;
}

const LEAVE_TIMEOUT_MS = 1000;
const MAX_BYTES = 256 * 1024 * 1024;

/** @throws BroadsheetError `unavailable`, `timeout` or `canceled`. */
export async function openCaptureSession(
  target: PostgresTarget,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<CaptureSession> {
  const { connectTimeoutMs } = options;
  const lane = openLane(target, { applicationName: 'broadsheet capture', connectTimeoutMs }, signal);
  const watch = watchRead(lane, options.totalTimeoutMs, signal);
  try {
    const connecting = setTimeout(() => lane.destroy(), connectTimeoutMs);
    try {
      await lane.run('begin transaction isolation level repeatable read read only');
    } finally {
      clearTimeout(connecting);
    }
    const major = options.serverMajor ?? (await majorOf(lane));
    await lane.run(settings(options, major));
    watch.allowBytes(MAX_BYTES);
  } catch (error) {
    watch.end();
    lane.destroy();
    throw signal.aborted ? canceled() : sourceError(error);
  }
  return session(lane, watch, signal);
}

function session(lane: Lane, watch: Watch, signal: AbortSignal): CaptureSession {
  let sent = 3;
  return {
    lane,
    sent: () => sent,
    read: async (view, scope, text, parameters = []) => {
      sent += 3;
      const [, part] = await Promise.allSettled([
        lane.run('savepoint part'),
        readPart(lane, { view, scope, text, parameters }),
      ]);
      if (part.status === 'fulfilled') {
        await lane.run('release savepoint part');
        return part.value;
      }
      if (signal.aborted) throw canceled();
      if (watch.reason() !== null || !lane.isOpen()) throw sourceError(part.reason);
      await lane.run('rollback to savepoint part');
      throw part.reason;
    },
    end: async () => {
      const isUsable = watch.reason() === null && lane.isOpen();
      watch.end();
      if (!isUsable) return lane.destroy();
      const slow = setTimeout(() => lane.destroy(), LEAVE_TIMEOUT_MS);
      await lane.run('commit').catch(() => undefined);
      clearTimeout(slow);
      await lane.close();
    },
  };
}

interface Reading {
  readonly view: string;
  readonly scope: string;
  readonly text: string;
  readonly parameters: readonly (string | null)[];
}

async function readPart(lane: Lane, { view, scope, text, parameters }: Reading): Promise<SnapshotPart> {
  const rows: Value[][] = [];
  let types: readonly ColumnType[] | null = null;
  const typesOf = (columns: readonly RawColumn[]): readonly ColumnType[] => columns.map(({ oid }) => columnTypeOf(oid));
  const columns = await lane.run(text, parameters, (row, described) => {
    types ??= typesOf(described());
    const known = types;
    rows.push(row.map((value, index) => (value === null ? null : decodeValue(value, known[index] ?? 'text'))));
  });
  const found = typesOf(columns);
  return {
    view,
    scope,
    columns: columns.map(({ name }, index) => partColumn(view, name, found[index] ?? 'text')),
    rows,
  };
}

async function majorOf(lane: Lane): Promise<number> {
  let major = 0;
  await lane.run(`select current_setting('server_version_num')`, [], ([number]) => {
    major = Math.floor(Number(number) / 10_000);
  });
  return major;
}

/** Numbers of ours only. The idle timeout frees the server when this process is gone. */
function settings({ statementTimeoutMs }: SessionOptions, major: number): string {
  const wanted = [
    ['statement_timeout', String(statementTimeoutMs)],
    ['lock_timeout', '100'],
    ['idle_in_transaction_session_timeout', '60000'],
    ['jit', 'off'],
    ['max_parallel_workers_per_gather', '0'],
    ['search_path', 'pg_catalog'],
    ['timezone', 'UTC'],
    ['datestyle', 'ISO, YMD'],
    ['extra_float_digits', '1'],
    ...(major >= 15 ? [['stats_fetch_consistency', 'snapshot']] : []),
  ];
  return `select ${wanted.map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`).join(', ')}`;
}

/** The first line of what the server said, for the list of missing parts. */
export const reasonOf = (error: unknown): string => messageOf(error).split('\n')[0]?.slice(0, 300) ?? '';
