import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { type Database, type DatabaseAddress, openDatabase } from './database.ts';
import { type EmbeddedServer, startEmbedded } from './embedded-server.ts';
import { migrateDatabase } from './migrate.ts';

/** Our own PostgreSQL, open and migrated. */
export interface Store extends Database {
  readonly address: DatabaseAddress;
  /** The embedded server, when `DATABASE_URL` names none. */
  readonly embedded: EmbeddedServer | undefined;
  /** Closes the pool; the last graceful user of an embedded server stops it. */
  close(): Promise<void>;
}

type StoreConfig = Pick<Config, 'DATABASE_URL' | 'DATA_DIR'>;

/**
 * Open the store that the configuration names, starting the embedded server if it names none, and migrate it.
 * @throws BroadsheetError `unavailable` with the way out in its text.
 */
export async function openStore(
  config: StoreConfig,
  log: Log,
  options: { max?: number; applicationName?: string; migrate?: boolean } = {},
): Promise<Store> {
  const embedded =
    config.DATABASE_URL === undefined ? await startEmbedded({ dataDir: config.DATA_DIR, log }) : undefined;
  const address: DatabaseAddress = embedded
    ? { socketDir: embedded.socketDir, database: embedded.database }
    : { url: config.DATABASE_URL ?? '' };
  try {
    const applied = options.migrate === false ? 0 : await migrateDatabase(address);
    if (applied > 0) log.info({ applied }, 'database migrated');
  } catch (error) {
    await embedded?.release();
    throw error;
  }
  const database = openDatabase(address, options);
  return {
    ...database,
    address,
    embedded,
    close: async () => {
      await database.close();
      await embedded?.release();
    },
  };
}
