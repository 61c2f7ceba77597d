import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { examine } from '../operations/health/examine.ts';
import type { Finding } from '../operations/health/surroundings.ts';
import { type BuildCommand, printResult, stopSignal } from './command.ts';
import { EXIT } from './exit-codes.ts';

export const buildDoctor: BuildCommand = (finish) =>
  new Command('doctor').action(async () => {
    const findings = await examine(readConfig(), stopSignal());
    for (const finding of findings) process.stderr.write(lineOf(finding));
    const healthy = findings.every((finding) => finding.state !== 'fail');
    printResult({ healthy, findings });
    finish(healthy ? EXIT.ok : EXIT.failed);
  });

function lineOf({ state, name, message, wayOut }: Finding): string {
  return `${state.padEnd(4)}  ${name}: ${message}${wayOut ? `\n      → ${wayOut}` : ''}\n`;
}
