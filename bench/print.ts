import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportKinds, reportThreads, type StartBench } from './print/more.ts';
import type { Worker } from './print/process-tree.ts';
import { startWorker } from './print/process-tree.ts';
import type { BenchAnswer, BenchInput } from './print/report.ts';
import { benchCharts, CHART, CHARTS_PER_PAGE, GAP, MARGIN, PAGE } from './print/report.ts';

/**
 * Forty charts on ten pages, ours against the two things people use instead: the same shapes of the same data on the same
 * paper in the same font. All begin with the same finished Vega-Lite specifications and rows and end with PDF pages. What
 * they cannot do, a whole report of ours, from rows to a tagged document with its manifest, is told besides. Warm: later
 * rounds in one process. Cold: a whole process, start to exit. All take turns round by round, so that what else the
 * machine does hits all alike. Then drawing threads, and every kind of widget. Peers:
 *   CHROMIUM    a Chromium binary, default /usr/bin/chromium
 *   BENCH_VENV  a Python environment with vl-convert-python, default bench/.venv
 * `--rounds N` sets the counted warm rounds (default 9), `--warm-up N` those before (15), `--colds N` the cold starts (5).
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const packages = createRequire(import.meta.url);
const argument = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const ROUNDS = argument('rounds', 9);
const COLDS = argument('colds', 5);
const WARM_UP = argument('warm-up', 15);

interface Competitor {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Why it cannot run here; null when it can. */
  readonly missing: string | null;
  /** What is asked of it before the number of the round. */
  readonly task: '' | 'specs ';
  /** How many times less time and memory we want to take. */
  readonly goal: { readonly warm: number; readonly cold: number; readonly memory: number | null };
}

const python = join(process.env.BENCH_VENV ?? join(here, '.venv'), 'bin/python');
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const competitors: readonly Competitor[] = [
  {
    name: 'Broadsheet',
    command: process.execPath,
    args: [join(here, 'print/ours.ts')],
    missing: null,
    task: 'specs ',
    goal: { warm: 1, cold: 1, memory: null },
  },
  {
    name: 'whole report',
    command: process.execPath,
    args: [join(here, 'print/ours.ts')],
    missing: null,
    task: '',
    goal: { warm: 1, cold: 1, memory: null },
  },
  {
    name: 'Chromium',
    command: process.execPath,
    args: [join(here, 'print/chromium.ts')],
    missing: existsSync(chromium) ? null : `no ${chromium}; set CHROMIUM`,
    task: '',
    goal: { warm: 10, cold: 4, memory: 2 },
  },
  {
    name: 'vl-convert',
    command: python,
    args: [join(here, 'print/vl_convert_charts.py')],
    missing: existsSync(python) ? null : `no ${python}; python3 -m venv bench/.venv && pip install vl-convert-python`,
    task: '',
    goal: { warm: 10, cold: 2.5, memory: null },
  },
];

interface Times {
  readonly warm: number[];
  readonly cold: number[];
  /** Of ours, drawing the specifications when they are laid out. */
  readonly drawOnly: number[];
  peakBytes: number;
  bytes: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const fontFiles = ['400Regular', '700Bold'].map((face) => ({
  weight: Number.parseInt(face, 10),
  path: packages.resolve(`@expo-google-fonts/open-sans/${face}/OpenSans_${face}.ttf`),
}));

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
// Node's compile cache is on for all who run on Node, as it is in the image.
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compile-cache') };

function inputFile(name: string, rounds: number): string {
  const input: BenchInput = {
    page: PAGE,
    chart: CHART,
    margin: MARGIN,
    gap: GAP,
    chartsPerPage: CHARTS_PER_PAGE,
    fontFiles,
    rounds: Array.from({ length: rounds }, (_, round) => benchCharts(round)),
  };
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(input));
  return path;
}

const start: StartBench = ({ command, args }, input, sampled = false) =>
  startWorker(command, [...args, input, chromium], { env, sampled });

const ask = async (worker: Worker, line: string): Promise<BenchAnswer> =>
  JSON.parse(await worker.ask(line)) as BenchAnswer;

async function measureCold(running: ReadonlyMap<Competitor, Times>): Promise<void> {
  const input = inputFile('cold.json', 1);
  for (let turn = 0; turn <= COLDS; turn++) {
    for (const [competitor, times] of running) {
      // The first turn fills caches of files and code, and counts for nothing but memory.
      const worker = start(competitor, input, turn === 0);
      const { bytes } = await ask(worker, `${competitor.task}0`);
      const milliseconds = await worker.end();
      if (turn === 0) Object.assign(times, { peakBytes: worker.peakBytes(), bytes });
      else times.cold.push(milliseconds);
    }
  }
}

async function measureWarm(running: ReadonlyMap<Competitor, Times>): Promise<void> {
  const input = inputFile('warm.json', WARM_UP + ROUNDS);
  const asked = [...running].map(([competitor, { warm }]) => ({
    task: competitor.task as string,
    competitor,
    times: warm,
  }));
  const [specs, others] = [asked.slice(0, 1), asked.slice(1)];
  // In a process of its own: its forty charts laid out at once leave views behind that the specifications would begin with.
  const drawing = specs.map(({ competitor }) => ({
    task: 'draw ',
    competitor,
    times: running.get(competitor)?.drawOnly ?? [],
  }));
  const workers = [...specs, ...drawing, ...others].map((one) => ({ ...one, worker: start(one.competitor, input) }));
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const { task, times, worker } of workers) {
      const { milliseconds } = await ask(worker, `${task}${round}`);
      if (round >= WARM_UP) times.push(milliseconds);
    }
  }
  for (const { worker } of workers) await worker.end();
}

const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(10);

function ratio(theirs: number, own: number, goal: number | null): string {
  const value = theirs / own;
  const said = goal === null ? '' : value >= goal ? `, goal ${goal} met` : `, goal ${goal} MISSED`;
  return `${value.toFixed(1)} ×${said}`.padEnd(22);
}

function report(running: ReadonlyMap<Competitor, Times>): void {
  console.log(
    `${''.padEnd(12)}${'warm'.padStart(10)}${'cold'.padStart(10)}${'peak'.padStart(10)}${'output'.padStart(10)}`,
  );
  for (const [{ name }, times] of running) {
    const peak = `${(times.peakBytes / 1024 / 1024).toFixed(0)} MiB`.padStart(10);
    const output = `${(times.bytes / 1024).toFixed(0)} KiB`.padStart(10);
    console.log(`${name.padEnd(12)}${ms(median(times.warm))}${ms(median(times.cold))}${peak}${output}`);
  }
  for (const own of [...running].slice(0, OURS)) compare(own, [...running].slice(OURS));
  const [specs, whole] = [...running.values()];
  if (!specs || !whole) return;
  const draw = median(specs.drawOnly);
  console.log(`\nDrawing alone, charts laid out before: ${ms(draw).trim()}.`);
  for (const [what, { warm }] of [
    ['The specifications', specs],
    ['A whole report', whole],
  ] as const) {
    const times = median(warm) / draw;
    console.log(`${what}: ${times.toFixed(1)} × that, goal 2.5 ${times <= 2.5 ? 'met' : 'MISSED'}.`);
  }
  const peak = whole.peakBytes / 1024 / 1024;
  console.log(`Peak of a one-shot report: ${peak.toFixed(0)} MiB, goal 150 ${peak <= 150 ? 'met' : 'MISSED'}.`);
}

/** The first of the competitors are our own: the same work as the others, and more. */
const OURS = 2;

type Measured = readonly [Competitor, Times];

function compare([{ name, task }, mine]: Measured, others: readonly Measured[]): void {
  const what = task === '' ? 'its rows read and described, tagged, with its manifest' : 'the same work';
  console.log(`\n${name} (${what}); the others take (ratios of medians):`);
  for (const [{ name: other, goal }, times] of others) {
    const warm = ratio(median(times.warm), median(mine.warm), goal.warm);
    const cold = ratio(median(times.cold), median(mine.cold), goal.cold);
    console.log(
      `${other.padEnd(12)}warm ${warm}cold ${cold}memory ${ratio(times.peakBytes, mine.peakBytes, goal.memory)}`,
    );
  }
}

try {
  const running = new Map<Competitor, Times>();
  for (const competitor of competitors) {
    if (competitor.missing !== null) console.log(`${competitor.name} is not installed: ${competitor.missing}`);
    else running.set(competitor, { warm: [], cold: [], drawOnly: [], peakBytes: 0, bytes: 0 });
  }
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  console.log(
    `40 charts on 10 pages; medians of ${ROUNDS} warm rounds after ${WARM_UP}, of ${COLDS} cold processes; load ${load}\n`,
  );
  await measureCold(running);
  await measureWarm(running);
  report(running);
  await reportThreads(start, inputFile('threads.json', 8));
  await reportKinds(start, ROUNDS * 4);
} finally {
  rmSync(folder, { recursive: true });
}
