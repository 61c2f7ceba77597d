import type { Value } from '../rows/rows.ts';
import type { Snapshot } from '../rows/snapshot.ts';
import { partOf } from './pieces.ts';
import type { Range } from './range.ts';

/** A row of a part as it was read at one moment: its values by column; null where the column is not there. */
export interface PartRow {
  value(column: string): Value;
  number(column: string): number | null;
  text(column: string): string | null;
}

/** Rows of a part at one snapshot; none where it was not read. */
export function partRows(snapshot: Snapshot, view: string, scope = ''): readonly PartRow[] {
  const part = partOf(snapshot, view, scope);
  if (part === null) return [];
  const index = new Map(part.columns.map(({ name }, at) => [name, at]));
  return part.rows.map((row) => {
    const value = (column: string): Value => row[index.get(column) ?? -1] ?? null;
    return {
      value,
      number: (column) => (value(column) === null ? null : Number(value(column))),
      text: (column) => (value(column) === null ? null : String(value(column))),
    };
  });
}

/** The snapshots of a range in order of time (of a long one at most 49): for levels, which are seen and not counted. */
export const snapshotsOf = ({ steps }: Range): readonly Snapshot[] => [
  ...steps.slice(0, 1).map(({ from }) => from),
  ...steps.map(({ to }) => to),
];
