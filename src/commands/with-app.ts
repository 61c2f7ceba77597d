import { type App, createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { commandLog } from './command.ts';

/** Do something with the store and its key, as the service, without serving or working. */
export async function withApp<T>(work: (app: App) => Promise<T>): Promise<T> {
  const config = readConfig();
  const app = await createApp(config, commandLog(config), { http: false, work: false });
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}
