import { drawDocument } from '../../src/operations/runs/draw-document.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import { type BenchWidget, drawingOf, table } from './our-report.ts';

/**
 * Prints pages of four widgets of one kind, warm, ROUNDS of each kind in turn, and answers with what one widget took: one
 * line of JSON, kind → milliseconds of each round, and bytes per page.
 */
const ROUNDS = Number(process.argv[2] ?? 30);
const WARM_UP = 8;
const HOUR = 3_600_000;
const MAY = Date.UTC(2026, 4, 1);
const wave = (round: number, index: number): number => Math.round((60 + 35 * Math.sin(index / 7 + round)) * 10) / 10;
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** One widget of each kind, with numbers of its own each round. */
const KINDS: Readonly<Record<string, (round: number) => BenchWidget>> = {
  'timeseries, 4 × 200 points': (round) => ({
    kind: 'timeseries',
    rows: table(
      'at:time a:number b:number c:number d:number',
      many(200, (at) => [MAY + at * HOUR, ...many(4, (s) => wave(round, at + s * 5))]),
    ),
  }),
  'timeseries, 10 000 points': (round) => ({
    kind: 'timeseries',
    rows: table(
      'at:time a:number',
      many(10_000, (at) => [MAY + (at * HOUR) / 10, wave(round, at / 40)]),
    ),
  }),
  'timeseries, bars': (round) => ({
    kind: 'timeseries',
    settings: { chartType: 'bar' },
    rows: table(
      'at:time a:number b:number',
      many(31, (at) => [MAY + at * 24 * HOUR, wave(round, at), wave(round, at + 9)]),
    ),
  }),
  'histogram, 25 stacked bars': (round) => ({
    kind: 'histogram',
    rows: table(
      'name a:number b:number c:number',
      many(25, (at) => [`day ${at + 1}`, ...many(3, (s) => wave(round, at + s))]),
    ),
  }),
  pie: (round) => ({
    kind: 'pie',
    rows: table(
      'name n:number',
      many(8, (at) => [`region ${at}`, wave(round, at)]),
    ),
  }),
  toplist: (round) => ({
    kind: 'toplist',
    rows: table(
      'name n:number',
      many(10, (at) => [`statement ${at}`, wave(round, at)]),
    ),
  }),
  'heatmap, 24 × 7': (round) => ({
    kind: 'heatmap',
    mappings: { xAxis: { field: 'hour' }, yAxis: { field: 'n', groupingField: 'day' } },
    rows: table(
      'hour day n:number',
      many(168, (at) => [String(at % 24), `day ${Math.floor(at / 24)}`, wave(round, at)]),
    ),
  }),
  statetimeline: (round) => ({
    kind: 'statetimeline',
    rows: table(
      'at:time host state',
      many(80, (at) => [MAY + at * HOUR, `host ${at % 4}`, ['up', 'slow', 'down'][(at + round) % 3] ?? 'up']),
    ),
  }),
  gauge: (round) => ({ kind: 'gauge', rows: table('n:number', [[wave(round, 3)]]) }),
  'metric with its line': (round) => ({
    kind: 'metric',
    rows: table(
      'at:time n:number',
      many(30, (at) => [MAY + at * HOUR, wave(round, at)]),
    ),
  }),
  'table, 30 × 6': (round) => ({
    kind: 'table',
    rows: table(
      'at:time id:number customer amount:number state note',
      many(30, (at) => [MAY + at * HOUR, at, `Customer ${at}`, wave(round, at), 'paid', 'a few words']),
    ),
  }),
  text: (round) => ({
    kind: 'text',
    settings: { text: `## Part ${round}\n\nSome **words** and a [link](https://example.org).\n\n- one\n- two` },
    rows: table('n:number', []),
  }),
};

const typesetter = createTypesetter({ fontDir: null });
const { signal } = new AbortController();
const taken = new Map<string, { readonly milliseconds: number[]; bytes: number; pages: number }>();
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  for (const [name, widget] of Object.entries(KINDS)) {
    const drawing = drawingOf(many(4, (index) => widget(round * 4 + index)));
    const start = performance.now();
    const { files, widgets } = await drawDocument(drawing, { typesetter, signal });
    const each = (performance.now() - start) / 4;
    const bad = widgets.find(({ state }) => state !== 'ok' && state !== 'truncated');
    if (bad && name !== 'text') throw new Error(`${name}: ${JSON.stringify(bad)}`);
    const kept = taken.get(name) ?? { milliseconds: [], bytes: 0, pages: 0 };
    taken.set(name, kept);
    if (round < WARM_UP) continue;
    kept.milliseconds.push(each);
    kept.bytes += files[0]?.bytes.length ?? 0;
    kept.pages += files[0]?.pages ?? 0;
  }
}
process.stdout.write(`${JSON.stringify(Object.fromEntries(taken))}\n`);
