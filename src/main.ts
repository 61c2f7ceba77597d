#!/usr/bin/env node
import { runProgram } from './commands/program.ts';

// Exits in so many words: postgres.js makes connections that it was about to make again even after its pool has ended.
process.exit(await runProgram(process.argv.slice(2)));
