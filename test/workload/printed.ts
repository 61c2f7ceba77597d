import { readTableSettings } from '../../src/charts/table-settings.ts';
import { type Medium, widgetIn } from '../../src/definition/shown-in.ts';
import type { Value } from '../../src/rows/rows.ts';
import type { Block } from '../../src/workload/block.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { SECTIONS } from '../../src/workload/sections.ts';

/** A printed line: its cells by the key of their column. */
export type Line = Readonly<Record<string, Value>>;

export function blocksOf(facts: WorkloadFacts, section: string): readonly Block[] {
  const found = SECTIONS.find(({ id }) => id === section);
  if (found === undefined) throw new Error(`there is no section ${section}`);
  return found.blocks(facts);
}

/** The lines of a block by its id, as paper or a page on a screen shows them; none where it is a text, or not there. */
export function linesOf(blocks: readonly Block[], id: string, medium: Medium = 'paper'): readonly Line[] {
  const block = blocks.find((one) => one.widget.id === id);
  const rows = block?.series[0]?.rows;
  if (block === undefined || rows === undefined) return [];
  const { rowsShown, restRow } = readTableSettings(widgetIn(block.widget, medium));
  const names = rows.columns.map(({ name }) => name);
  const shown = [...rows.values.slice(0, rowsShown ?? rows.values.length), ...(restRow === null ? [] : [restRow])];
  return shown.map((values) => Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])));
}

/** What a block of text says; null where it is something else, or not there. */
export function textIn(blocks: readonly Block[], id: string): string | null {
  const text = blocks.find(({ widget }) => widget.id === id)?.widget.settings.text;
  return typeof text === 'string' ? text.replaceAll('\\', '') : null;
}
