import { PROVIDERS_DATABASES } from './postgres-capture.ts';
import { readIdentity } from './postgres-capture-identity.ts';
import { openCaptureSession } from './postgres-capture-session.ts';
import { findStatementSource } from './postgres-capture-sql.ts';
import { sourceError } from './postgres-errors.ts';
import type { PostgresTarget } from './postgres-url.ts';
import { encodeParameter } from './postgres-values.ts';
import type { WatchAdvice, WatchCheck } from './watch.ts';

const TIMEOUTS = { connectTimeoutMs: 10_000, statementTimeoutMs: 10_000, totalTimeoutMs: 30_000, serverMajor: null };

const FACTS = `SELECT session_user::text, pg_has_role(session_user, 'pg_monitor', 'usage'),
  current_setting('track_counts'), current_setting('track_activities'), current_setting('track_io_timing'),
  current_setting('pg_stat_statements.track', true), current_setting('compute_query_id', true)`;
const SCOPES = `SELECT datname::text, has_database_privilege(oid, 'CONNECT') FROM pg_database
  WHERE datallowconn AND NOT datistemplate AND datname <> ALL ($1::text[]) ORDER BY datname`;

/**
 * Look at a server before it is watched: who it is, which databases can be read, what is missing for a full report.
 * @throws BroadsheetError `unavailable`, `timeout`, `canceled`; `unprocessable` when not even its identity may be seen.
 */
export async function checkPostgres(target: PostgresTarget, signal: AbortSignal): Promise<WatchCheck> {
  const session = await openCaptureSession(target, TIMEOUTS, signal);
  try {
    const identity = await readIdentity(session.lane, target);
    const facts = await session.read('facts', '', FACTS);
    const scopes = await session.read('scopes', '', SCOPES, [encodeParameter([...PROVIDERS_DATABASES])]);
    const scopesThat = (isOpen: boolean): string[] =>
      scopes.rows.filter(([, open]) => (open === true) === isOpen).map(([name]) => String(name));
    const [login, monitors, counts, activities, ioTiming, track, queryIds] = facts.rows[0] ?? [];
    const advice: WatchAdvice[] = [];
    const advise = (needed: boolean, one: WatchAdvice): void => void (needed && advice.push(one));
    advise(monitors !== true, monitorAdvice(String(login)));
    for (const name of scopesThat(false)) advice.push(connectAdvice(name, String(login)));
    const extension = await extensionProblem(session);
    advise(extension !== null, { ...STATEMENTS, problem: extension ?? '' });
    advise(extension === null && track === 'none', { ...STATEMENTS, ...TRACK_NONE });
    advise(counts !== 'on', TRACK_COUNTS);
    advise(activities !== 'on', TRACK_ACTIVITIES);
    advise(ioTiming !== 'on', TRACK_IO_TIMING);
    advise(queryIds === 'off', QUERY_IDS);
    return { identity, login: String(login), scopes: scopesThat(true), advice };
  } catch (error) {
    throw sourceError(error);
  } finally {
    await session.end();
  }
}

async function extensionProblem(session: Parameters<typeof findStatementSource>[0]): Promise<string | null> {
  try {
    const source = await findStatementSource(session);
    if (source === null) return 'the extension is not installed in the database of the URL';
    await session.read('probe', '', `SELECT 1 FROM ${quoted(source.schema)}.pg_stat_statements(false) LIMIT 1`);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const connectAdvice = (database: string, login: string): WatchAdvice => ({
  name: 'CONNECT',
  problem: `the login ${login} may not connect to the database ${database}`,
  remedy: `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${quoted(login)}`,
  adds: `tables, indexes and vacuum of ${database}`,
});

const monitorAdvice = (login: string): WatchAdvice => ({
  name: 'pg_monitor',
  problem: `the login ${login} is not a member of pg_monitor`,
  remedy: `GRANT pg_monitor TO ${quoted(login)}`,
  adds: 'statements, sessions and settings of other users, WAL and temporary files',
});

const STATEMENTS = {
  name: 'pg_stat_statements',
  remedy: "shared_preload_libraries = 'pg_stat_statements', restart, then CREATE EXTENSION pg_stat_statements",
  adds: 'all SQL sections: by elapsed time, calls, I/O, temporary files, WAL',
};
const TRACK_NONE = { problem: 'pg_stat_statements.track is none', remedy: "pg_stat_statements.track = 'top'" };
const TRACK_COUNTS: WatchAdvice = {
  name: 'track_counts',
  problem: 'track_counts is off',
  remedy: 'track_counts = on',
  adds: 'everything about tables, indexes and autovacuum',
};
const TRACK_ACTIVITIES: WatchAdvice = {
  name: 'track_activities',
  problem: 'track_activities is off',
  remedy: 'track_activities = on',
  adds: 'waits, sessions and load over time',
};
const TRACK_IO_TIMING: WatchAdvice = {
  name: 'track_io_timing',
  problem: 'track_io_timing is off',
  remedy: 'track_io_timing = on',
  adds: 'read and write times per statement, database and kind of process',
};
const QUERY_IDS: WatchAdvice = {
  name: 'compute_query_id',
  problem: 'compute_query_id is off',
  remedy: 'compute_query_id = auto',
  adds: 'which statements the waiting sessions run',
};
