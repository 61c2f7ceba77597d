import { BroadsheetError } from '../errors.ts';
import type { ReadBounds, Statement } from '../query/statement.ts';
import type { ColumnType, Rows } from '../rows/rows.ts';
import { canceled, sourceError } from './postgres-errors.ts';
import type { RawColumn } from './postgres-lane.ts';
import type { Loan } from './postgres-pool.ts';
import { columnTypeOf, decodeValue, encodeParameter } from './postgres-values.ts';
import { type StopReason, type Watch, watchRead } from './postgres-watch.ts';
import { createRowCollector, type RowCollector, uniqueNames } from './row-collector.ts';

const BEGIN = 'begin transaction isolation level read committed read only';
const DECLARE = 'declare broadsheet_read no scroll cursor for ';
/** What arrives beside rows: descriptions, notices, TLS records. */
const SLACK_BYTES = 256 * 1024;
const RESET_TIMEOUT_MS = 5000;

/**
 * Read the rows of one statement behind the fence:
 *
 * - The text is the query of a `DECLARE … CURSOR`, sent by the extended protocol: a second statement, a utility command
 *   (COPY, DO, LISTEN …) and a data-modifying WITH are all errors of the server's own parser.
 * - The transaction is READ ONLY, so that functions called by the query cannot write either; it always ends in ROLLBACK.
 * - Rows come in pieces of at most about a megabyte. Before each piece `statement_timeout` and the session settings are
 *   set afresh, because the query itself may have changed them through `set_config`.
 * - Our own watch stops the read on abort, timeout and too many bytes, whatever the server does.
 * - Afterwards DISCARD ALL drops what the query left in the session (advisory locks …); after anything unusual the whole
 *   connection is dropped.
 *
 * The byte bound counts values as the server sent them. A row that alone exceeds it is not assembled: at most
 * `maxBytes` and some slack of it arrive before the connection is cut.
 */
export async function readBehindFence(
  loan: Loan,
  statement: Statement,
  bounds: ReadBounds,
  signal: AbortSignal,
): Promise<Rows> {
  const watch = watchRead(loan.lane, bounds.timeoutMs, signal);
  const collector = createRowCollector(bounds, decodeValue);
  let columns: readonly RawColumn[] = [];
  const take = (found: readonly RawColumn[]): void => {
    if (found.length > 0) columns = found;
  };
  try {
    await loan.lane.run(BEGIN);
    loan.started = true;
    watch.allowBytes(bounds.maxBytes + SLACK_BYTES);
    await declare(loan, statement, watch);
    await fetchAll(loan, collector, watch, take);
  } catch (error) {
    // Before the reset: a cancel sent later could hit the next read of this connection.
    watch.end();
    const stopped = stopError(watch.reason(), bounds);
    if (stopped !== null) throw stopped;
    if (watch.reason() === null) {
      await reset(loan);
      throw timedOut(error, watch) ? timeoutError(bounds) : sourceError(error);
    }
    if (collector.count() === 0) throw tooLargeRow(bounds);
    collector.cutByBytes();
  } finally {
    watch.end();
  }
  if (watch.reason() === null) await reset(loan);
  return named(collector, columns, statement);
}

async function declare(loan: Loan, statement: Statement, watch: Watch): Promise<void> {
  await Promise.all([
    loan.lane.run(settings(watch)),
    loan.lane.run(DECLARE + statement.text, statement.parameters.map(encodeParameter)),
  ]);
}

async function fetchAll(
  loan: Loan,
  collector: RowCollector,
  watch: Watch,
  take: (columns: readonly RawColumn[]) => void,
): Promise<void> {
  let types: readonly ColumnType[] | null = null;
  for (let piece = collector.nextPiece(); piece > 0; piece = collector.nextPiece()) {
    let received = 0;
    watch.allowBytes(collector.remainingBytes() + SLACK_BYTES);
    const [, columns] = await Promise.all([
      loan.lane.run(settings(watch)),
      loan.lane.run(`fetch forward ${piece} from broadsheet_read`, [], (row, described) => {
        received += 1;
        if (types === null) {
          take(described());
          types = described().map((column) => columnTypeOf(column.oid));
        }
        collector.add(row, types);
      }),
    ]);
    take(columns);
    if (received < piece) return;
    if (watch.reason() !== null) throw canceled();
  }
}

/** Numbers of ours only. Times are read in UTC; the idle timeout frees the server when this process is gone. */
function settings(watch: Watch): string {
  const remaining = watch.remainingMs();
  return `select ${[
    `'statement_timeout', '${remaining}'`,
    `'idle_in_transaction_session_timeout', '${remaining + RESET_TIMEOUT_MS}'`,
    `'timezone', 'UTC'`,
    `'datestyle', 'ISO, YMD'`,
    `'intervalstyle', 'postgres'`,
    `'extra_float_digits', '1'`,
    `'bytea_output', 'hex'`,
  ]
    .map((setting) => `pg_catalog.set_config(${setting}, true)`)
    .join(', ')}`;
}

/** End the transaction and empty the session. A lane that cannot do so in time is left unclean, and so is cut. */
async function reset(loan: Loan): Promise<void> {
  const timer = setTimeout(() => loan.lane.destroy(), RESET_TIMEOUT_MS);
  try {
    await loan.lane.run('rollback');
    await loan.lane.run('discard all');
    loan.clean = loan.lane.isOpen();
  } catch {
    loan.clean = false;
  } finally {
    clearTimeout(timer);
  }
}

function named(collector: RowCollector, columns: readonly RawColumn[], { columnNames }: Statement): Rows {
  const names = uniqueNames(columns.map((column, index) => columnNames?.[index] ?? column.name));
  return collector.rows(
    columns.map((column, index) => ({ name: names[index] ?? column.name, type: columnTypeOf(column.oid) })),
  );
}

function stopError(reason: StopReason | null, bounds: ReadBounds): BroadsheetError | null {
  if (reason === 'aborted') return canceled();
  return reason === 'timeout' ? timeoutError(bounds) : null;
}

const timeoutError = (bounds: ReadBounds): BroadsheetError =>
  new BroadsheetError('timeout', `the query took longer than ${bounds.timeoutMs} ms`);

const tooLargeRow = (bounds: ReadBounds): BroadsheetError =>
  new BroadsheetError('unprocessable', `the first row alone is larger than the limit of ${bounds.maxBytes} bytes`);

/** The server's own statement_timeout may be a moment faster than our timer. */
function timedOut(error: unknown, watch: Watch): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === '57014' && watch.remainingMs() <= 50;
}
