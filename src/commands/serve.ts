import { Command } from 'commander';
import { createApp, type Started } from '../app.ts';
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
        printResult(startedResult(started));
        if (!stop.aborted) await new Promise((done) => stop.addEventListener('abort', done, { once: true }));
      } finally {
        await app.stop();
      }
      finish(EXIT.ok);
    });

/** The one line of stdout: where it serves and, once in a store's life, who may come in. */
function startedResult({ url, firstAdmin }: Started): Record<string, unknown> {
  if (!firstAdmin) return { url };
  const { userId, username, key } = firstAdmin;
  return { url, first_admin: { user_id: userId, username, key, note: 'this key is shown only now' } };
}
