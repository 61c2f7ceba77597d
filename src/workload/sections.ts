import type { Section } from './section.ts';
import { comparison } from './sections/comparison.ts';
import { databases } from './sections/databases.ts';
import { indexes } from './sections/indexes.ts';
import { loadProfile } from './sections/load-profile.ts';
import {
  statementsCalls,
  statementsIo,
  statementsMean,
  statementsPlanning,
  statementsRows,
  statementsTemp,
  statementsWal,
} from './sections/statement-rankings.ts';
import { statementsElapsed } from './sections/statements-elapsed.ts';
import { tables } from './sections/tables.ts';
import { texts } from './sections/texts.ts';
import { trend } from './sections/trend.ts';

/** All sections of a workload report, in the order of reading. */
export const SECTIONS: readonly Section[] = [
  loadProfile,
  comparison,
  trend,
  statementsElapsed,
  statementsCalls,
  statementsMean,
  statementsRows,
  statementsIo,
  statementsTemp,
  statementsWal,
  statementsPlanning,
  databases,
  tables,
  indexes,
  texts,
];
