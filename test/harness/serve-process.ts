import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const START_TIMEOUT_MS = 100_000;

/** Environment of a process of ours: nothing of whoever runs the tests but PATH. */
const processEnv = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  ...settings,
});

export interface ServeProcess {
  readonly child: ChildProcess;
  /** What `serve` printed when it was up. */
  readonly started: { readonly url: string; readonly [key: string]: unknown };
  /** What it has logged so far. */
  log(): string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

/** Start `broadsheet serve` as a process of its own and wait until it serves. PORT is any free one. */
export async function startServe(settings: Readonly<Record<string, string>>): Promise<ServeProcess> {
  const env = processEnv({ PORT: '0', ...settings });
  const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const line = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  const { value, done } = await line.next();
  clearTimeout(timer);
  if (done) throw new Error(`serve ended before it served: ${log}`);
  return {
    child,
    started: JSON.parse(value) as ServeProcess['started'],
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

/** Run one command to its end. */
export async function runCommand(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: processEnv(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
