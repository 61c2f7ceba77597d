import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { createLog, type Log } from '../log.ts';
import type { ExitCode } from './exit-codes.ts';

/**
 * Builds one command with its options, for the table in `program.ts`:
 *
 *     export const buildPause: BuildCommand = (finish) =>
 *       new Command('pause')
 *         .argument('<task>', 'id of the report task')
 *         .action(async (task: string) => {
 *           …
 *           printResult({ task, paused: true });
 *           finish(EXIT.ok);
 *         });
 *
 * An action may throw: a BroadsheetError is told in one line and chooses the exit code, anything else is a defect.
 */
export type BuildCommand = (finish: (code: ExitCode) => void) => Command;

/** The result of a command: one JSON document on stdout, and nothing else ever goes there. */
export function printResult(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result, null, process.stdout.isTTY ? 2 : 0)}\n`);
}

/** The log of a command: stderr, at the configured level. */
export const commandLog = (config: Pick<Config, 'LOG_LEVEL'>): Log => createLog(config.LOG_LEVEL);

/** Aborted at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
