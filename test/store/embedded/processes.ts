import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./store-user.ts', import.meta.url));

export interface StoreUser {
  readonly child: ChildProcess;
  /** What it printed when the store was open. */
  readonly ready: Answer;
  ask(line: string): Promise<Answer>;
  /** End gracefully; whether it stopped the server. */
  leave(): Promise<boolean>;
  /** kill -9. */
  kill(): Promise<void>;
}

type Answer = Readonly<Record<string, unknown>>;

/** Start a process that opens the store of `dataDir`. Rejects with its log when it ends before the store is open. */
export async function startStoreUser(
  dataDir: string,
  options: { sharedFolder?: string; uid?: number; gid?: number } = {},
): Promise<StoreUser> {
  const { sharedFolder = `${dataDir}/shared`, ...ids } = options;
  const child = spawn(process.execPath, [SCRIPT, dataDir, sharedFolder], { stdio: 'pipe', cwd: '/', ...ids });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process ended: ${log}`);
    return JSON.parse(value) as Answer;
  };
  const ready = await next();
  return {
    child,
    ready: { ...ready, log },
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      return await next();
    },
    leave: async () => {
      child.stdin.end();
      const { stopped } = await next();
      if (child.exitCode === null) await once(child, 'exit');
      return stopped === true;
    },
    kill: async () => {
      child.kill('SIGKILL');
      if (child.signalCode === null) await once(child, 'exit');
    },
  };
}
