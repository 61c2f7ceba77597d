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
  /** How many migrations opening it has applied. */
  readonly appliedMigrations: number;
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
  let appliedMigrations = 0;
  try {
    if (options.migrate !== false) appliedMigrations = await migrateDatabase(address);
    if (appliedMigrations > 0) log.info({ applied: appliedMigrations }, 'database migrated');
  } catch (error) {
    await embedded?.release();
    throw error;
  }
  const database = openDatabase(address, options);
  return {
    ...database,
    address,
    embedded,
    appliedMigrations,
    close: async () => {
      await database.close();
      await embedded?.release();
    },
  };
}
