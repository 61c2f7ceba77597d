import { BroadsheetError } from '../errors.ts';
import type { ConnectionReport } from './engine.ts';
import type { Lane } from './postgres-lane.ts';

const OLDEST_VERSION = 130_000;

/**
 * Roles that can do more than read even in a READ ONLY transaction: run programs, touch files of the server, end other
 * people's sessions, stream the log. A member can become such a role in the middle of a query
 * (`set_config('role', …)`), so membership counts, not only inheritance; SQL looks at the login, not the current role.
 */
const PRIVILEGES = `
  select r.rolname,
         case when r.rolsuper then 'superuser' when r.rolreplication then 'replication' else 'server programs or files' end
  from pg_catalog.pg_roles r
  where (r.rolsuper or r.rolreplication
         or r.rolname in ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'pg_signal_backend'))
    and pg_catalog.pg_has_role(session_user, r.oid, 'member')
  order by r.rolname`;

const IDENTITY = `
  select session_user::text, pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num')`;

/** Look at who we are logged in as, and on what. */
export async function inspectLogin(lane: Lane): Promise<ConnectionReport> {
  const rows: (readonly (string | null)[])[] = [];
  const collect = (row: readonly (string | null)[]): void => {
    rows.push(row);
  };
  await lane.run(IDENTITY, [], collect);
  const [login = '', version = '', number = '0'] = (rows.shift() ?? []).map((value) => value ?? '');
  await lane.run(PRIVILEGES, [], collect);
  const reasons = rows.some(([role]) => role === login)
    ? rows.filter(([role]) => role === login).map(([, reason]) => `it is ${reason}`)
    : rows.map(([role]) => `it is a member of ${role}`);
  const problems: string[] = [];
  if (Number(number) < OLDEST_VERSION) problems.push(`PostgreSQL 13 or newer is needed, this is ${version}`);
  if (rows.length > 0) problems.push(`the login ${login} may do more than read: ${reasons.join(', ')}`);
  return { version: `PostgreSQL ${version}`, login, privileged: rows.length > 0, problems };
}

/** @throws BroadsheetError `unprocessable` when reports must not use this login. */
export function refuseUnfit(report: ConnectionReport, allowPrivileged: boolean): void {
  const problems = refusals(report, allowPrivileged);
  if (problems.length === 0) return;
  const way = report.privileged ? '; use a login that may only read, or set ALLOW_PRIVILEGED_SOURCES' : '';
  throw new BroadsheetError('unprocessable', `the source is refused: ${problems.join('; ')}${way}`);
}

/** The problems that count: a privileged login is none where the configuration allows it. */
export const refusals = (report: ConnectionReport, allowPrivileged: boolean): readonly string[] =>
  report.privileged && allowPrivileged
    ? report.problems.filter((problem) => !problem.includes('may do more than read'))
    : report.problems;
