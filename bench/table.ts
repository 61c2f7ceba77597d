import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorker } from './print/process-tree.ts';

/**
 * A table of 6 columns and 1 000, 10 000 and 100 000 rows, each printed by a process of its own: ours, untagged and
 * tagged, against JasperReports, Typst and a bare loop of PDFKit's `text()`. All take turns round by round. Time is the
 * whole process from start to exit; memory the highest resident set size of its process, in a run of its own. Ours runs
 * with the bounds of memory that drawing threads have; `two threads` is a service that draws two tagged documents at
 * once. Peers:
 *   JASPER      a folder with JasperReports' `lib` and `classes`, default bench/jasper/build (see bench/jasper/README.md)
 *   BENCH_VENV  a Python environment with typst, default bench/.venv
 * `--rounds N` sets the timed rounds (default 3), `--rows N,N` the sizes, `--without NAME,NAME` leaves peers out,
 * `--limit N` gives a process so many seconds (default 300). What takes longer is named with its size; what takes more than
 * 30 s is timed once.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const argument = (name: string): string | null => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : (process.argv[at + 1] ?? null);
};
const ROUNDS = Number(argument('rounds') ?? 3);
const SIZES = (argument('rows') ?? '1000,10000,100000').split(',').map(Number);
const WITHOUT = (argument('without') ?? '').split(',');
const LIMIT_MS = Number(argument('limit') ?? 300) * 1000;
const LONG_MS = 30_000;

const jasper = process.env.JASPER ?? join(here, 'jasper/build');
const python = join(process.env.BENCH_VENV ?? join(here, '.venv'), 'bin/python');
const typst = existsSync(python) && hasTypst();

function hasTypst(): boolean {
  try {
    execFileSync(python, ['-c', 'import typst'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Printer {
  readonly name: string;
  readonly command: (rows: number, out: string) => readonly [string, readonly string[]];
  /** Why it cannot run here; null when it can. */
  readonly missing: string | null;
}

/** The nursery and the heap of a drawing thread (`tasks/pool-thread.ts`, `DRAWING_MEMORY_MB`). */
const BOUNDS = ['--max-semi-space-size=5', '--max-old-space-size=512'];

const ours = (tags: string) => (rows: number, out: string) =>
  [process.execPath, [...BOUNDS, join(here, 'table/ours.ts'), String(rows), out, tags]] as const;

const printers: readonly Printer[] = [
  { name: 'untagged', command: ours('untagged'), missing: null },
  { name: 'tagged', command: ours('tagged'), missing: null },
  {
    name: 'JasperReports',
    command: (rows, out) => {
      const path = `${jasper}/classes:${jasper}/lib/*`;
      return ['java', ['-Djava.awt.headless=true', '-Xmx2g', '-cp', path, 'TableReport', String(rows), out]];
    },
    missing: existsSync(join(jasper, 'classes/TableReport.class')) ? null : `not built in ${jasper}`,
  },
  {
    name: 'Typst',
    command: (rows, out) => [python, [join(here, 'table/typst_table.py'), String(rows), out]],
    missing: typst ? null : `no typst in ${python}`,
  },
  {
    name: 'PDFKit text()',
    command: (rows, out) => [process.execPath, [join(here, 'table/pdfkit-loop.ts'), String(rows), out]],
    missing: null,
  },
  {
    name: 'two threads',
    command: (rows, out) => [process.execPath, [join(here, 'table/threads.ts'), String(rows), out, 'tagged', '2']],
    missing: null,
  },
];

interface Measured {
  readonly times: number[];
  peakBytes: number;
  bytes: number;
  /** It was ended at the limit, or broke. */
  failed: boolean;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const MIB = 1024 * 1024;

const running = printers.filter(({ name, missing }) => missing === null && !WITHOUT.includes(name));
for (const { name, missing } of printers) if (missing !== null) console.log(`${name}: left out, ${missing}`);

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-table-'));
const out = join(folder, 'table.pdf');
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compile-cache') };

/** Milliseconds and peak memory of one process; null when it took longer than it may. */
async function run(printer: Printer, rows: number, sampled: boolean): Promise<{ ms: number; peak: number } | null> {
  const [command, args] = printer.command(rows, out);
  const began = performance.now();
  const worker = startWorker(command, args, { env, sampled, limitMs: LIMIT_MS });
  try {
    await worker.ask('');
    const ms = await worker.end();
    return { ms, peak: worker.residentBytes() };
  } catch (error) {
    if (performance.now() - began < LIMIT_MS) throw error;
    return null;
  }
}

async function measure(rows: number): Promise<Map<string, Measured>> {
  const measured = new Map<string, Measured>();
  for (const { name } of running) measured.set(name, { times: [], peakBytes: 0, bytes: 0, failed: false });
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const printer of running) {
      const own = measured.get(printer.name);
      const isLong = (own?.times[0] ?? 0) > LONG_MS;
      if (own === undefined || own.failed || isLong) continue;
      const result = await run(printer, rows, round === 0);
      if (result === null) {
        own.failed = true;
        continue;
      }
      if (round === 0) own.peakBytes = result.peak;
      else own.times.push(result.ms);
      own.bytes = statSync(out).size;
    }
  }
  return measured;
}

function report(rows: number, measured: ReadonlyMap<string, Measured>): void {
  console.log(`\n| ${rows} rows | time | best | peak memory | output | time / untagged | memory / untagged |`);
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  const base = measured.get('untagged');
  for (const [name, { times, peakBytes, bytes, failed }] of measured) {
    if (failed) {
      console.log(`| ${name} | not within ${LIMIT_MS / 1000} s | | | | | |`);
      continue;
    }
    const ratio = median(times) / median(base?.times ?? []);
    const memory = peakBytes / (base?.peakBytes ?? Number.NaN);
    const cells = [`${Math.round(median(times))} ms`, `${Math.round(Math.min(...times))} ms`];
    cells.push(`${Math.round(peakBytes / MIB)} MiB`, `${(bytes / MIB).toFixed(1)} MiB`);
    console.log(`| ${name} | ${cells.join(' | ')} | ${ratio.toFixed(2)} × | ${memory.toFixed(2)} × |`);
  }
}

try {
  const cores = readFileSync('/proc/cpuinfo', 'utf8').split('processor\t').length - 1;
  console.log(`${cores} cores, load ${loadavg()[0]?.toFixed(1)} at the start, ${ROUNDS} rounds`);
  // Fills the compile cache.
  for (const printer of running) await run(printer, 100, false);
  for (const rows of SIZES) {
    report(rows, await measure(rows));
    console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
