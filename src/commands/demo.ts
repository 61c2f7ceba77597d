import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type App, createApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { BroadsheetError } from '../errors.ts';
import type { FirstAdmin } from '../operations/access/ensure-first-admin.ts';
import { keyResource } from '../operations/access/key-resource.ts';
import { createKey, revokeKey } from '../operations/access/keys.ts';
import { createDemoDatabase, type DemoDatabase } from '../operations/demo/demo-database.ts';
import { readPublicData } from '../operations/demo/public-data.ts';
import { takeDemoSnapshot, watchDemo } from '../operations/demo/watch-demo.ts';
import { runWorkload } from '../operations/demo/workload.ts';
import { searchSchema } from '../operations/resources/schemas.ts';
import { searchResource } from '../operations/resources/search.ts';
import { userResource } from '../operations/users/resource.ts';
import { type BuildCommand, commandLog, printResult } from './command.ts';
import { createDemoClient, type DemoClient } from './demo/client.ts';
import { defineReport, readDemoReport } from './demo/report.ts';
import { EXIT } from './exit-codes.ts';

const SOURCE = 'demo';
const INSTANCE = '868cf2e9-bd6d-4bac-96ba-2b08120d8cf9';
const RECIPIENT = 'dba@example.com';
const REPORTS = ['server.yaml', 'public-data.yaml'];
const RUN_TIMEOUT_MS = 60_000;
const KEY_NAME = 'made by the demo';

export const buildDemo: BuildCommand = (finish) =>
  new Command('demo').option('--seconds <n>', 'how long the workload runs', seconds, 24).action(async (options) => {
    const config = readConfig();
    say('Starting the service and its database …');
    const own = ownSettings(config);
    const app = await createApp(own, commandLog(own), { http: true, work: true });
    let database: DemoDatabase | undefined;
    try {
      const { url, firstAdmin } = await app.start();
      say('Loading public data (weather, flights, stocks) …');
      database = await createDemoDatabase(app.store.address, await readPublicData());
      const clusterId = await watched(app, database);
      say(`Working on the database for ${options.seconds} s …`);
      await runWorkload(database.sql, options.seconds, progress);
      if (clusterId !== null) await takeDemoSnapshot({ ctx: app.ctx, input: { clusterId } });
      const login = await signIn(app, firstAdmin);
      const client = createDemoClient(url ?? '', login.key, login.userId);
      tell(config, login, await printReports(client, { sourceUrl: database.readerUrl, clusterId }, config));
    } finally {
      await database?.close();
      await app.stop();
    }
    finish(EXIT.ok);
  });

function seconds(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) < 3) throw new InvalidArgumentError('It must be from 3 to 999.');
  return Number(text);
}

/** A port of its own, so that the demo runs beside a service; its log is quiet unless asked to speak. */
function ownSettings(config: Config): Config {
  return { ...config, HOST: '127.0.0.1', PORT: 0, LOG_LEVEL: config.LOG_LEVEL === 'info' ? 'error' : config.LOG_LEVEL };
}

/** Watches the demo's server as a cluster, with a first snapshot. Null, with the reason told, where it cannot be watched. */
async function watched({ ctx }: App, { monitorUrl, unwatchable }: DemoDatabase): Promise<number | null> {
  if (unwatchable !== null) {
    say(`The pages about the server's workload are left out: ${unwatchable}`);
    return null;
  }
  say('Watching the server: a first snapshot of its counters …');
  const clusterId = await watchDemo({ ctx, input: { url: monitorUrl } });
  await takeDemoSnapshot({ ctx, input: { clusterId } });
  return clusterId;
}

interface Login {
  readonly userId: string;
  readonly key: string;
}

/** The first admin where this was the first start; else the store's admin, with a new key in place of an earlier demo's. */
async function signIn({ ctx }: App, firstAdmin: FirstAdmin | null): Promise<Login> {
  if (firstAdmin) return firstAdmin;
  const equal = (field: string, value: string | null) => ({ field, type: 'equal', value });
  const admins = searchSchema.parse({ filters: [equal('username', 'admin')] });
  const [admin] = (await searchResource({ ctx, resource: userResource, input: admins })).objects;
  if (!admin) throw new BroadsheetError('unavailable', 'the demo acts as the user "admin", which this store has not');
  const former = searchSchema.parse({ filters: [equal('name', KEY_NAME), equal('revoked_at', null)] });
  for (const { id } of (await searchResource({ ctx, resource: keyResource, input: former })).objects) {
    await revokeKey({ ctx, input: { id: String(id) } });
  }
  const { key } = await createKey({ ctx, input: { name: KEY_NAME } });
  return { userId: String(admin.id), key: String(key) };
}

interface Printed {
  readonly path: string;
  /** Of the archive, below the service's address. */
  readonly route: string;
}

/** Defines every report over HTTP, fires its task, waits for its run and saves the document. Paths of the PDFs. */
async function printReports(
  client: DemoClient,
  { sourceUrl, clusterId }: { sourceUrl: string; clusterId: number | null },
  config: Config,
): Promise<Printed[]> {
  const [source] = await client.idsNamed('/sources', SOURCE);
  await (source
    ? client.put('/sources/update', { id: source, url: sourceUrl })
    : client.post('/sources/create', { name: SOURCE, url: sourceUrl }));
  const folder = resolve(config.DATA_DIR, 'demo');
  await mkdir(folder, { recursive: true });
  const printed: Printed[] = [];
  for (const file of REPORTS) {
    const report = readDemoReport(file);
    say(`Defining and printing "${report.name}" …`);
    const options = { source: SOURCE, instance: INSTANCE, recipient: RECIPIENT, clusterId };
    const task = await defineReport(client, report, options);
    const run = await client.runEnded(await client.run(task), RUN_TIMEOUT_MS);
    if (run.document === null)
      throw new Error(`run ${run.id} of "${report.name}" ended ${run.state} without a document`);
    const document = await client.file(run.document.id);
    const path = join(folder, document.name);
    await writeFile(path, document.bytes);
    say(`  ${run.state}: ${path}`);
    printed.push({ path, route: `/cruddy/v2/reports/archive/${run.document.id}/file` });
  }
  return printed;
}

function tell(config: Config, { userId, key }: Login, printed: Printed[]): void {
  const url = `http://127.0.0.1:${config.PORT}`;
  const mails = config.SMTP_URL === undefined ? resolve(config.DATA_DIR, 'mail') : `sent to ${RECIPIENT}`;
  const documents = printed.map(({ path, route }) => ({ path, url: url + route }));
  say(`\nMails: ${mails}`);
  say(`Next: \`npm start\` serves on the same data, with its API at ${url}/docs. The documents from there:`);
  say(`  export KEY=${key} USER_ID=${userId}`);
  for (const document of documents) say(`  curl -OJ -H "PgrApiKey: $KEY" -H "Pgr-User-ID: $USER_ID" ${document.url}`);
  say('');
  printResult({ documents, mails, user_id: userId, key });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A bar that redraws itself on a terminal, and nothing elsewhere. */
function progress(done: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.min(30, Math.round(done * 30));
  process.stderr.write(`\r  ${'█'.repeat(filled)}${'░'.repeat(30 - filled)}${done >= 0.97 ? '\n' : ''}`);
}
