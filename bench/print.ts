import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './print/process-tree.ts';
import { measureProcess } from './print/process-tree.ts';
import type { BenchAnswer, BenchInput } from './print/report.ts';
import { benchCharts, CHART, CHARTS_PER_PAGE, GAP, MARGIN, PAGE } from './print/report.ts';

/**
 * Forty charts on ten pages, ours against the two things people use instead, on the same specifications, data, font and
 * paper. Warm: times of later rounds in one process. Cold: a whole process, start to exit, with its peak memory. Peers:
 *   CHROMIUM    a Chromium binary, default /usr/bin/chromium
 *   BENCH_VENV  a Python environment with vl-convert-python, default bench/.venv
 * `--rounds N` sets the counted warm rounds (default 5), `--colds N` the cold starts (default 3).
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const packages = createRequire(import.meta.url);
const argument = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const ROUNDS = argument('rounds', 5);
const COLDS = argument('colds', 3);
const WARM_UP = 5;

interface Competitor {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Why it cannot run here; null when it can. */
  readonly missing: string | null;
}

const python = join(process.env.BENCH_VENV ?? join(here, '.venv'), 'bin/python');
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const ours: Competitor = {
  name: 'Broadsheet',
  command: process.execPath,
  args: [join(here, 'print/ours.ts')],
  missing: null,
};
const peers: readonly Competitor[] = [
  {
    name: 'Chromium',
    command: process.execPath,
    args: [join(here, 'print/chromium.ts')],
    missing: existsSync(chromium) ? null : `no ${chromium}; set CHROMIUM`,
  },
  {
    name: 'vl-convert',
    command: python,
    args: [join(here, 'print/vl_convert_charts.py')],
    missing: existsSync(python) ? null : `no ${python}; python3 -m venv bench/.venv && pip install vl-convert-python`,
  },
];

interface Result {
  readonly warm: number;
  readonly cold: number;
  readonly peakBytes: number;
  readonly drawOnly: number | null;
  readonly bytes: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const fontFiles = ['400Regular', '700Bold'].map((face) => ({
  weight: Number.parseInt(face, 10),
  path: packages.resolve(`@expo-google-fonts/open-sans/${face}/OpenSans_${face}.ttf`),
}));

const inputOf = (rounds: number, warmUp: number): BenchInput => ({
  page: PAGE,
  chart: CHART,
  margin: MARGIN,
  gap: GAP,
  chartsPerPage: CHARTS_PER_PAGE,
  fontFiles,
  rounds: Array.from({ length: rounds }, (_, round) => benchCharts(round)),
  warmUp,
});

async function measure({ command, args }: Competitor, folder: string): Promise<Result> {
  const run = async (input: BenchInput): Promise<Measured & { answer: BenchAnswer }> => {
    const path = join(folder, 'input.json');
    writeFileSync(path, JSON.stringify(input));
    const measured = await measureProcess(command, [...args, path, chromium]);
    return { ...measured, answer: JSON.parse(measured.output) as BenchAnswer };
  };
  const colds: Measured[] = [];
  for (let time = 0; time < COLDS; time++) colds.push(await run(inputOf(1, 0)));
  const { answer } = await run(inputOf(WARM_UP + ROUNDS, WARM_UP));
  return {
    warm: median(answer.milliseconds),
    cold: median(colds.map(({ milliseconds }) => milliseconds)),
    peakBytes: median(colds.map(({ peakBytes }) => peakBytes)),
    drawOnly: answer.drawOnly ? median(answer.drawOnly) : null,
    bytes: answer.bytes,
  };
}

const GOALS: Readonly<
  Record<string, { readonly warm: number; readonly cold: number; readonly memory: number | null }>
> = {
  Chromium: { warm: 5, cold: 3, memory: 2 },
  'vl-convert': { warm: 5, cold: 2, memory: null },
};

const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(10);
const times = (ratio: number, goal: number | null): string =>
  `${ratio.toFixed(1)} ×${goal === null ? '' : ratio >= goal ? ` (goal ${goal}: met)` : ` (goal ${goal}: MISSED)`}`.padEnd(
    24,
  );

function printRow(name: string, result: Result): void {
  const size = `${(result.peakBytes / 1024 / 1024).toFixed(0)} MiB`.padStart(10);
  const file = `${(result.bytes / 1024).toFixed(0)} KiB`.padStart(10);
  console.log(`${name.padEnd(12)}${ms(result.warm)}${ms(result.cold)}${size}${file}`);
}

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
try {
  console.log(
    `40 charts on 10 pages; warm: median of ${ROUNDS} rounds after ${WARM_UP}; cold: median of ${COLDS} processes\n`,
  );
  console.log(
    `${''.padEnd(12)}${'warm'.padStart(10)}${'cold'.padStart(10)}${'peak'.padStart(10)}${'output'.padStart(10)}`,
  );
  const own = await measure(ours, folder);
  printRow(ours.name, own);
  const ratios: string[] = [];
  for (const peer of peers) {
    if (peer.missing !== null) {
      console.log(`${peer.name.padEnd(12)} not installed: ${peer.missing}`);
      continue;
    }
    const result = await measure(peer, folder);
    printRow(peer.name, result);
    const goal = GOALS[peer.name] ?? { warm: 1, cold: 1, memory: null };
    const [warm, cold] = [result.warm / own.warm, result.cold / own.cold];
    const memory = result.peakBytes / own.peakBytes;
    ratios.push(
      `${peer.name.padEnd(12)}warm ${times(warm, goal.warm)}cold ${times(cold, goal.cold)}memory ${times(memory, goal.memory)}`,
    );
  }
  console.log(`\nHow many times more the others take:\n${ratios.join('\n')}`);
  const draw = own.drawOnly ?? 0;
  console.log(
    `\nDrawing alone, scenes prepared: ${ms(draw).trim()}; all of it takes ${(own.warm / draw).toFixed(1)} × that.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
