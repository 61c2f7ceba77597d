import { Command } from 'commander';
import { printableConfig, readConfig } from '../config.ts';
import { type BuildCommand, printResult } from './command.ts';
import { EXIT } from './exit-codes.ts';

export const buildConfig: BuildCommand = (finish) =>
  new Command('config').action(() => {
    printResult(printableConfig(readConfig()));
    finish(EXIT.ok);
  });
