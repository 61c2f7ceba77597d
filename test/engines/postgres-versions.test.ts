import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineOfUrl } from '../../src/engines/engines.ts';
import { drawHere } from '../../src/operations/runs/draw-here.ts';
import { workloadDrawing } from '../../src/operations/workload/draw-workload.ts';
import { observeSource } from '../../src/operations/workload/observe-source.ts';
import { statementText, type WorkloadFacts } from '../../src/workload/facts.ts';
import { findingsOf } from '../../src/workload/findings.ts';
import { statementsOf } from '../../src/workload/statements.ts';
import { sumOf } from '../../src/workload/sums.ts';
import { needs } from '../harness/needs.ts';
import { otherServers, startWatchedServer, type WatchedServer } from '../harness/watched-server.ts';
import { onFile } from '../print/printing.ts';

const TIMEOUT_MS = 120_000;
const SCHEMA = [
  'create table parcels (id int primary key, customer int) with (autovacuum_enabled = off)',
  'create index parcels_customer on parcels (customer)',
  'create index parcels_customer_again on parcels (customer)',
  'create table queue as select 1 as id, 0 as state',
];
const WORK = [
  'insert into parcels select n, n % 100 from generate_series(1, 20000) n',
  'update parcels set customer = customer + 1 where id <= 12000',
  'delete from parcels where id > 19900',
  'select count(*) from (select md5(n::text) as m from generate_series(1, 40000) n order by m offset 1) s, parcels where id = 1',
  ...Array.from({ length: 7 }, () => 'select count(*) from parcels'),
  'checkpoint',
];
const HOLD = 'update queue set state = 1';
const WAIT = 'update queue set state = 2';

/** Parts and columns that not all versions have: the first that does, and the last. */
const VERSIONED: readonly (readonly [what: string, since: number, until?: number])[] = [
  ...(['wal', 'stmt_info', 'slot_stats', 'database.active_time', 'statements.toplevel'] as const).map(
    (what) => [what, 14] as const,
  ),
  ...(['shmem', 'subscription_stats', 'statements.jit_functions'] as const).map((what) => [what, 15] as const),
  ...(['io', 'tables.last_seq_scan', 'indexes.last_idx_scan'] as const).map((what) => [what, 16] as const),
  ...(['checkpointer', 'statements.stats_since'] as const).map((what) => [what, 17] as const),
  ['bgwriter.checkpoints_req', 0, 16],
  ['wal.wal_write', 14, 17],
  ['tables.total_vacuum_time', 18],
];

type Numbers = Readonly<Record<string, number>>;

/** What the server's own views say, by statements of this test's own. */
async function readRaw(sql: postgres.Sql, major: number) {
  const read = async (text: string): Promise<Numbers> => (await sql.unsafe<Numbers[]>(text))[0] ?? {};
  const checkpoints = major < 17 ? 'checkpoints_req from pg_stat_bgwriter' : 'num_requested from pg_stat_checkpointer';
  const byText = await sql.unsafe(`select query, sum(calls)::float8 as calls, sum(rows)::float8 as rows,
    sum(total_exec_time + total_plan_time) / 1000 as seconds, sum(temp_blks_written)::float8 * 8192 as temp
    from pg_stat_statements group by query`);
  return {
    database: await read(`select tup_inserted::float8 as inserted, tup_updated::float8 as updated,
      tup_deleted::float8 as deleted, temp_bytes::float8 as temp from pg_stat_database where datname = 'app'`),
    table: await read(`select seq_scan::float8, coalesce(idx_scan, 0)::float8 as idx_scan, n_tup_ins::float8,
      n_tup_upd::float8, n_tup_del::float8 from pg_stat_user_tables where relname = 'parcels'`),
    server: await read(`select ${checkpoints.replace(' ', '::float8 as checkpoints ')}`),
    statements: new Map(byText.map(({ query, ...figures }) => [String(query), figures as Numbers])),
  };
}
type Raw = Awaited<ReturnType<typeof readRaw>>;

const grownBy = (before: Numbers, after: Numbers): Numbers =>
  Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));

/** Longer than any server keeps counts back from readers while it is read. */
const SETTLING_S = 1.1;

/**
 * Run statements in a session of its own, which hands in what it counted when it ends. What the views say once they stand
 * still: before PostgreSQL 15, a reader may be given what was so half a second ago.
 */
async function counted(server: WatchedServer, texts: readonly string[], isAll: (raw: Raw) => boolean): Promise<Raw> {
  const sql = server.connect({ connection: { application_name: 'work' } });
  for (const text of texts) await sql.unsafe(text);
  await sql.end();
  while ((await server.sql.unsafe(`select from pg_stat_activity where application_name = 'work'`)).length > 0);
  for (let last: Raw | null = null; ; ) {
    const raw = await readRaw(server.sql, server.major);
    const isStill = (['database', 'table', 'server'] as const).every((one) => isDeepStrictEqual(raw[one], last?.[one]));
    if (isStill && isAll(raw)) return raw;
    last = raw;
    await server.sql.unsafe(`select pg_sleep(${SETTLING_S})`);
  }
}

/**
 * Watch the server as the product does, while a session waits for a lock, from before the work until all of it is counted.
 * What was seen, and what the views say then.
 */
async function watched(server: WatchedServer, before: Raw): Promise<{ facts: WorkloadFacts; after: Raw }> {
  const [root, waiter] = [server.connect(), server.connect()];
  await root.unsafe('begin');
  await root.unsafe(HOLD);
  const waiting = waiter.unsafe(WAIT).execute();
  while ((await server.sql.unsafe(`select from pg_stat_activity where wait_event_type = 'Lock'`)).length === 0);
  const [looked, lookedAgain] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const enough = new AbortController();
  let looks = 0;
  const observed = observeSource({
    ...{ url: server.url, seconds: TIMEOUT_MS / 1000, locale: 'en', timeZone: 'UTC', enough: enough.signal },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    onProgress: () => {
      looks += 1;
      (looks === 1 ? looked : lookedAgain).resolve();
    },
  });
  const isAll = ({ table, server: { checkpoints } }: Raw): boolean =>
    table.n_tup_del === 100 && checkpoints !== before.server.checkpoints;
  const worked = looked.promise
    .then(async () => {
      const after = await counted(server, WORK, isAll);
      await lookedAgain.promise;
      return after;
    })
    .finally(() => enough.abort());
  const [facts, after] = await Promise.all([observed.finally(() => looked.resolve()), worked]);
  await root.unsafe('commit');
  await waiting;
  await Promise.all([root.end(), waiter.end()]);
  return { facts, after };
}

const { draw } = drawHere({ fontDir: null, systemFonts: false });

needs('postgres-versions', 'pdftotext')('a watched PostgreSQL 13, 14, 16 or 17, with pg_monitor only', () => {
  describe.each(otherServers())('a PostgreSQL $major', ({ major, bin }) => {
    let server: WatchedServer;
    let facts: WorkloadFacts;
    let before: Raw;
    let after: Raw;

    beforeAll(async () => {
      server = await startWatchedServer(bin, ["work_mem = '256kB'", 'autovacuum = off', 'max_parallel_workers = 0']);
      before = await counted(server, SCHEMA, ({ table }) => table.n_tup_ins === 0);
      ({ facts, after } = await watched(server, before));
    }, TIMEOUT_MS);

    afterAll(() => server.remove());

    test('is read as a whole: nothing is missing, nothing to advise, no error in its log', async () => {
      const { start, end } = facts.range;
      expect([server.major, end.identity.major]).toEqual([major, major]);
      expect([start.missing, end.missing]).toEqual([[], []]);
      const check = await engineOfUrl(server.url).watch?.(server.url).check(AbortSignal.timeout(TIMEOUT_MS));
      expect(check).toMatchObject({ login: 'monitor', scopes: ['app', 'postgres'], advice: [] });
      const errors = () => server.log().match(/(?:ERROR|FATAL|PANIC|WARNING):.*/g);
      expect(errors()).toBeNull();
      await expect(server.sql.unsafe('select from nowhere')).rejects.toThrow('nowhere');
      expect(errors()).toHaveLength(1);
    });

    test('has the parts and columns of its version and no others', () => {
      const { parts } = facts.range.end;
      const isThere = (what: string): boolean => {
        const [view, column] = what.split('.');
        const columns = parts.find((part) => part.view === view)?.columns;
        return columns !== undefined && (column === undefined || columns.some(({ name }) => name === column));
      };
      const expected = VERSIONED.map(([what, since, until = 99]) => [what, major >= since && major <= until]);
      expect(VERSIONED.map(([what]) => [what, isThere(what)])).toEqual(expected);
    });

    test('is counted as its own views count it', () => {
      const { range } = facts;
      const [database, tables] = [range.table('database'), range.table('tables')];
      const app = database.rows.find((row) => database.last(row, 'datname') === 'app');
      const sums = { inserted: 'tup_inserted', updated: 'tup_updated', deleted: 'tup_deleted', temp: 'temp_bytes' };
      const ours = Object.entries(sums).map(([name, column]) => [name, app && database.delta(app, column)]);
      const grown = grownBy(before.database, after.database);
      expect(Object.fromEntries(ours)).toEqual(grown);
      expect(grown).toMatchObject({ inserted: 20_000, updated: 12_000, deleted: 100 });
      expect(grown.temp).toBeGreaterThan(0);
      const parcels = tables.rows.find((row) => tables.last(row, 'relname') === 'parcels');
      const scanned = grownBy(before.table, after.table);
      expect(scanned).toMatchObject({ n_tup_ins: 20_000, n_tup_upd: 12_000, n_tup_del: 100 });
      for (const [column, value] of Object.entries(scanned)) {
        expect(parcels && tables.delta(parcels, column), column).toBe(value);
      }
      const [view, requested] = major < 17 ? ['bgwriter', 'checkpoints_req'] : ['checkpointer', 'num_requested'];
      expect(sumOf(range.table(view), requested)).toBe(grownBy(before.server, after.server).checkpoints);
    });

    test('has the statements that pg_stat_statements counted', () => {
      const grown = [...after.statements].filter(([text]) => /\bparcels\b/.test(text) && !/pg_stat|create/.test(text));
      const { outer } = statementsOf(facts);
      expect(grown).toHaveLength(new Set(WORK).size - 1);
      for (const [text, now] of grown) {
        const { calls, rows, seconds, temp } = grownBy(before.statements.get(text) ?? {}, now);
        const [ours, ...others] = outer.filter(({ queryId }) => statementText(facts, queryId) === text);
        expect(others).toEqual([]);
        expect(ours, text).toMatchObject({ calls, rows, tempWritten: temp });
        expect(ours?.seconds).toBeCloseTo(seconds ?? Number.NaN, 9);
      }
    });

    test('is seen at work: who waits for whom, and from 14 on for which statement', () => {
      const [blocker] = facts.minutes.flatMap(({ blockers }) => blockers);
      expect(blocker).toMatchObject({ state: 'idle in transaction', user: 'postgres', lockType: 'transactionid' });
      const named = [blocker?.queryId, ...(blocker?.waiterQueryIds ?? [])].map(
        (queryId) => queryId && statementText(facts, queryId),
      );
      expect(named).toEqual(major < 14 ? [null] : [HOLD, WAIT].map((text) => text.replace(/\d/, '$1')));
    });

    test('has a report that names what was planted, and what its version does not tell', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const findings = findingsOf(facts);
      const subjects = findings.map(({ id, subject }) => `${id} ${subject}`);
      expect(subjects).toContain('IDX-DUPLICATE public.parcels_customer_again');
      expect(subjects).toContain('VAC-STARVED public.parcels');
      const at = new Date(facts.range.end.identity.capturedAt);
      const drawing = workloadDrawing({ facts, name: 'shop', at, sections: null, outputs: ['pdf'] });
      const { files, defects } = await draw(drawing, AbortSignal.timeout(TIMEOUT_MS));
      expect(defects).toEqual([]);
      const [pdf] = files;
      if (process.env.KEEP_REPORTS) writeFileSync(`${process.env.KEEP_REPORTS}/version-${major}.pdf`, pdf?.bytes ?? '');
      const text = onOneLine(onFile(pdf?.bytes ?? new Uint8Array(), 'pdftotext', '-raw', 'FILE', '-'));
      for (const { sentence } of findings) expect(text).toContain(onOneLine(sentence));
      expect(text).toContain(onOneLine(`PostgreSQL ${major}.`));
      expect(text).not.toMatch(/Notcaptured|NaN|undefined|Infinity/);
      for (const [sentence, since] of [
        ['This version does not count I/O by kind of process', 16],
        ['Shared memory can be seen from PostgreSQL 15 on', 15],
      ] as const) {
        expect(text.includes(onOneLine(sentence)), sentence).toBe(major < since);
      }
    });
  });
});

/** Without the breaks of lines, which stand where the page has them. */
const onOneLine = (text: string): string => text.replaceAll(/\s+/g, '');
