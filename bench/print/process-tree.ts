import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a child process cost, with all processes it started. */
export interface Measured {
  readonly output: string;
  readonly milliseconds: number;
  /** Highest sum of the proportional set sizes of the whole tree, in bytes: shared pages count once. */
  readonly peakBytes: number;
}

const SAMPLE_MS = 25;
const LONGEST_MS = 600_000;

/** Runs a command to its end, sampling the memory of its process tree. Linux only, for it reads /proc. */
export async function measureProcess(command: string, args: readonly string[], env = process.env): Promise<Measured> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env, timeout: LONGEST_MS });
  let output = '';
  let peakBytes = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const sample = (): void => {
    const { pid } = child;
    if (pid !== undefined) peakBytes = Math.max(peakBytes, treeBytes(pid));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearInterval(timer));
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
  return { output, milliseconds: performance.now() - start, peakBytes };
}

function treeBytes(root: number): number {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((bytes, child) => bytes + sum(child), pssOf(pid));
  return sum(root);
}

/** A process may end while it is looked at; then it counts as nothing. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parentOf(pid: number): number | null {
  const stat = readProc(`/proc/${pid}/stat`);
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return Number.isInteger(parent) && parent > 0 ? parent : null;
}

const pssOf = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
