import type { Socket } from 'node:net';
import postgres from 'postgres';
import { type CancelKey, openSocket, sendCancel } from './postgres-socket.ts';
import type { PostgresTarget } from './postgres-url.ts';

export type RawRow = readonly (string | null)[];
export interface RawColumn {
  readonly name: string;
  readonly oid: number;
}

export interface LaneOptions {
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
}

/** One connection, used by one read at a time. When it breaks, it stays broken: it never reconnects by itself. */
export interface Lane {
  /**
   * Run one statement by the extended protocol, in which a second statement is an error. Rows are handed over one by
   * one as they arrive; the columns come with the first of them, or with the result.
   */
  run(text: string, parameters?: readonly (string | null)[], onRow?: RowListener): Promise<readonly RawColumn[]>;
  /** Bytes received so far, as the server sent them. */
  received(): number;
  isOpen(): boolean;
  /** Ask the server to cancel the running statement; gives up after a second. Never throws. */
  cancel(): Promise<void>;
  /** Cut the connection: what runs on it is rejected at once. The server counts the session as abandoned. */
  destroy(): void;
  /** Take leave of the server once nothing runs any more. Never throws; cuts the connection after a second. */
  close(): Promise<void>;
}

export type RowListener = (row: RawRow, columns: () => readonly RawColumn[]) => void;

const CANCEL_TIMEOUT_MS = 1000;
const asText = (value: string): string => value;
/** Values stay the text that the server sent and that `encodeParameter` made: postgres.js must not convert them. */
const AS_TEXT = {
  string: { to: 25, from: [25], serialize: asText, parse: asText },
  number: { to: 0, from: [21, 23, 26, 700, 701], serialize: asText, parse: asText },
  json: { to: 114, from: [114, 3802], serialize: asText, parse: asText },
  boolean: { to: 16, from: [16], serialize: asText, parse: asText },
  date: { to: 1184, from: [1082, 1114, 1184], serialize: asText, parse: asText },
  bytea: { to: 17, from: [17], serialize: asText, parse: asText },
};
/** Without `simple: false`, a statement without parameters would go by the simple protocol, which takes several. */
const EXTENDED = { prepare: false, simple: false };

/** No connection is made before the first statement. `signal` bounds the making of the connection. */
export function openLane(target: PostgresTarget, options: LaneOptions, signal: AbortSignal): Lane {
  let socket: Socket | null = null;
  let used = false;
  let destroyed = false;
  let key: CancelKey | null = null;
  const sql = postgres({
    ...clientOptions(target, options),
    // postgres.js would reconnect behind our back, in the middle of what should have been one transaction.
    socket: async () => {
      if (used) throw new Error('the connection was lost');
      used = true;
      socket = await openSocket(target, options.connectTimeoutMs, signal);
      if (destroyed) {
        socket.destroy();
        throw new Error('the connection was cut');
      }
      return socket;
    },
  } as postgres.Options<Record<string, never>>);
  const columnsOf = (columns: readonly { name: string; type: number }[]): RawColumn[] =>
    columns.map(({ name, type }) => ({ name, oid: type }));
  const isOpen = (): boolean => socket !== null && !socket.destroyed && socket.readyState === 'open';
  return {
    run: async (text, parameters = [], onRow = () => undefined) => {
      // postgres.js would keep the statement waiting for a connection that never comes.
      if (socket !== null && !isOpen()) throw new Error('the connection was lost');
      const query = sql.unsafe(text, [...parameters], EXTENDED).values();
      const result = await query.forEach((row, partial) => {
        onRow(row as unknown as RawRow, () => columnsOf(partial.columns));
      });
      key = { pid: result.state.pid, secret: result.state.secret };
      return columnsOf(result.columns ?? []);
    },
    received: () => socket?.bytesRead ?? 0,
    isOpen,
    cancel: async () => {
      if (key !== null) await sendCancel(target, key, CANCEL_TIMEOUT_MS).catch(() => undefined);
    },
    close: async () => {
      used = true;
      await sql.end({ timeout: 1 }).catch(() => undefined);
      destroyed = true;
      socket?.destroy();
    },
    destroy: () => {
      used = true;
      destroyed = true;
      socket?.destroy(new Error('the connection was cut'));
      void sql.end({ timeout: 0 }).catch(() => undefined);
    },
  };
}

/** Everything is given, so that nothing of our own environment (PGPASSWORD, PGHOST …) reaches a user's database. */
function clientOptions(target: PostgresTarget, options: LaneOptions): Record<string, unknown> {
  return {
    host: [target.host],
    port: [target.port],
    path: target.socketPath ?? undefined,
    database: target.database,
    user: target.user,
    pass: () => target.password,
    // What it is given is encrypted already.
    ssl: false,
    sslnegotiation: null,
    connect_timeout: Math.ceil(options.connectTimeoutMs / 1000),
    idle_timeout: 0,
    max_lifetime: 0,
    keep_alive: 60,
    max: 1,
    max_pipeline: 10,
    prepare: false,
    fetch_types: false,
    // Else postgres.js keeps the text of every failed statement for good, to show where it came from.
    debug: true,
    connection: { application_name: options.applicationName },
    types: AS_TEXT,
    onnotice: () => undefined,
  };
}
