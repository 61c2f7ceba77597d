import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A child process that answers each line it is given with a line. */
export interface Worker {
  ask(line: string): Promise<string>;
  /** Ends its input and waits for its exit: milliseconds since its start. */
  end(): Promise<number>;
  /** Highest sum of the proportional set sizes of its process tree so far, in bytes: shared pages count once. */
  peakBytes(): number;
  /** Highest resident set size of the process itself so far, in bytes, as the kernel keeps it. */
  residentBytes(): number;
}

const SAMPLE_MS = 25;
const LONGEST_MS = 900_000;

/**
 * Starts a command. With `sampled` the memory of its process tree is looked at every 25 ms, which takes time from what
 * is measured: time and memory come from different runs. Linux only, for it reads /proc.
 */
export function startWorker(
  command: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly sampled: boolean; readonly limitMs?: number },
): Worker {
  const start = performance.now();
  const { env, limitMs = LONGEST_MS } = options;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env, timeout: limitMs });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let [peak, resident] = [0, 0];
  const sample = (): void => {
    const { pid } = child;
    if (pid === undefined) return;
    peak = Math.max(peak, treeBytes(pid));
    resident = Math.max(resident, highestResident(pid));
  };
  const timer = options.sampled ? setInterval(sample, SAMPLE_MS) : undefined;
  child.once('close', () => clearInterval(timer));
  return {
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ended with ${String(await exited)}`);
      return value;
    },
    end: async () => {
      child.stdin.end();
      const code = await exited;
      if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
      return performance.now() - start;
    },
    peakBytes: () => peak,
    residentBytes: () => resident,
  };
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

const highestResident = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
