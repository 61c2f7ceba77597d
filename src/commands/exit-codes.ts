import { BroadsheetError } from '../errors.ts';

/** What the exit code of every command means; the documentation's table is this one. */
export const EXIT = {
  /** Done, or found done already (`"deduplicated": true`). */
  ok: 0,
  /** A defect of ours: the log has its stack. */
  defect: 1,
  /** `diff` only: the documents differ. */
  differs: 1,
  /** The command line, a file it names or the configuration is wrong: trying again changes nothing. */
  usage: 2,
  /** There is a document, but not all of it could be made, or it is held back from its recipients. */
  partial: 3,
  /** No document, or the service's own surroundings (database, address, disk) failed: trying again may help. */
  failed: 4,
  /** There is a document, but not every recipient has it. */
  deliveryFailed: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const FAILURES: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'canceled', 'rate_limited']);

/** The exit code of a command that threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof BroadsheetError)) return EXIT.defect;
  return FAILURES.has(error.code) ? EXIT.failed : EXIT.usage;
}
