#!/usr/bin/env node
import { useCompileCache } from './commands/compile-cache.ts';

// Before all else is loaded.
useCompileCache();
const { runProgram } = await import('./commands/program.ts');

// Exits in so many words: postgres.js makes connections that it was about to make again even after its pool has ended.
process.exit(await runProgram(process.argv.slice(2)));
