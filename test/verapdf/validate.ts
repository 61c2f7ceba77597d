import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Where `test/verapdf/install.sh` puts veraPDF. */
const FOLDER = new URL('../../node_modules/.cache/verapdf/', import.meta.url).pathname;

export interface Verdict {
  readonly file: string;
  /** How many assertions were looked at: a file that gives none was not validated. */
  readonly checks: number;
  /** Broken rules, one line each: clause and test, how often, what is wrong and where. */
  readonly broken: readonly string[];
}

/**
 * Validates files against PDF/UA-1 in one virtual machine.
 * @throws when a file cannot be read as PDF, or not every file was looked at.
 */
export function validate(files: readonly string[]): readonly Verdict[] {
  const output = execFileSync(
    'java',
    ['-cp', `${join(FOLDER, 'classes')}:${join(FOLDER, 'lib/*')}`, 'Validate', 'ua1', ...files],
    { encoding: 'utf8', timeout: 300_000, maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines = output
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
  return files.map((file) => {
    const own = lines.filter(([name]) => name === file);
    const checks = Number(own.find(([, kind]) => kind === 'checks')?.[2] ?? 0);
    if (checks === 0) throw new Error(`${file} was not validated: ${output}`);
    return { file, checks, broken: own.filter(([, kind]) => kind === 'rule').map((line) => line.slice(2).join(' ')) };
  });
}
