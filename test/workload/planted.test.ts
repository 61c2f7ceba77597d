import { appendFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawHere } from '../../src/operations/runs/draw-here.ts';
import { workloadDrawing } from '../../src/operations/workload/draw-workload.ts';
import { observeSource } from '../../src/operations/workload/observe-source.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { findingsOf } from '../../src/workload/findings.ts';
import type { Finding } from '../../src/workload/section.ts';
import { needs } from '../harness/needs.ts';
import { startPgbench } from '../harness/pgbench.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../harness/watched-server.ts';
import { onFile } from '../print/printing.ts';
import { handIn } from './capture-now.ts';
import { calm, PLANTS, type Plant, SCHEMA, type Workers } from './planted-work.ts';

/** How often everything is planted: once in the suite; docs/workload.md has the table of ten. */
const RUNS = Number(process.env.PLANTED_RUNS ?? 1);
/** A file that every run adds a line of JSON to: what was planted and what was found. */
const LOG = process.env.PLANTED_LOG;
const TIMEOUT_MS = 240_000;
const MOST_SECONDS = 180;
const TRANSACTIONS_PER_SECOND = 40;
const PLANTED = 'planted';

/** Plant work on a server and watch it meanwhile, as `broadsheet workload --source` does. */
async function watched(server: WatchedServer, plants: readonly Plant[]): Promise<WorkloadFacts> {
  for (const text of plants.flatMap(({ prepare = [] }) => prepare)) await server.sql.unsafe(text);
  await handIn(server);
  const looks = Math.max(0, ...plants.map((plant) => plant.looks ?? 0));
  const [begun, lookedAt] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const enough = new AbortController();
  let count = 0;
  const onProgress = (): void => {
    // Work begins once the first snapshot is taken.
    begun.resolve();
    count += 1;
    if (count > looks) lookedAt.resolve();
  };
  const observed = observeSource({
    ...{ url: server.url, seconds: MOST_SECONDS, locale: 'en' as const, timeZone: 'UTC' },
    ...{ signal: AbortSignal.timeout(TIMEOUT_MS), enough: enough.signal, onProgress },
  });
  const worked = begun.promise.then(() => work(server, plants, lookedAt.promise)).finally(() => enough.abort());
  const [facts] = await Promise.all([observed.finally(() => begun.resolve()), worked]);
  for (const text of plants.flatMap(({ remove = [] }) => remove)) await server.sql.unsafe(text);
  return facts;
}

/** Until all is done and every session of it has ended, and with that has handed in what it counted. */
async function work(server: WatchedServer, plants: readonly Plant[], lookedAt: Promise<void>): Promise<void> {
  const released = Promise.withResolvers<void>();
  const session: Workers['session'] = async (user, run) => {
    const sql = server.connect({ user, connection: { application_name: PLANTED } });
    try {
      await run(sql);
    } finally {
      await sql.end();
    }
  };
  const holdOpen: Workers['holdOpen'] = (user, text, then = () => []) =>
    session(user, async (sql) => {
      await sql.unsafe('begin');
      await sql.unsafe(text);
      const waiting = then();
      await released.promise;
      await sql.unsafe('commit');
      await Promise.all(waiting);
    });
  const workers = { session, holdOpen };
  const held = plants.map(({ hold }) => hold?.(workers));
  const done = Promise.all([...plants.flatMap((plant) => plant.work?.(workers) ?? []), lookedAt]);
  await Promise.all([done.finally(() => released.resolve()), ...held]);
  const isLeft = `select from pg_stat_activity where application_name = '${PLANTED}'`;
  while ((await server.sql.unsafe(isLeft)).length > 0);
}

const saidOf = ({ id, severity, subject, sentence }: Finding): string => `${id} (${severity}) ${subject}: ${sentence}`;

/** What should have been named and was not. */
function missedOf(findings: readonly Finding[], plants: readonly Plant[]): readonly string[] {
  return plants.flatMap(({ named }) =>
    named.flatMap(([id, subject, sentence]) => {
      const isNamed = findings.some(
        (one) => one.id === id && subject.test(one.subject ?? '') && sentence.test(one.sentence),
      );
      return isNamed ? [] : [`${id} ${subject} ${sentence}`];
    }),
  );
}

const { draw } = drawHere({ fontDir: null, systemFonts: false });

/** The report's PDF, and its text. */
async function printed(facts: WorkloadFacts, name: string): Promise<string> {
  const drawing = { facts, name, at: new Date(facts.range.end.identity.capturedAt), sections: null };
  const { files, defects } = await draw(workloadDrawing({ ...drawing, outputs: ['pdf'] }), AbortSignal.timeout(60_000));
  expect(defects).toEqual([]);
  const [pdf] = files;
  if (process.env.KEEP_REPORTS) writeFileSync(`${process.env.KEEP_REPORTS}/${name}.pdf`, pdf?.bytes ?? '');
  return onFile(pdf?.bytes ?? new Uint8Array(), 'pdftotext', '-raw', 'FILE', '-');
}

needs('pgbench', 'pdftotext')('bad work planted', () => {
  describe.each(watchableServers())('on $name, under pgbench', ({ bin }) => {
    let server: WatchedServer;
    let bench: Awaited<ReturnType<typeof startPgbench>>;

    beforeAll(async () => {
      // Durable, since a server that is not would be found to be at risk; commits need not wait for the disk.
      server = await startWatchedServer(bin, ['fsync = on', 'synchronous_commit = off', 'max_wal_size = 4GB']);
      for (const text of SCHEMA) await server.sql.unsafe(text);
      // Else rows whose counts are not yet handed in would be counted once more after it.
      await handIn(server);
      await server.sql.unsafe('vacuum analyze');
      bench = await startPgbench(server, TRANSACTIONS_PER_SECOND);
    }, 120_000);

    afterAll(async () => {
      await bench.stop();
      await server.remove();
    });

    async function judged(run: number, name: string, plants: readonly Plant[]) {
      const began = performance.now();
      const facts = await watched(server, plants);
      const findings = findingsOf(facts);
      const missed = missedOf(findings, plants);
      const seconds = (performance.now() - began) / 1000;
      const found = findings.map(saidOf);
      const line = { server: server.major, run, name, seconds, load: loadavg()[0], missed, found };
      if (LOG !== undefined) appendFileSync(LOG, `${JSON.stringify(line)}\n`);
      const title = `${name.replaceAll(' ', '-')}-${server.major}-${run}`;
      const isPrinted = plants.length > 1 || process.env.KEEP_REPORTS !== undefined;
      return { findings, missed, found, text: isPrinted ? await printed(facts, title) : '' };
    }

    describe.each(Array.from({ length: RUNS }, (_, run) => run + 1))('run %i', (run) => {
      test('calm work gives nothing above a notice', { timeout: TIMEOUT_MS }, async () => {
        const { findings } = await judged(run, calm.name, [calm]);
        expect(findings.filter(({ severity }) => severity < 3).map(saidOf)).toEqual([]);
      });

      test.each(PLANTS)('$name is named', { timeout: TIMEOUT_MS }, async (plant) => {
        const { missed, found } = await judged(run, plant.name, [plant]);
        expect(missed, found.join('\n')).toEqual([]);
      });

      test('all of them together are named, on the pages too', { timeout: TIMEOUT_MS }, async () => {
        const { findings, missed, found, text } = await judged(run, 'together', PLANTS);
        expect(missed, found.join('\n')).toEqual([]);
        for (const { sentence } of findings) expect(onOneLine(text)).toContain(onOneLine(sentence));
      });
    });
  });
});

/** Without the breaks of lines, which stand where the page has them. */
const onOneLine = (text: string): string => text.replaceAll(/\s+/g, '');
