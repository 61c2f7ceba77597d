import { Command } from 'commander';
import { openMigratedStore } from '../app.ts';
import { readConfig } from '../config.ts';
import { type BuildCommand, commandLog, printResult } from './command.ts';
import { EXIT } from './exit-codes.ts';

export const buildMigrate: BuildCommand = (finish) =>
  new Command('migrate').action(async () => {
    const config = readConfig();
    const store = await openMigratedStore(config, commandLog(config));
    await store.close();
    printResult({ applied: store.appliedMigrations });
    finish(EXIT.ok);
  });
