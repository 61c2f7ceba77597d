import { Command } from 'commander';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { BroadsheetError, badRequest } from '../errors.ts';
import { runOnce } from '../operations/report-tasks/run-once.ts';
import { type BuildCommand, commandLog, printResult, stopSignal } from './command.ts';
import { type Format, formatOption } from './formats.ts';
import { exitCodeOfRun, runResult } from './run-outcome.ts';
import { showRunProgress } from './run-progress.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One firing of a report task, worked in this process: what a Kubernetes CronJob runs. */
export const buildRun: BuildCommand = (finish) =>
  new Command('run')
    .argument('<task>', 'id of the report task')
    .option('--at <instant>', 'fire time, e.g. 2026-06-01T09:00:00Z; default: the latest one not after now')
    .addOption(formatOption())
    .action(async (task: string, options: { at?: string; format?: readonly Format[] }) => {
      if (!UUID.test(task)) throw badRequest('task id should be uuid format');
      const at = options.at === undefined ? null : instantOf(options.at);
      const config = readConfig();
      const signal = stopSignal();
      const app = await createApp(config, commandLog(config), { http: false, work: false });
      const ctx = { ...app.ctx, signal: AbortSignal.any([app.ctx.signal, signal]) };
      let stopProgress: (() => void) | undefined;
      try {
        const onRun = (runId: string): void => {
          if (process.stderr.isTTY) stopProgress = showRunProgress(ctx, runId);
        };
        const input = { taskId: task.toLowerCase(), at, outputs: options.format ?? null, onRun };
        const ran = await runOnce({ ctx, parts: app.parts, database: app.store, input });
        printResult(runResult(ran));
        finish(exitCodeOfRun(ran));
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new BroadsheetError(
          'canceled',
          'stopped before the end: a worker of the service goes on with the run, if one runs',
        );
      } finally {
        stopProgress?.();
        await app.stop();
      }
    });

function instantOf(text: string): Date {
  const at = new Date(text);
  const complete = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!complete || Number.isNaN(at.getTime())) {
    throw badRequest('--at: an instant with its offset expected, e.g. 2026-06-01T09:00:00Z');
  }
  return at;
}
