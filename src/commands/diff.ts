import { Command } from 'commander';
import { type Difference, diffManifests } from '../operations/manifests/diff-manifests.ts';
import { readManifest } from '../operations/manifests/read-manifest.ts';
import { type BuildCommand, printResult } from './command.ts';
import { EXIT } from './exit-codes.ts';

/** What two documents were made from, compared. Ends as diff(1) does: 0 the same, 1 different, 2 trouble. */
export const buildDiff: BuildCommand = (finish) =>
  new Command('diff')
    .argument('<first>', 'a PDF of ours, or the JSON of a manifest')
    .argument('<second>', 'another one')
    .option('--json', 'one JSON document instead of lines')
    .action(async (first: string, second: string, { json = false }: { json?: boolean }) => {
      const [a, b] = [await readManifest(first), await readManifest(second)];
      const differences = diffManifests(a, b);
      const isSame = differences.length === 0;
      if (json) printResult({ first, second, same: isSame, differences });
      else for (const difference of differences) process.stdout.write(`${lineOf(difference)}\n`);
      finish(isSame ? EXIT.ok : EXIT.differs);
    });

const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const SHOWN_LENGTH = 300;

function lineOf({ path, kind, a, b }: Difference): string {
  const said = kind === 'changed' ? '' : ` ${kind}`;
  const values = a === undefined && b === undefined ? '' : `: ${shown(a)} → ${shown(b)}`;
  return `${path}${said}${values}`.replaceAll(CONTROL, ' ');
}

/** Hashes are shown by their beginnings. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const { rows, rows_sha256: hash } = value as { rows?: unknown; rows_sha256?: unknown };
    return `${String(rows)} rows${typeof hash === 'string' ? ` (${hash.slice(0, 12)})` : ''}`;
  }
  const text = String(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text.slice(0, SHOWN_LENGTH);
}
