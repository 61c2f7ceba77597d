import { Command } from 'commander';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { type BuildCommand, commandLog, printResult, stopSignal } from './command.ts';
import { EXIT } from './exit-codes.ts';

export const buildServe: BuildCommand = (finish) =>
  new Command('serve')
    .option('--no-work', 'serve HTTP only: neither fire report tasks nor work runs')
    .action(async ({ work }: { work: boolean }) => {
      const config = readConfig();
      const stop = stopSignal();
      const app = await createApp(config, commandLog(config), { http: true, work });
      try {
        const started = await app.start();
        printResult({ url: started.url });
        if (!stop.aborted) await new Promise((done) => stop.addEventListener('abort', done, { once: true }));
      } finally {
        await app.stop();
      }
      finish(EXIT.ok);
    });
