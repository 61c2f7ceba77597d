import { describe, expect, test } from 'vitest';
import type { SampleGroup, SampleMinute } from '../../src/rows/session-samples.ts';
import type { Block } from '../../src/workload/block.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { rangeOf } from '../../src/workload/range.ts';
import { loadBuckets, stepRows } from '../../src/workload/sampled-load.ts';
import { efficiency } from '../../src/workload/sections/efficiency.ts';
import { findings, furtherFindings } from '../../src/workload/sections/findings.ts';
import { header } from '../../src/workload/sections/header.ts';
import { loadOverTime } from '../../src/workload/sections/load-over-time.ts';
import { timeModel } from '../../src/workload/sections/time-model.ts';
import { waits } from '../../src/workload/sections/waits.ts';
import { type Built, builtFacts, START } from './built-facts.ts';

const MINUTE = 60_000;

const group = (waitClass: string, waitEvent: string | null, seconds: number, backend = 'client backend') =>
  ({
    ...{ database: 'app', user: 'shop', queryId: null, state: 'active', waitClass, waitEvent, backend, seconds },
    ...{ sessionsMax: 1, transactionSecondsMax: 1, stateSecondsMax: 1 },
  }) satisfies SampleGroup;

const minutes: readonly SampleMinute[] = [0, 1, 2, 3, 5].map((at) => ({
  minute: START + at * MINUTE,
  samples: 60,
  covered: 60,
  groups: [
    group('CPU', null, 90),
    group('IO', 'DataFileRead', 30),
    group('LWLock', 'WALWrite', 0.5),
    group('Idle in transaction', 'ClientRead', 20),
    group('IO', 'WALSync', 60, 'walwriter'),
  ],
  blockers: [],
}));

const database = (active: number, more = {}) => [
  {
    ...{ datid: 5, datname: 'app', active_time: active, blk_read_time: active / 4, blk_write_time: 0, deadlocks: 0 },
    ...{ blks_hit: active * 9, blks_read: active, xact_commit: active, xact_rollback: 0, numbackends: 4, ...more },
  },
];
const busy: Built = { before: { database: database(0) }, after: { database: database(100_000) } };

const rowsOf = (block: Block | undefined) => block?.series[0]?.rows.values ?? [];
const textIn = (blocks: readonly Block[]): string =>
  blocks.map(({ widget, series }) => JSON.stringify([widget.settings, widget.description, series])).join('\n');
const SECTIONS = [header, findings, furtherFindings, loadOverTime, timeModel, efficiency, waits];

describe('the sections of the overview', () => {
  const cases: readonly Built[] = [
    {},
    busy,
    { ...busy, minutes },
    { ...busy, settings: { track_io_timing: 'off' } },
    { before: busy.after ?? {}, after: { database: database(50_000, { stats_reset: START + 5 }) } },
  ];

  test.each(cases)('print whole figures and words in every language, whatever there is (%#)', (built) => {
    for (const locale of ['en', 'ru', 'zh'] as const) {
      for (const section of SECTIONS) {
        const blocks = section.blocks(builtFacts({ ...built, locale }));
        expect(textIn(blocks)).not.toMatch(/NaN|undefined|Infinity/);
        if (section !== furtherFindings) expect(blocks[0]?.widget.id).toBe(section.id);
      }
    }
  });
});

describe('the load over time', () => {
  const facts = builtFacts({ ...busy, minutes, seconds: 360 });

  test('is sampled sessions at work: neither idle transactions nor background work, and gaps stay', () => {
    const rows = rowsOf(loadOverTime.blocks(facts)[0]);
    const first = rows.filter(([at]) => at === START);
    expect(first).toEqual([
      [START, 'CPU', 1.5],
      [START, 'IO', 0.5],
      [START, 'LWLock', 0.5 / 60],
    ]);
    expect(rows.some(([at]) => at === START + 4 * MINUTE)).toBe(false);
  });

  test('ends its last step where the range ends', () => {
    expect(rowsOf(loadOverTime.blocks(facts)[0]).at(-1)?.[0]).toBe(START + 6 * MINUTE);
    const rows = [[START, 'CPU', 1] as const];
    expect(stepRows(rows, MINUTE, { from: START + 5, to: START + 10 })).toEqual([
      [START + 5, 'CPU', 1],
      [START + 10, 'CPU', 1],
    ]);
  });

  test('without samples is what databases counted, and says so', () => {
    const [block] = loadOverTime.blocks(builtFacts({ ...busy, seconds: 200 }));
    expect(rowsOf(block)).toEqual([['app', 0.5]]);
    expect(block?.widget.kind).toBe('toplist');
    expect(block?.widget.description).toContain('not sampled');
  });

  test('of a day has at most 120 steps', () => {
    const day = Array.from(
      { length: 1440 },
      (_, at) => ({ ...minutes[0], minute: START + at * MINUTE }) as SampleMinute,
    );
    const buckets = loadBuckets(day);
    expect(buckets.length).toBeLessThanOrEqual(120);
    expect(buckets.reduce((sum, { covered }) => sum + covered, 0)).toBe(1440 * 60);
  });

  test('of stretches shorter than a minute keeps them', () => {
    const short = [0, 5, 10].map((at) => ({ ...minutes[0], minute: START + at * 1000 }) as SampleMinute);
    expect(loadBuckets(short).map(({ from, to }) => to - from)).toEqual([5000, 5000, 5000]);
  });
});

describe('the time model', () => {
  test('adds up to database time', () => {
    const rows = rowsOf(timeModel.blocks(builtFacts(busy))[0]);
    const shares = rows.slice(0, -1).map((row) => Number(row[2]));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(rows[0]).toEqual(['CPU, locks, other', '75 s', 0.75]);
  });

  test('leaves out what is not timed, and says so', () => {
    const [block] = timeModel.blocks(builtFacts({ ...busy, settings: { track_io_timing: 'off' } }));
    expect(rowsOf(block).map(([part]) => part)).toEqual(['CPU, locks, other', 'Database time']);
    expect(block?.widget.description).toContain('track_io_timing is off');
  });
});

describe('waits', () => {
  test('are seconds of samples with their error; what is rare stands together', () => {
    const rows = rowsOf(waits.blocks(builtFacts({ ...busy, minutes, seconds: 360 }))[0]);
    expect(rows.map(([word, event, seconds]) => [word, event, seconds])).toEqual([
      ['CPU', 'running', 450],
      ['IO', 'DataFileRead', 150],
      ['Idle in transaction', '(no database time)', 100],
      ['Other', 'seen fewer than five times', 2.5],
    ]);
    expect(rows[0]?.[3]).toBe(42.4);
  });

  test('without samples are not guessed: the sessions of both ends stand there', () => {
    const counts = [
      { datname: 'app', usename: 'shop', backend_type: 'client backend', state: 'active', n: 3, max_xact_s: 1 },
    ];
    const built = { before: { activity_counts: counts }, after: { activity_counts: counts } };
    const [said, table] = waits.blocks(builtFacts(built));
    expect(said?.widget.settings.text).toContain('not sampled');
    expect(rowsOf(table)).toHaveLength(2);
  });
});

describe('the header', () => {
  test('says what happened and what could not be read, without Markdown of others', () => {
    const facts = builtFacts(busy);
    const { start, end } = facts.range;
    const restarted = { ...end, identity: { ...end.identity, startedAt: START + 9000 } };
    const missing = [{ view: 'statements', scope: 'app', reason: 'permission denied for [view](#x)' }];
    const range = rangeOf([start, { ...restarted, missing }], [{ at: START + 60_000, reason: 'no answer' }]);
    const text = String(header.blocks({ ...facts, range } satisfies WorkloadFacts)[0]?.widget.settings.text);
    expect(text).toContain('restarted at');
    expect(text).toContain('no answer');
    expect(text).toContain('statements \\(app\\)');
    expect(text).toContain('\\[view\\]');
  });
});

describe('findings on the page', () => {
  const many = builtFacts({
    before: { database: [] },
    after: {
      database: Array.from({ length: 20 }, (_, at) => ({
        datid: at,
        datname: `db${at}`,
        deadlocks: 1,
        active_time: 0,
      })),
    },
  });

  test('are five with notices, the rest stands further back', () => {
    const [shown] = findings.blocks(many);
    const [rest] = furtherFindings.blocks(many);
    const lines = (block: Block | undefined) => String(block?.widget.settings.text).match(/○\sNotice/g)?.length;
    expect([lines(shown), lines(rest)]).toEqual([5, 15]);
    expect(String(shown?.widget.settings.text)).toContain('](#further-findings)');
  });

  test('that are none are said to be none', () => {
    const [block] = findings.blocks(builtFacts({ before: busy.before ?? {}, after: { database: database(0) } }));
    expect(block?.widget.settings.text).toContain('Nothing to look at');
    expect(furtherFindings.blocks(builtFacts({}))).toEqual([]);
  });
});
