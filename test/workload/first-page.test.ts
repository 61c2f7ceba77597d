import { describe, expect, test } from 'vitest';
import { drawHere } from '../../src/operations/runs/draw-here.ts';
import { workloadDrawing } from '../../src/operations/workload/draw-workload.ts';
import type { WorkloadFacts } from '../../src/workload/facts.ts';
import { workloadReport } from '../../src/workload/report.ts';
import { needs } from '../harness/needs.ts';
import { onFile } from '../print/printing.ts';
import { type Built, builtFacts, START } from './built-facts.ts';
import { shopDay } from './built-shop.ts';
import { blocksOf, linesOf } from './printed.ts';

const database = (active: number, committed: number) => [
  {
    ...{
      datid: 5,
      datname: 'app',
      active_time: active,
      blk_read_time: 0,
      blk_write_time: 0,
      deadlocks: 0,
      numbackends: 4,
    },
    ...{ blks_hit: active * 9, blks_read: active, xact_commit: committed, xact_rollback: 0, sessions: 0 },
  },
];
const built: Built = {
  before: { database: database(0, 0) },
  after: { database: database(300_000, 6000) },
  baseline: { before: { database: database(0, 0) }, after: { database: database(200_000, 12_000) }, seconds: 1200 },
};

describe('the key numbers', () => {
  const numberOf = (facts: ReturnType<typeof builtFacts>, id: string) => {
    const block = blocksOf(facts, 'header').find(({ widget }) => widget.id === `header-${id}`);
    return block?.series.map(({ name, rows }) => [name, rows.values[0]?.[0]]);
  };

  test('stand beside those of the range before', () => {
    const facts = builtFacts(built);
    expect(numberOf(facts, 'sessions')).toEqual([
      ['rows', 0.5],
      ['before', 200_000 / 1000 / 1200],
    ]);
    expect(numberOf(facts, 'transactions')).toEqual([
      ['rows', 10],
      ['before', 10],
    ]);
  });

  test('stand alone where there is none', () => {
    const { baseline: _, ...alone } = built;
    expect(numberOf(builtFacts(alone), 'sessions')).toEqual([['rows', 0.5]]);
  });

  test('compare no load that was measured in another way', () => {
    const sampled = { ...shopDay(), range: builtFacts({ after: {}, before: {} }).range };
    expect(numberOf(sampled, 'sessions')?.map(([name]) => name)).toEqual(['rows']);
  });
});

describe('the load profile', () => {
  test('tells the change per second against the range before, where both have enough', () => {
    const lines = linesOf(blocksOf(builtFacts(built), 'load-profile'), 'load-profile');
    const changes = Object.fromEntries(lines.map(({ measure, change }) => [measure, change]));
    expect(changes).toMatchObject({ 'Database time, s': '+200%', Transactions: '0%', Rollbacks: '–' });
  });

  test('draws a line a measure over the steps of the range, which come to its total', () => {
    const lines = linesOf(blocksOf(shopDay(), 'load-profile'), 'load-profile');
    const numbers = (measure: string): readonly number[] =>
      String(lines.find((line) => line.measure === measure)?.over)
        .split(' ')
        .map(Number);
    expect(numbers('Transactions')).toHaveLength(24);
    expect(numbers('Statements')).toHaveLength(24);
    const total = numbers('Transactions').reduce((sum, rate) => sum + rate * 3600, 0);
    expect(total / 5_448_823).toBeCloseTo(1, 3);
  });

  test('has no line, and no charts over time, of two snapshots', () => {
    const blocks = blocksOf(builtFacts(built), 'load-profile');
    expect(blocks.map(({ widget }) => widget.id)).toEqual(['load-profile']);
    expect(linesOf(blocks, 'load-profile')[0]).not.toHaveProperty('over');
  });
});

test.each(['en', 'ru', 'zh'] as const)('all sections of a day are whole figures and words: %s', (locale) => {
  const chapters = workloadReport(shopDay({ locale }), null);
  expect(chapters.map(({ chapter }) => chapter)).toEqual(['overview', 'statements', 'objects', 'system', 'texts']);
  const ids = chapters.flatMap(({ blocks }) => blocks.map(({ widget }) => widget.id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(0, 7)).toEqual([
    ...['header', 'header-sessions', 'header-transactions', 'header-mean', 'header-hit'],
    ...['load-over-time', 'findings'],
  ]);
  const said = chapters.flatMap(({ blocks }) => blocks.map(({ widget, series }) => [widget.settings, series]));
  expect(JSON.stringify(said)).not.toMatch(/NaN|undefined|Infinity|\{\w+\}(?!")/);
});

const { draw } = drawHere({ fontDir: null, systemFonts: false });

/** What stands on the first sheet of the PDF, lines and columns as they are seen. */
async function firstPage(facts: WorkloadFacts): Promise<string> {
  const drawing = { facts, name: 'shop', at: new Date(facts.range.end.identity.capturedAt), sections: null };
  const { files } = await draw(workloadDrawing({ ...drawing, outputs: ['pdf'] }), AbortSignal.timeout(60_000));
  return onFile(files[0]?.bytes ?? new Uint8Array(), 'pdftotext', '-layout', '-f', '1', '-l', '1', 'FILE', '-');
}

const PRINTED = {
  en: {
    lookAt: 'What to look at',
    marks: ['● Critical', '▲ Warning', '○ Notice'],
    further: 'Further findings (1)',
    none: 'Nothing to look at',
    since: '27 Apr 2026, 00:00:00',
    numbers: ['0.935', '63.1', '6.29', '89.4%'],
  },
  ru: {
    lookAt: 'На что смотреть',
    marks: ['● Критично', '▲ Внимание', '○ Заметка'],
    further: 'Остальные находки (1)',
    none: 'Смотреть не на что',
    since: '27 апр. 2026 г., 00:00:00',
    numbers: ['0,935', '63,1', '6,29', '89,4 %'],
  },
  zh: {
    lookAt: '关注要点',
    marks: ['● 严重', '▲ 警告', '○ 提示'],
    further: '其余发现（1）',
    none: '无需关注',
    since: '2026年4月27日 00:00:00',
    numbers: ['0.935', '63.1', '6.29', '89.4%'],
  },
} as const;

/** Spaces that keep words together are spaces. */
const plainly = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

/** The findings as they are printed one below the other: each its mark, and all of its lines. */
function printedFindings(page: string, { lookAt, marks }: (typeof PRINTED)['en' | 'ru' | 'zh']) {
  const [, table = ''] = page.split(lookAt);
  return table
    .split(/(?=[●▲○])/)
    .slice(1)
    .map((text) => ({ mark: marks.find((mark) => text.startsWith(mark)), text }));
}

/** Seconds of two statements, and of waiting behind a role's lock, within 1 000 s of work: three warnings by their size. */
interface Sizes {
  readonly orders: number;
  readonly stock: number;
  readonly locks: number;
}

const statement = (queryid: string, seconds: number) => ({
  ...{ userid: 10, dbid: 5, queryid, toplevel: true, calls: 10, rows: 10, total_exec_time: seconds * 1000 },
  ...{ total_plan_time: 0, temp_blks_written: 0, shared_blks_hit: 10, shared_blks_read: 0, stddev_exec_time: 0 },
});

const waitFor = (seconds: number) => ({
  ...{ pid: 7, state: 'idle in transaction', transactionSeconds: 20, lockType: 'transactionid', mode: 'ShareLock' },
  ...{ relation: null, database: 'app', user: 'batch', queryId: null, waiterQueryIds: [], blockedSeconds: seconds },
  longestWaitSeconds: 10,
});

const sampledGroup = (waitClass: string, waitEvent: string | null, seconds: number) => ({
  ...{ database: 'app', user: 'shop', queryId: null, state: 'active', waitClass, waitEvent, seconds },
  ...{ backend: 'client backend', sessionsMax: 3, transactionSecondsMax: 1, stateSecondsMax: 1 },
});

/** Three warnings of these sizes, damaged blocks (critical, of no size), a deadlock and commits that may be lost (notices). */
function planted({ orders, stock, locks }: Sizes, locale: WorkloadFacts['locale']): WorkloadFacts {
  const counted = (active: number, more: { readonly deadlocks?: number; readonly checksum_failures?: number } = {}) =>
    database(active * 1000, 6000).map((row) => ({ ...row, checksum_failures: 0, ...more }));
  return builtFacts({
    locale,
    settings: { synchronous_commit: 'off' },
    before: { database: counted(0), statements: [] },
    after: {
      database: counted(1000, { deadlocks: 1, checksum_failures: 2 }),
      statements: [statement('11', orders), statement('12', stock)],
    },
    minutes: [
      {
        ...{ minute: START, samples: 60, covered: 60, blockers: [waitFor(locks)] },
        groups: [sampledGroup('CPU', null, 950 - locks), sampledGroup('Lock', 'transactionid', locks)],
      },
    ],
    texts: { '11': 'select * from orders where customer = $1', '12': 'update stock set amount = amount - $1' },
  });
}

needs('pdftotext')('page 1 on paper', () => {
  const LOCALES = ['en', 'ru', 'zh'] as const;
  const [ORDERS, STOCK, LOCKS] = ['0000000b', '0000000c', 'batch'];

  describe.each(LOCALES)('in %s', (locale) => {
    const words = PRINTED[locale];

    test.each([
      { sizes: { orders: 300, stock: 600, locks: 450 }, order: [STOCK, LOCKS, ORDERS] },
      { sizes: { orders: 610, stock: 290, locks: 200 }, order: [ORDERS, STOCK, LOCKS] },
      { sizes: { orders: 270, stock: 280, locks: 800 }, order: [LOCKS, STOCK, ORDERS] },
    ])('findings stand by severity, then by size: $sizes', async ({ sizes, order }) => {
      const page = plainly(await firstPage(planted(sizes, locale)));
      const rows = printedFindings(page, words);
      const [critical, warning, notice] = words.marks;
      expect(rows.map(({ mark }) => mark)).toEqual([critical, warning, warning, warning, notice]);
      const causes = rows.map(({ text }) => [ORDERS, STOCK, LOCKS].filter((cause) => text.includes(cause)));
      expect(causes).toEqual([[], ...order.map((cause) => [cause]), []]);
      const share = (id: string): number =>
        Number(rows.map(({ text }) => new RegExp(`${id}.*?(\\d+) ?%`, 's').exec(text)?.[1]).find(Boolean));
      expect([share(ORDERS), share(STOCK)]).toEqual([sizes.orders / 10, sizes.stock / 10]);
      expect(rows[4]?.text).toContain('synchronous_commit');
      expect(rows[4]?.text).toContain(words.further);
    });

    test('a day: which server, when, how busy and with what, then what to look at', async () => {
      const page = plainly(await firstPage(shopDay({ locale })));
      const said = ['shop-primary · PostgreSQL 18.1', words.since, ...words.numbers];
      const legend = ['CPU', 'IO', 'LWLock', 'Lock', 'Client'];
      const places = [...said, new RegExp(legend.join(' +')), words.lookAt].map((one) => page.search(one));
      expect(places).not.toContain(-1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      const [first, second, third, fourth, ...rest] = printedFindings(page, words);
      expect(first?.text).toMatch(/c40he4nb.*51 ?%.*orders/s);
      expect(second?.text).toContain('public.orders');
      expect(third?.text).toContain('daily_facts');
      expect(fourth?.text).toContain('office');
      const marks = [first, second, third, fourth, ...rest].map((row) => row?.mark);
      expect(marks).toEqual(marks.map(() => words.marks[1]));
    });

    test('a server that nothing is wrong with has its numbers, and is said to be so', async () => {
      const page = plainly(await firstPage(builtFacts({ ...built, locale })));
      expect(page).toContain(words.none);
      expect(printedFindings(page, words)).toEqual([]);
    });
  });
});
