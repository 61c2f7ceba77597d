import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { silentLog } from '../../src/log.ts';
import { connect } from '../../src/store/database.ts';
import { placeEmbedded } from '../../src/store/embedded-folder.ts';
import { processExists } from '../../src/store/embedded-postmaster.ts';
import { stopServer } from '../../src/store/embedded-programs.ts';
import { startEmbedded } from '../../src/store/embedded-server.ts';
import { migrateDatabase } from '../../src/store/migrate.ts';
import { installJobs } from '../../src/tasks/boss.ts';
import { TEMPLATE } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the unix socket of the run's PostgreSQL. */
    socketDir: string;
    /** File that collects the suites which did not run, one JSON line each: written by `needs()`. */
    skippedSuites: string;
  }
}

const PREFIX = 'broadsheet-test-';

/** One embedded PostgreSQL for the whole run, with a migrated template database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const folder = mkdtempSync(`/tmp/${PREFIX}${process.pid}-`);
  chmodSync(folder, 0o755);
  const server = await startEmbedded({
    dataDir: folder,
    sharedFolder: join(folder, 'shared'),
    log: silentLog,
    settings: { fsync: 'off', max_connections: '300' },
  });
  const admin = connect({ socketDir: server.socketDir, database: 'postgres' }, { max: 1 });
  await admin.unsafe(`create database ${TEMPLATE}`);
  await admin.end();
  const template = { socketDir: server.socketDir, database: TEMPLATE };
  await migrateDatabase(template);
  const templateSql = connect(template, { max: 2 });
  await installJobs(templateSql);
  await templateSql.end();
  project.provide('socketDir', server.socketDir);
  const skippedSuites = join(folder, 'skipped-suites');
  writeFileSync(skippedSuites, '');
  project.provide('skippedSuites', skippedSuites);
  return async () => {
    nameSkipped(skippedSuites);
    await server.release();
    rmSync(folder, { recursive: true, force: true });
  };
}

function nameSkipped(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  if (lines.length === 0) return;
  console.log(`\n${lines.length} suites did not run here, because programs that npm does not bring are missing:`);
  for (const line of lines.sort()) {
    const { name, wanted } = JSON.parse(line) as { name: string; wanted: string };
    console.log(`  - ${name}: needs ${wanted}`);
  }
}

/** Servers and folders of runs that were killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync('/tmp')) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (!Number.isInteger(owner) || processExists(owner)) continue;
    const folder = join('/tmp', name);
    try {
      await stopServer(await placeEmbedded(folder, join(folder, 'shared')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
