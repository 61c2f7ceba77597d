import type { ServerIdentity } from '../rows/snapshot.ts';
import type { Lane } from './postgres-lane.ts';
import type { PostgresTarget } from './postgres-url.ts';
import { decodeValue } from './postgres-values.ts';

/** Who the server is, where it stands in its life, and its clock. */
const IDENTITY = `SELECT s.system_identifier::text, inet_server_addr()::text, inet_server_port(),
  clock_timestamp(), pg_postmaster_start_time(), current_setting('server_version'), current_setting('server_version_num'),
  CASE WHEN pg_is_in_recovery() THEN (SELECT r.received_tli FROM pg_stat_wal_receiver r)
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END,
  pg_is_in_recovery()
FROM pg_control_system() s`;

/** @throws an error of the server when the login may not see it. */
export async function readIdentity(lane: Lane, target: PostgresTarget): Promise<ServerIdentity> {
  let found: readonly (string | null)[] = [];
  await lane.run(IDENTITY, [], (row) => {
    found = row;
  });
  const [system, address, port, now, started, version, number, timeline, inRecovery] = found;
  const instant = (text: string | null | undefined): number => Number(decodeValue(text ?? '', 'time'));
  return {
    system: system ?? '',
    // Over a unix socket the server tells no address: then it is where we asked.
    node: address ? `${address.replace(/\/\d+$/, '')}:${port}` : (target.socketPath ?? `${target.host}:${target.port}`),
    capturedAt: instant(now),
    startedAt: instant(started),
    version: `PostgreSQL ${version?.split(' ')[0] ?? ''}`,
    major: Math.floor(Number(number) / 10_000),
    timeline: timeline === null || timeline === undefined ? null : Number(timeline),
    inRecovery: inRecovery === 't',
  };
}

/** Whether two looks saw one server in one life. */
export const isSameLife = (a: ServerIdentity, b: ServerIdentity): boolean =>
  a.system === b.system &&
  a.node === b.node &&
  a.startedAt === b.startedAt &&
  a.timeline === b.timeline &&
  a.inRecovery === b.inRecovery;
