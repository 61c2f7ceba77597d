/**
 * One capture of a database with 1 000 tables and 5 000 statements: time beside that of psql reading the same views, bytes
 * stored, statements sent; then the report of 24 snapshots: time and memory.
 *
 *     npm exec -- node bench/capture.ts [rounds]
 *
 * Needs psql (Debian: postgresql-client). Goals: stored at most 330 kB whole and 100 kB when little changed; at most 1.5 ×
 * psql's time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineOfUrl } from '../src/engines/engines.ts';
import { CAPTURE_STATEMENTS } from '../src/engines/postgres-capture-statements.ts';
import { forMajor } from '../src/engines/postgres-capture-versions.ts';
import type { Capture } from '../src/engines/watch.ts';
import { drawHere } from '../src/operations/runs/draw-here.ts';
import { workloadDrawing } from '../src/operations/workload/draw-workload.ts';
import type { Snapshot } from '../src/rows/snapshot.ts';
import { encodeChanges, encodePart } from '../src/rows/snapshot-codec.ts';
import { textKey } from '../src/workload/facts.ts';
import { rangeOf } from '../src/workload/range.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../test/harness/watched-server.ts';

const rounds = Number(process.argv[2] ?? 7);
const TABLES = 1000;
const SNAPSHOTS = 24;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const request = { knows: () => true, maxScopes: 50, statementTimeoutMs: 15_000 };
const signal = new AbortController().signal;

async function fill({ sql }: WatchedServer): Promise<void> {
  for (let from = 0; from < TABLES; from += 100) {
    await sql.unsafe(
      `do $$ begin for n in ${from}..${from + 99} loop
         execute format('create table t%s (id bigint generated always as identity primary key, a int, b text, c numeric, d timestamptz, e int)', n);
         execute format('create index on t%s (a)', n);
         execute format('insert into t%s (a, b, c, d, e) select g, repeat(''x'', 40), g, now(), g from generate_series(1, 50) g', n);
       end loop; end $$`,
    );
  }
  await work({ sql } as WatchedServer, TABLES);
}

/** Five statements on each of the first tables, so that pg_stat_statements fills up. */
async function work({ sql }: Pick<WatchedServer, 'sql'>, tables: number): Promise<void> {
  for (let n = 0; n < tables; n += 1) {
    await sql.unsafe(`select count(*) from t${n} where a > $1`, [3]);
    await sql.unsafe(`select b, c from t${n} where id = $1`, [3]);
    await sql.unsafe(`update t${n} set e = e + 1 where id = $1`, [4]);
    await sql.unsafe(`insert into t${n} (a, b) values ($1, $2)`, [1, 'y']);
    await sql.unsafe(`delete from t${n} where id = $1`, [50]);
  }
  await sql.unsafe('select pg_stat_force_next_flush()').catch(() => undefined);
  await sql.unsafe('select 1');
}

/** The statements of one capture as a script: the same transaction, one connection per database. */
function psqlScripts(folder: string, major: number): { readonly database: string; readonly file: string }[] {
  const texts = (scopes: readonly string[]): string[] =>
    CAPTURE_STATEMENTS.filter(
      ({ scope, since = 0, standby }) => scopes.includes(scope) && since <= major && !standby,
    ).map(({ text }) => `${forMajor(text, major)};`);
  const script = (name: string, lines: readonly string[]): string => {
    const file = join(folder, `${name}.sql`);
    const begin = 'begin isolation level repeatable read read only; set local jit = off;';
    writeFileSync(file, [begin, ...lines, 'rollback;'].join('\n'));
    return file;
  };
  return [
    { database: 'app', file: script('app', texts(['cluster', 'statements', 'database'])) },
    { database: 'postgres', file: script('postgres', texts(['database'])) },
  ];
}

const server = await startWatchedServer(watchableServers().at(-1)?.bin ?? '', ['pg_stat_statements.max = 6000']);
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
try {
  say(`PostgreSQL ${server.major}, ${TABLES} tables, ${rounds} rounds`);
  await fill(server);
  const watch = engineOfUrl(server.url).watch?.(server.url);
  if (!watch) throw new Error('no watch');
  const scripts = psqlScripts(folder, server.major);
  const [ours, theirs]: [number[], number[]] = [[], []];
  let capture: Capture = await watch.capture({ ...request, knows: () => false }, signal);
  const { texts } = capture;
  const first = capture;
  for (let round = 0; round < rounds; round += 1) {
    let began = performance.now();
    capture = await watch.capture(request, signal);
    ours.push(performance.now() - began);
    began = performance.now();
    for (const { database, file } of scripts) {
      execFileSync(
        'psql',
        ['-qXAt', '-h', '127.0.0.1', '-p', String(server.port), '-U', 'monitor', '-d', database, '-f', file],
        {
          maxBuffer: 256 * 1024 * 1024,
        },
      );
    }
    theirs.push(performance.now() - began);
  }
  const rows = capture.parts.reduce((sum, part) => sum + part.rows.length, 0);
  say(
    `capture ${median(ours).toFixed(0)} ms, psql ${median(theirs).toFixed(0)} ms, ratio ${(median(ours) / median(theirs)).toFixed(2)} (goal 1.5)`,
  );
  say(
    `${rows} rows, ${capture.parts.length} parts, ${capture.statementsSent} statements sent, missing ${capture.missing.length}`,
  );

  await work(server, 100);
  const later = await watch.capture(request, signal);
  let [whole, changed] = [0, 0];
  for (const part of later.parts) {
    const base = first.parts.find(({ view, scope }) => view === part.view && scope === part.scope);
    const all = (await encodePart(part)).length;
    whole += all;
    changed += (base && (await encodeChanges(part, base))?.length) ?? all;
  }
  say(
    `stored: whole ${(whole / 1000).toFixed(0)} kB (goal 330), 500 of 5 000 statements and 100 of 1 000 tables changed ${(changed / 1000).toFixed(0)} kB (goal 100)`,
  );

  const taken: Snapshot[] = [];
  const snapshot = ({ identity, parts, missing }: Capture, id: number): Snapshot => ({
    id,
    engine: 'postgres',
    identity,
    parts,
    missing,
  });
  for (let n = 0; n < SNAPSHOTS; n += 1) {
    await work(server, 20);
    taken.push(snapshot(await watch.capture(request, signal), n + 1));
  }
  const { draw } = drawHere({ fontDir: null });
  const began = performance.now();
  const facts = {
    cluster: { name: 'bench', engine: 'postgres' },
    range: rangeOf(taken),
    minutes: [],
    texts: new Map(texts.map((text) => [textKey(text.kind, text.scope, text.key), text])),
    trend: [],
    baseline: null,
    locale: 'en' as const,
    timeZone: 'UTC',
  };
  const drawing = workloadDrawing({ facts, name: 'Bench', at: new Date(), sections: null, outputs: ['html', 'pdf'] });
  const computed = performance.now();
  const { files } = await draw(drawing, signal);
  const sizes = files.map(
    ({ kind, bytes, pages }) => `${kind} ${(bytes.length / 1000).toFixed(0)} kB${pages ? `, ${pages} pages` : ''}`,
  );
  say(
    `report of ${SNAPSHOTS} snapshots: ${(computed - began).toFixed(0)} ms to subtract, ${(performance.now() - computed).toFixed(0)} ms to draw (${sizes.join('; ')}), peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB with all snapshots unpacked`,
  );
} finally {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
