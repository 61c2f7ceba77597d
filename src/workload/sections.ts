import type { Section } from './section.ts';
import { comparison } from './sections/comparison.ts';
import { databases } from './sections/databases.ts';
import { efficiency } from './sections/efficiency.ts';
import { findings, furtherFindings } from './sections/findings.ts';
import { header } from './sections/header.ts';
import { host } from './sections/host.ts';
import { indexes } from './sections/indexes.ts';
import { io } from './sections/io.ts';
import { loadOverTime } from './sections/load-over-time.ts';
import { loadProfile } from './sections/load-profile.ts';
import { locks } from './sections/locks.ts';
import { replication } from './sections/replication.ts';
import { servers } from './sections/servers.ts';
import { sessions } from './sections/sessions.ts';
import { settings } from './sections/settings.ts';
import { slru } from './sections/slru.ts';
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
import { timeModel } from './sections/time-model.ts';
import { trend } from './sections/trend.ts';
import { vacuum } from './sections/vacuum.ts';
import { waits } from './sections/waits.ts';
import { walCheckpoints } from './sections/wal-checkpoints.ts';

/** All sections of a workload report, in the order of reading. */
export const SECTIONS: readonly Section[] = [
  header,
  loadOverTime,
  findings,
  loadProfile,
  servers,
  timeModel,
  efficiency,
  waits,
  furtherFindings,
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
  vacuum,
  walCheckpoints,
  io,
  slru,
  replication,
  locks,
  sessions,
  settings,
  host,
  texts,
];
