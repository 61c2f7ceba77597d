import { Command, CommanderError } from 'commander';
import { BroadsheetError, messageOf } from '../errors.ts';
import { packageVersion } from '../version.ts';
import type { BuildCommand } from './command.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';

interface Entry {
  readonly summary: string;
  /** Loaded only when the command is named: a one-shot command must not pay for the whole service. */
  readonly load: () => Promise<BuildCommand>;
}

/** Every command, one file each. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: {
    summary: 'serve the HTTP API, fire due report tasks and work their runs',
    load: async () => (await import('./serve.ts')).buildServe,
  },
  work: {
    summary: 'fire due report tasks and work their runs, without HTTP',
    load: async () => (await import('./work.ts')).buildWork,
  },
  render: {
    summary: 'print a report file (YAML) to PDF, without a store',
    load: async () => (await import('./render.ts')).buildRender,
  },
  diff: {
    summary: 'compare what two documents were made from: periods, queries, rows, versions',
    load: async () => (await import('./diff.ts')).buildDiff,
  },
  demo: {
    summary: 'fill a database, define two reports on it, print and mail them',
    load: async () => (await import('./demo.ts')).buildDemo,
  },
  migrate: {
    summary: 'bring the database to this version',
    load: async () => (await import('./migrate.ts')).buildMigrate,
  },
  source: {
    summary: 'define, list, test and remove the databases that reports read',
    load: async () => (await import('./source.ts')).buildSource,
  },
  cluster: {
    summary: 'watch database servers: add, list, check, snapshot, remove',
    load: async () => (await import('./cluster.ts')).buildCluster,
  },
  workload: {
    summary: 'print the workload report of a cluster, or of any server after watching it for a while',
    load: async () => (await import('./workload.ts')).buildWorkload,
  },
  user: {
    summary: 'set or remove the password of a user',
    load: async () => (await import('./user.ts')).buildUser,
  },
  run: {
    summary: 'fire one report task and work its run in this process: for a CronJob',
    load: async () => (await import('./run.ts')).buildRun,
  },
  config: {
    summary: 'print the configuration as it was understood, secrets masked',
    load: async () => (await import('./config.ts')).buildConfig,
  },
  doctor: {
    summary: 'check everything the service needs, and say how to mend what is wrong',
    load: async () => (await import('./doctor.ts')).buildDoctor,
  },
  healthcheck: {
    summary: 'ask the service on this host whether it is ready: for container health checks',
    load: async () => (await import('./healthcheck.ts')).buildHealthcheck,
  },
};

/** Run one command line, `argv` without node and script. Resolves to the exit code. */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  try {
    const program = await buildProgram(argv, (chosen) => {
      code = chosen;
    });
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    tell(error);
    return exitCodeOf(error);
  }
}

async function buildProgram(argv: readonly string[], finish: (code: ExitCode) => void): Promise<Command> {
  const program = new Command('broadsheet')
    .description('Scheduled reports from your databases, as print-quality PDFs')
    .version(packageVersion(), '-V, --version')
    .showHelpAfterError('(broadsheet --help names the commands)')
    .exitOverride();
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const wanted = argv.includes(name);
    const command = wanted ? (await entry.load())(finish) : new Command(name);
    program.addCommand(command.summary(entry.summary).exitOverride());
  }
  return program;
}

/** One line for what was done wrong outside, the whole stack for what is wrong inside. */
function tell(error: unknown): void {
  const text =
    error instanceof BroadsheetError ? error.message : error instanceof Error ? error.stack : messageOf(error);
  process.stderr.write(`broadsheet: ${text}\n`);
}
