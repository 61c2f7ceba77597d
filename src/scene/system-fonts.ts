import { type Dirent, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type FontPath, fileProblem } from './font-files.ts';

const SYSTEM_FOLDERS: readonly string[] = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.local/share/fonts'),
  join(homedir(), '.fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
];
const MAX_SYSTEM_FONTS = 500;
const MAX_ENTRIES = 5000;
const MAX_DEPTH = 5;
const MAX_SYSTEM_FONT_BYTES = 32 * 1024 * 1024;

/**
 * The font files of the machine, in order of path: at most 500 of at most 32 MB from 5000 entries of folders. A folder
 * that is there but cannot be read is among them, as a problem.
 */
export function systemFontPaths(folders: readonly string[] = SYSTEM_FOLDERS): readonly FontPath[] {
  const found: FontPath[] = [];
  let entriesLeft = MAX_ENTRIES;
  const visit = (folder: string, depth: number): void => {
    for (const entry of entriesOf(folder, found)) {
      entriesLeft -= 1;
      if (entriesLeft < 0 || found.length >= MAX_SYSTEM_FONTS) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) visit(path, depth + 1);
      else if (/\.(ttf|otf|ttc)$/i.test(entry.name))
        found.push({ path, problem: fileProblem(path, MAX_SYSTEM_FONT_BYTES) });
    }
  };
  for (const folder of folders) visit(folder, 1);
  return found;
}

function entriesOf(folder: string, found: FontPath[]): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      found.push({ path: folder, problem: 'the folder cannot be read' });
    return [];
  }
}
