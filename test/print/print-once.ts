/** Prints one report and writes its digest: run in a process of its own to compare bytes between processes. */
import { print } from './printing.ts';
import { busyReport } from './reports.ts';

process.stdout.write((await print(busyReport())).sha256);
