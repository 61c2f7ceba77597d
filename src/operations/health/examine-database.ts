import type { Config } from '../../config.ts';
import { messageOf } from '../../errors.ts';
import { silentLog } from '../../log.ts';
import { type DatabaseAddress, openDatabase } from '../../store/database.ts';
import { majorOf, placeEmbedded } from '../../store/embedded-folder.ts';
import { startEmbedded } from '../../store/embedded-server.ts';
import { pendingMigrations } from '../../store/migrate.ts';
import { type Finding, fail, ok, warn } from './surroundings.ts';

const OLDEST_SERVER = 130_000;

/** The database that the configuration names; an embedded one is started for the look if it does not run. */
export async function examineDatabase(config: Config): Promise<Finding[]> {
  if (config.DATABASE_URL !== undefined) return examineServer({ url: config.DATABASE_URL });
  try {
    const place = await placeEmbedded(config.DATA_DIR);
    const where = `${place.cluster}, run by ${place.user.ids ? `user ${place.user.name}` : 'this user'}`;
    const note = place.moved ? `; the dropped user cannot reach ${config.DATA_DIR} or the programs` : '';
    if ((await majorOf(place.cluster)) === undefined) return [ok('database', `will be made in ${where}${note}`)];
    const server = await startEmbedded({ dataDir: config.DATA_DIR, log: silentLog });
    try {
      const found = await examineServer(server);
      return [ok('database folder', `${where}${note}`), ...found];
    } finally {
      await server.release();
    }
  } catch (error) {
    return [fail('database', messageOf(error), 'do what the message says, or name a server in DATABASE_URL')];
  }
}

async function examineServer(address: DatabaseAddress): Promise<Finding[]> {
  const database = openDatabase(address, { max: 1, applicationName: 'broadsheet doctor' });
  try {
    const [row] = await database.sql<{ number: number; version: string; login: string }[]>`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
        current_user as login`;
    const text = `PostgreSQL ${row?.version} answers to login ${row?.login}`;
    if (!row || row.number < OLDEST_SERVER) return [fail('database', text, 'PostgreSQL 13 or newer is needed')];
    const pending = await pendingMigrations(database.db);
    return [
      ok('database', text),
      pending.length === 0
        ? ok('migrations', 'all applied')
        : warn(
            'migrations',
            `${pending.length} not applied`,
            'they are applied at the next start, or by `broadsheet migrate`',
          ),
    ];
  } catch (error) {
    return [fail('database', messageOf(error), 'check DATABASE_URL: host, port, database, login and password')];
  } finally {
    await database.close();
  }
}
