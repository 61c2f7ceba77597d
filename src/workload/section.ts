import type { Locale } from '../definition/definition.ts';
import type { Block } from './block.ts';
import type { WorkloadFacts } from './facts.ts';

/** The parts a workload report is read in, each on a new sheet. */
export type Chapter = 'overview' | 'statements' | 'objects' | 'system' | 'texts';

/** One section of a workload report: one file a section, in the order of `sections.ts`. */
export interface Section {
  /** Kebab-case: its place in the report (`#id`), and its word in `sections` of a widget. */
  readonly id: string;
  readonly chapter: Chapter;
  readonly title: Readonly<Record<Locale, string>>;
  /**
   * What it prints, under its title: the first block has the section's id and title. A list whose whole is zero is one line
   * of text, not a table; what the server does not tell is said, never left out in silence. Never throws for what a server counted.
   */
  blocks(facts: WorkloadFacts): readonly Block[];
}

/** Critical, warning, notice. */
export type Severity = 1 | 2 | 3;

/** Something to look at, with its proof. */
export interface Finding {
  /** As documented, e.g. `SQL-DOMINANT`. */
  readonly id: string;
  readonly severity: Severity;
  /** Share of database time, 0 to 1; 0 where it is a risk and not a load. Orders findings of one severity. */
  readonly impact: number;
  /** One sentence with the figures that prove it, in the report's locale; names in it are plain text. */
  readonly sentence: string;
  /** What to do. */
  readonly advice: string;
  /** Section, or place within one, that has the evidence: `statements-elapsed`, `sql-0a1b2c3d`. */
  readonly place: string;
  /** The statement (its printed id), table, index, session or setting that it names; null = the whole server. */
  readonly subject: string | null;
}

/** Looks for one kind of finding; several of them may be in one file. */
export interface FindingRule {
  readonly id: string;
  /** When it is told, in one English sentence: what docs/workload.md says of it. */
  readonly condition: string;
  /** Oldest major version that counts what it needs. */
  readonly since?: number;
  find(facts: WorkloadFacts): readonly Finding[];
}
