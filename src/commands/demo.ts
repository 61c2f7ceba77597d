import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { type App, createApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { createKey } from '../operations/access/keys.ts';
import { createDemoDatabase, type DemoDatabase } from '../operations/demo/demo-database.ts';
import { readPublicData } from '../operations/demo/public-data.ts';
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

export const buildDemo: BuildCommand = (finish) =>
  new Command('demo').option('--seconds <n>', 'how long the workload runs', '12').action(async (options) => {
    const config = demoConfig();
    say('Starting the service and its database …');
    const app = await createApp(config, commandLog(config), { http: true, work: true });
    let database: DemoDatabase | undefined;
    try {
      const { url } = await app.start();
      say('Loading public data (weather, flights, stocks) …');
      database = await createDemoDatabase(app.store.address, await readPublicData());
      await runWorkload(database.sql, Number(options.seconds), (done) => progress('Working on the database', done));
      const documents = await printReports(await signIn(app, url ?? ''), database.readerUrl, config);
      tell(config, documents);
    } finally {
      await database?.close();
      await app.stop();
    }
    finish(EXIT.ok);
  });

/** A port of its own, so that the demo runs beside a service; quiet unless asked to speak. */
function demoConfig(): Config {
  const config = readConfig();
  return { ...config, HOST: '127.0.0.1', PORT: 0, LOG_LEVEL: config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL };
}

/** A client that acts as the store's first admin, with a service key made for this demo. */
async function signIn(app: App, url: string): Promise<DemoClient> {
  const input = searchSchema.parse({ filters: [{ field: 'username', type: 'equal', value: 'admin' }] });
  const found = await searchResource({ ctx: app.ctx, resource: userResource, input });
  const key = await createKey({ ctx: app.ctx, input: { name: 'demo' } });
  return createDemoClient(url, String(key.key), String(found.objects[0]?.id));
}

/** Defines every report over HTTP, fires its task, waits for its run and saves the document. Paths of the PDFs. */
async function printReports(client: DemoClient, sourceUrl: string, config: Config): Promise<string[]> {
  const [source] = await client.idsNamed('/sources', SOURCE);
  await (source
    ? client.put('/sources/update', { id: source, url: sourceUrl })
    : client.post('/sources/create', { name: SOURCE, url: sourceUrl }));
  const folder = resolve(config.DATA_DIR, 'demo');
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const file of REPORTS) {
    const report = readDemoReport(file);
    say(`Defining and printing "${report.name}" …`);
    const task = await defineReport(client, report, { source: SOURCE, instance: INSTANCE, recipient: RECIPIENT });
    const run = await client.runEnded(await client.run(task), RUN_TIMEOUT_MS);
    if (run.document === null)
      throw new Error(`run ${run.id} of "${report.name}" ended ${run.state} without a document`);
    const document = await client.file(run.document.id);
    const path = join(folder, document.name);
    await writeFile(path, document.bytes);
    say(`  ${run.state}: ${path}`);
    paths.push(path);
  }
  return paths;
}

function tell(config: Config, documents: string[]): void {
  const mails = config.SMTP_URL === undefined ? resolve(config.DATA_DIR, 'mail') : `sent to ${RECIPIENT}`;
  say(`\nMails: ${mails}`);
  say('Next: `npm start` serves on the same data; its API is described at /docs.');
  printResult({ documents, mails });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A bar that redraws itself on a terminal, and nothing elsewhere. */
function progress(what: string, done: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.min(30, Math.round(done * 30));
  process.stderr.write(`\r${what} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)}${done >= 0.97 ? '\n' : ''}`);
}
