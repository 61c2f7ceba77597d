import { describe, expect, test } from 'vitest';
import { widgetIn } from '../../src/definition/shown-in.ts';
import { shortId, type WorkloadFacts } from '../../src/workload/facts.ts';
import { workloadReport } from '../../src/workload/report.ts';
import { statementsCalls, statementsIo } from '../../src/workload/sections/statement-rankings.ts';
import { statementsElapsed } from '../../src/workload/sections/statements-elapsed.ts';
import { texts } from '../../src/workload/sections/texts.ts';
import { statementsOf } from '../../src/workload/statements.ts';
import { type BuiltRow, builtFacts } from './built-facts.ts';
import { linesOf } from './printed.ts';

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

const lists = { paper: 10, web: 20, data: 5000 };

describe('lists of statements', () => {
  test.each([
    ['paper', 10],
    ['web', 20],
  ] as const)(
    'show on %s the first %i and the rest as one row, so that columns add up to the whole',
    (medium, count) => {
      const lines = linesOf(statementsElapsed.blocks(facts), 'statements-elapsed-list', medium);
      expect(lines).toHaveLength(count + 1);
      expect(lines.at(-1)).toMatchObject({ text: `others (${(MANY - count).toLocaleString('en')})` });
      const { whole, databaseSeconds } = statementsOf(facts);
      for (const [name, all] of [
        ['calls', whole.calls],
        ['seconds', whole.seconds],
        ['share', whole.seconds / (databaseSeconds ?? 1)],
      ] as const) {
        expect(
          lines.reduce((sum, line) => sum + Number(line[name]), 0),
          name,
        ).toBeCloseTo(all, 6);
      }
      expect(whole.calls).toBe(MANY * 3);
    },
  );

  test('hold no more rows than are shown, unless a data file is made of them', () => {
    const rowsOf = (one: WorkloadFacts): number =>
      workloadReport(one, ['statements-calls'])
        .flatMap(({ blocks }) => blocks)
        .reduce((sum, { series }) => sum + (series[0]?.rows.values.length ?? 0), 0);
    expect(rowsOf(facts)).toBe(20);
    expect(rowsOf({ ...facts, lists })).toBe(MANY);
  });

  test('keep nested statements apart: their time is inside of others', () => {
    const lines = linesOf(statementsElapsed.blocks(facts), 'statements-elapsed-nested');
    expect(lines.map(({ id }) => id)).toEqual([shortId(String(MANY + 1))]);
  });

  test('are one sentence where the whole is zero', () => {
    const blocks = statementsIo.blocks(facts);
    expect(blocks.at(-1)?.widget.settings.text).toContain('No statement read a block from outside');
    const empty = builtFacts({ after: { statements: [] } });
    expect(statementsElapsed.blocks(empty)[0]?.widget.settings.text).toContain('No statement ended');
    expect(statementsCalls.blocks(empty)).toEqual([]);
  });

  test.each(['paper', 'web'] as const)('lead on %s to the texts of those named, and to no others', (medium) => {
    const all = workloadReport(facts, null).flatMap((chapter) => chapter.blocks);
    const named = all
      .filter(({ widget }) => widget.id.startsWith('statements-') && widget.kind === 'table')
      .flatMap(({ widget }) => linesOf(all, widget.id, medium).flatMap(({ id }) => (id === '' ? [] : [`sql-${id}`])));
    const shown = texts.blocks(facts).map(({ widget }) => widgetIn(widget, medium));
    const printed = shown.slice(1).filter(({ settings }) => settings.hidden !== true);
    expect(new Set(printed.map(({ id }) => id))).toEqual(new Set(named));
    expect(printed.length).toBeLessThan(medium === 'paper' ? 60 : 100);
    for (const { settings } of printed) {
      const text = String(settings.text);
      expect(text).toContain('more characters)');
      expect(text.length).toBeLessThan(5700);
      expect(text).toMatch(/\(#statements-[a-z-]+-[0-9a-z]{8}\)/);
    }
  });
});
