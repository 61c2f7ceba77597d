import { Command } from 'commander';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { type BuildCommand, commandLog, stopSignal } from './command.ts';
import { EXIT } from './exit-codes.ts';

export const buildWork: BuildCommand = (finish) =>
  new Command('work').action(async () => {
    const config = readConfig();
    const stop = stopSignal();
    const app = await createApp(config, commandLog(config), { http: false, work: true });
    try {
      await app.start();
      if (!stop.aborted) await new Promise((done) => stop.addEventListener('abort', done, { once: true }));
    } finally {
      await app.stop();
    }
    finish(EXIT.ok);
  });
