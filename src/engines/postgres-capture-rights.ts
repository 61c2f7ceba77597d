import type { MissingPart } from '../rows/snapshot.ts';
import type { CaptureSession } from './postgres-capture-session.ts';

const RIGHTS = `SELECT pg_has_role(session_user, 'pg_read_all_stats', 'usage'),
  pg_has_role(session_user, 'pg_read_all_settings', 'usage')`;

/**
 * What the server hides from the login without an error: it shows rows of others without their figures. Both rights are
 * part of pg_monitor.
 */
export async function hiddenParts(session: CaptureSession): Promise<readonly MissingPart[]> {
  const { rows } = await session.read('rights', '', RIGHTS);
  const [stats, settings] = rows[0] ?? [];
  const hidden = (view: string, what: string, right: string): MissingPart => {
    return { view, scope: '', reason: `${what} are hidden: the login has not ${right}, which is part of pg_monitor` };
  };
  return [
    ...(stats === true
      ? []
      : [
          hidden('statements', 'statements of other logins', 'pg_read_all_stats'),
          hidden('activity_counts', 'sessions of other logins', 'pg_read_all_stats'),
        ]),
    ...(settings === true ? [] : [hidden('settings', 'settings that only superusers see', 'pg_read_all_settings')]),
  ];
}
