import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import type { WatchedServer } from './watched-server.ts';

/** A client of Debian's PostgreSQL; it works against newer servers too. Suites with it say `needs('pgbench')`. */
function pgbenchProgram(): string {
  const root = '/usr/lib/postgresql';
  const found = readdirSync(root)
    .map((version) => `${root}/${version}/bin/pgbench`)
    .find((program) => existsSync(program));
  if (found === undefined) throw new Error('pgbench is not installed');
  return found;
}

/**
 * Fill pgbench's tables, then load the server with its own transactions (TPC-B), at a steady rate, until it is stopped.
 * @param rate transactions per second, of two clients together.
 */
export async function startPgbench({ port }: WatchedServer, rate: number): Promise<{ stop(): Promise<void> }> {
  const program = pgbenchProgram();
  const target = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', 'app'];
  execFileSync(program, ['-i', '-q', '-s', '2', ...target], { stdio: 'ignore', timeout: 60_000 });
  const args = ['-n', '-c', '2', '-R', String(rate), '-T', '7200', ...target];
  const bench = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  bench.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(bench, 'exit');
  return {
    stop: async () => {
      if (bench.exitCode !== null) throw new Error(`pgbench ended before its time: ${said}`);
      bench.kill();
      await ended;
    },
  };
}
