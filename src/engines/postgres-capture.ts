import { BroadsheetError } from '../errors.ts';
import {
  indexTextKey,
  type MissingPart,
  type ServerIdentity,
  type ServerText,
  type SnapshotPart,
} from '../rows/snapshot.ts';
import { isSameLife, readIdentity } from './postgres-capture-identity.ts';
import { hiddenParts } from './postgres-capture-rights.ts';
import { type CaptureSession, openCaptureSession, reasonOf } from './postgres-capture-session.ts';
import { findStatementSource, readStatements, type StatementSource } from './postgres-capture-sql.ts';
import { CAPTURE_STATEMENTS, type CaptureStatement } from './postgres-capture-statements.ts';
import { withoutSecrets } from './postgres-capture-texts.ts';
import { forMajor } from './postgres-capture-versions.ts';
import { canceled, sourceError } from './postgres-errors.ts';
import type { PostgresTarget } from './postgres-url.ts';
import { encodeParameter } from './postgres-values.ts';
import type { Capture, CaptureRequest } from './watch.ts';

const CONNECT_TIMEOUT_MS = 5000;
const TOTAL_TIMEOUT_MS = 120_000;
const SCOPES_AT_ONCE = 2;
const INDEX_TEXTS_AT_ONCE = 5000;
/** Closed to everybody but the provider of the server (RDS, Cloud SQL, Azure): nothing of the customer's is missing. */
export const PROVIDERS_DATABASES = ['rdsadmin', 'cloudsqladmin', 'azure_maintenance', 'azure_sys'];

/**
 * Read the performance counters of a PostgreSQL 13 to 18 with no more than `pg_monitor`. What cannot be read is named in
 * `missing`. The server is looked at before and after, and in every database: when it was replaced or restarted in between,
 * all is read once more.
 * @throws BroadsheetError `unavailable`, `timeout`, `canceled`; `conflict` when it was replaced twice.
 */
export async function capturePostgres(
  target: PostgresTarget,
  request: CaptureRequest,
  signal: AbortSignal,
): Promise<Capture> {
  for (const isLast of [false, true]) {
    const capture = await captureOnce(target, request, signal);
    if (capture !== null) return capture;
    if (isLast) break;
  }
  throw new BroadsheetError('conflict', 'the server was restarted or replaced while it was read');
}

interface Found {
  readonly parts: SnapshotPart[];
  readonly missing: MissingPart[];
  readonly texts: ServerText[];
  sent: number;
}

interface Server {
  readonly target: PostgresTarget;
  readonly request: CaptureRequest;
  readonly identity: ServerIdentity;
  readonly found: Found;
  /** Where pg_stat_statements was found; read once. */
  source: StatementSource | null;
  /** A database was reached at another server, or in another life of this one: nothing fits together. */
  isReplaced: boolean;
}

async function captureOnce(
  target: PostgresTarget,
  request: CaptureRequest,
  signal: AbortSignal,
): Promise<Capture | null> {
  const session = await open(target, request, null, signal);
  try {
    const identity = await asCaptured(readIdentity(session.lane, target), signal);
    const missing = [...(await asCaptured(hiddenParts(session), signal))];
    const found: Found = { parts: [], missing, texts: [], sent: 0 };
    const server: Server = { target, request, identity, found, source: null, isReplaced: false };
    await captureStatements(session, server);
    for (const statement of CAPTURE_STATEMENTS) {
      if (statement.scope === 'cluster') await capturePart(session, server, statement, '');
    }
    const others = await databasesOf(session);
    if (others.mine) await captureDatabase(session, server, target.database);
    await eachAtMost(SCOPES_AT_ONCE, others.names.slice(0, request.maxScopes - 1), (name) =>
      captureOtherDatabase(server, name, signal),
    );
    if (server.isReplaced) return null;
    for (const name of others.closed) {
      found.missing.push({ view: 'database', scope: name, reason: 'the login may not connect to it' });
    }
    for (const name of others.names.slice(request.maxScopes - 1)) {
      found.missing.push({ view: 'database', scope: name, reason: `only ${request.maxScopes} databases are captured` });
    }
    if (server.source === null) {
      const reason = 'pg_stat_statements is not installed in any database that could be read';
      found.missing.push({ view: 'statements', scope: '', reason });
    }
    const after = await asCaptured(readIdentity(session.lane, target), signal);
    found.sent += session.sent() + 2;
    if (!isSameLife(identity, after)) return null;
    const { sent: statementsSent, ...read } = found;
    return { identity, ...read, tenants: tenantsOf(found.parts), statementsSent };
  } finally {
    await session.end();
  }
}

const open = (
  target: PostgresTarget,
  { statementTimeoutMs }: CaptureRequest,
  serverMajor: number | null,
  signal: AbortSignal,
): Promise<CaptureSession> =>
  openCaptureSession(
    target,
    { connectTimeoutMs: CONNECT_TIMEOUT_MS, totalTimeoutMs: TOTAL_TIMEOUT_MS, statementTimeoutMs, serverMajor },
    signal,
  );

async function asCaptured<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw signal.aborted ? canceled() : sourceError(error);
  }
}

async function capturePart(
  session: CaptureSession,
  server: Server,
  statement: CaptureStatement,
  scope: string,
): Promise<SnapshotPart | null> {
  const { identity, found } = server;
  if (statement.since !== undefined && identity.major < statement.since) return null;
  if (statement.standby === true && !identity.inRecovery) return null;
  try {
    const part = await session.read(statement.view, scope, forMajor(statement.text, identity.major));
    found.parts.push(part);
    return part;
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    found.missing.push({ view: statement.view, scope, reason: reasonOf(error) });
    return null;
  }
}

/** Once per capture, in the first database that has the extension. */
async function captureStatements(session: CaptureSession, server: Server): Promise<void> {
  if (server.source !== null) return;
  const { found, request } = server;
  try {
    server.source = await findStatementSource(session);
    if (server.source === null) return;
    const read = await readStatements(session, server.source, request.knows);
    found.parts.push(...read.parts);
    found.texts.push(...read.texts);
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    found.missing.push({ view: 'statements', scope: '', reason: reasonOf(error) });
  }
}

interface Databases {
  /** Those that may be connected to, the largest first, without the one we are in. */
  readonly names: readonly string[];
  readonly closed: readonly string[];
  readonly mine: boolean;
}

async function databasesOf(session: CaptureSession): Promise<Databases> {
  const text = `SELECT datname::text, datname = current_database(), has_database_privilege(oid, 'CONNECT') FROM pg_database
    WHERE datallowconn AND NOT datistemplate AND datname <> ALL ($1::text[])
    ORDER BY pg_database_size(oid) DESC, datname`;
  const { rows } = await session.read('databases', '', text, [encodeParameter([...PROVIDERS_DATABASES])]);
  const others = rows.filter(([, mine]) => mine !== true);
  const namesOf = (isOpen: boolean): string[] =>
    others.filter(([, , open]) => (open === true) === isOpen).map(([name]) => String(name));
  return { names: namesOf(true), closed: namesOf(false), mine: others.length < rows.length };
}

function tenantsOf(parts: readonly SnapshotPart[]): Capture['tenants'] {
  const part = parts.find(({ view }) => view === 'database');
  const [id, name, template] = ['datid', 'datname', 'datistemplate'].map(
    (column) => part?.columns.findIndex((one) => one.name === column) ?? -1,
  );
  return (part?.rows ?? []).flatMap((row) => {
    const isTenant = typeof row[name ?? -1] === 'string' && row[template ?? -1] !== true;
    return isTenant ? [{ number: Number(row[id ?? -1]), name: String(row[name ?? -1]) }] : [];
  });
}

async function captureOtherDatabase(server: Server, name: string, signal: AbortSignal): Promise<void> {
  const { target, request, identity, found } = server;
  let session: CaptureSession | undefined;
  try {
    session = await open({ ...target, database: name }, request, identity.major, signal);
    // Behind an address that moves, every connection may reach another server.
    const reached = await readIdentity(session.lane, target);
    found.sent += 1;
    if (!isSameLife(identity, reached)) server.isReplaced = true;
    if (server.isReplaced) return;
    await captureStatements(session, server);
    await captureDatabase(session, server, name);
  } catch (error) {
    if (signal.aborted) throw error;
    found.missing.push({ view: 'database', scope: name, reason: reasonOf(error) });
  } finally {
    found.sent += session?.sent() ?? 0;
    await session?.end();
  }
}

async function captureDatabase(session: CaptureSession, server: Server, name: string): Promise<void> {
  for (const statement of CAPTURE_STATEMENTS) {
    if (statement.scope !== 'database') continue;
    const part = await capturePart(session, server, statement, name);
    if (statement.view === 'indexes' && part !== null) await captureIndexTexts(session, server, part);
  }
}

/** Definitions of indexes not seen before: the dearest call of a capture, about 30 µs an index. */
async function captureIndexTexts(
  session: CaptureSession,
  { found, request }: Server,
  part: SnapshotPart,
): Promise<void> {
  const [id, name] = ['indexrelid', 'indexrelname'].map((column) =>
    part.columns.findIndex((one) => one.name === column),
  );
  const scope = part.scope;
  const keys = new Map(part.rows.map((row) => [Number(row[id ?? 0]), indexTextKey(row[id ?? 0], row[name ?? 0])]));
  const unknown = [...keys]
    .filter(([, key]) => !request.knows({ kind: 'index', scope, key }))
    .slice(0, INDEX_TEXTS_AT_ONCE);
  if (unknown.length === 0) return;
  try {
    const text = 'SELECT i.oid, pg_get_indexdef(i.oid) FROM unnest($1::oid[]) AS i(oid)';
    const { rows } = await session.read('index_texts', scope, text, [encodeParameter(unknown.map(([oid]) => oid))]);
    for (const [oid, definition] of rows) {
      const key = keys.get(Number(oid));
      if (key === undefined || typeof definition !== 'string') continue;
      found.texts.push({ kind: 'index', scope, key, text: withoutSecrets(definition), fullLength: definition.length });
    }
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    found.missing.push({ view: 'index_texts', scope, reason: reasonOf(error) });
  }
}

async function eachAtMost<T>(count: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const hand = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: count }, hand));
}
