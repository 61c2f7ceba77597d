import type { Locale } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import type { SampleMinute } from '../rows/session-samples.ts';
import type { ServerText } from '../rows/snapshot.ts';
import type { ListBounds } from './list-cut.ts';
import { partOf } from './pieces.ts';
import type { Range } from './range.ts';

/** What is read of a cluster for one report: everything a section or a finding may use. Plain data and pure functions. */
export interface WorkloadFacts {
  readonly cluster: { readonly name: string; readonly engine: string };
  readonly range: Range;
  /** Minutes of session samples within the range, in order of time; empty where nobody sampled. */
  readonly minutes: readonly SampleMinute[];
  readonly texts: ReadonlyMap<string, ServerText>;
  /** Numbers of the snapshots of the range and before it, in order of time, for trends. */
  readonly trend: readonly TrendPoint[];
  /** The range that this one is compared with; null = none. */
  readonly baseline: Range | null;
  readonly locale: Locale;
  readonly timeZone: string;
  /** How long lists are in each output; absent = as usual. */
  readonly lists?: ListBounds;
  /** Ids of the sections that are printed; absent = all. */
  readonly sections?: readonly string[];
}

export interface TrendPoint {
  readonly at: number;
  /** By the names of `metrics.ts`. */
  readonly metrics: ReadonlyMap<string, number>;
}

export const textKey = (kind: ServerText['kind'], scope: string, key: string): string =>
  JSON.stringify([kind, scope, key]);

/** The text of a statement, on one line; null where it was never read. */
export const statementText = ({ texts }: WorkloadFacts, queryId: string): string | null =>
  texts
    .get(textKey('sql', '', queryId))
    ?.text.replaceAll(/\s+/g, ' ')
    .trim() ?? null;

/** Characters of a statement in a list or a sentence; its whole text stands in the appendix. */
const EXCERPT = 80;
/** So much of a text is looked at for its first words: generated ones run to megabytes. */
const LOOKED_AT = 1000;

/** A statement's first words, on one line; null where its text was never read. */
export function textExcerpt({ texts }: WorkloadFacts, queryId: string, length = EXCERPT): string | null {
  const whole = texts.get(textKey('sql', '', queryId))?.text.trim();
  if (whole === undefined) return null;
  const text = whole.slice(0, LOOKED_AT).replaceAll(/\s+/g, ' ');
  return text.length > length || whole.length > LOOKED_AT ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

/** A setting at the end of the range, as text; null where there is none of this name. */
export function settingOf(range: Range, name: string): string | null {
  const part = partOf(range.end, 'settings');
  const [key, value] = ['name', 'setting'].map((column) => part?.columns.findIndex((one) => one.name === column) ?? -1);
  const row = part?.rows.find((one) => one[key ?? -1] === name);
  const found = row?.[value ?? -1];
  return found === undefined || found === null ? null : String(found);
}

/** Bytes of a block of the server. */
export const blockSize = (range: Range): number => Number(settingOf(range, 'block_size') ?? 8192);

/** Names by the server's numbers, e.g. of databases and roles; the end of the range knows best. */
export function namesOf(range: Range, kind: 'role' | 'database' | 'tablespace'): (id: Value) => string {
  const found = new Map<string, string>();
  for (const snapshot of [range.start, range.end]) {
    for (const row of partOf(snapshot, 'names')?.rows ?? [])
      if (row[0] === kind) found.set(String(row[1]), String(row[2]));
  }
  return (id) => found.get(String(id)) ?? (id === null ? '' : String(id));
}

/** What is printed for a statement's id: 8 characters that stay the same over reports. */
export const shortId = (queryId: string): string =>
  BigInt.asUintN(64, BigInt(queryId)).toString(36).slice(-8).padStart(8, '0');

/** Seconds of work that sessions did, and where the figure is from. */
export interface DatabaseTime {
  readonly seconds: number;
  readonly source: 'sessions' | 'samples' | 'statements';
}
