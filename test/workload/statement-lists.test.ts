import { describe, expect, test } from 'vitest';
import { shortId } from '../../src/workload/facts.ts';
import { workloadReport } from '../../src/workload/report.ts';
import { statementsCalls, statementsIo } from '../../src/workload/sections/statement-rankings.ts';
import { statementsElapsed } from '../../src/workload/sections/statements-elapsed.ts';
import { texts } from '../../src/workload/sections/texts.ts';
import { statementsOf } from '../../src/workload/statements.ts';
import { type BuiltRow, builtFacts } from './built-facts.ts';

const MANY = 5000;

const statement = (id: number, calls: number, nested = false): BuiltRow => ({
  ...{ userid: '10', dbid: '5', queryid: String(id), toplevel: !nested, calls, rows: calls },
  ...{ total_exec_time: calls * id, total_plan_time: 0, shared_blks_hit: calls, shared_blks_read: 0 },
});

const facts = builtFacts({
  after: {
    database: [{ datid: 5, datname: 'app', active_time: 90_000_000, xact_commit: 1 }],
    statements: [...Array.from({ length: MANY }, (_, id) => statement(id + 1, 3)), statement(MANY + 1, 2, true)],
  },
  before: { database: [{ datid: 5, datname: 'app', active_time: 0, xact_commit: 0 }] },
  texts: Object.fromEntries(
    Array.from({ length: MANY + 1 }, (_, id) => [String(id + 1), `select ${'x'.repeat(9000)} -- \`\`\` ${id + 1}`]),
  ),
});

const rowsOf = (id: string, blocks: ReturnType<typeof statementsElapsed.blocks>) => {
  const rows = blocks.find(({ widget }) => widget.id === id)?.series[0]?.rows;
  return { columns: rows?.columns.map(({ name }) => name) ?? [], values: rows?.values ?? [] };
};

describe('lists of statements', () => {
  test('show ten and the rest as one row, so that columns add up to the whole', () => {
    const { columns, values } = rowsOf('statements-elapsed-list', statementsElapsed.blocks(facts));
    expect(values).toHaveLength(11);
    const { whole, databaseSeconds } = statementsOf(facts);
    for (const [name, all] of [
      ['calls', whole.calls],
      ['seconds', whole.seconds],
      ['share', whole.seconds / (databaseSeconds ?? 1)],
    ] as const) {
      const at = columns.indexOf(name);
      expect(
        values.reduce((sum, row) => sum + Number(row[at]), 0),
        name,
      ).toBeCloseTo(all, 6);
    }
    expect(whole.calls).toBe(MANY * 3);
  });

  test('keep nested statements apart: their time is inside of others', () => {
    const { values } = rowsOf('statements-elapsed-nested', statementsElapsed.blocks(facts));
    expect(values.map(([id]) => id)).toEqual([shortId(String(MANY + 1))]);
  });

  test('are one sentence where the whole is zero', () => {
    const blocks = statementsIo.blocks(facts);
    expect(blocks.at(-1)?.widget.settings.text).toContain('No statement read a block from outside');
    const empty = builtFacts({ after: { statements: [] } });
    expect(statementsElapsed.blocks(empty)[0]?.widget.settings.text).toContain('No statement ended');
    expect(statementsCalls.blocks(empty)).toEqual([]);
  });

  test('lead to texts, of which only those named are printed, each within a bound', () => {
    const blocks = texts.blocks(facts);
    const named = workloadReport(facts, null)
      .flatMap((chapter) => chapter.blocks)
      .flatMap(({ widget, series }) =>
        widget.id.startsWith('statements-') && widget.kind === 'table' ? (series[0]?.rows.values ?? []) : [],
      )
      .flatMap(([id]) => (id === '' ? [] : [`sql-${String(id)}`]));
    const printed = blocks.slice(1).map(({ widget }) => widget.settings.anchor);
    expect(new Set(printed)).toEqual(new Set(named));
    expect(printed.length).toBeLessThan(60);
    const [, first] = blocks;
    const text = String(first?.widget.settings.text);
    expect(text).toContain('more characters)');
    expect(text.length).toBeLessThan(5600);
  });
});
