/** The report that all three print: 10 A4 pages of four charts, one of each kind, 200 rows each. */

const PAGES = 10;
export const CHARTS_PER_PAGE = 4;
const ROWS = 200;
/** Points; the charts stand two by two on A4. */
export const PAGE = { width: 595.28, height: 841.89 };
export const CHART = { width: 246, height: 360 };
export const MARGIN = 46;
export const GAP = 12;

export interface BenchChart {
  /** A Vega-Lite specification without data, as each competitor gets it. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const FONT = 'Open Sans';
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const config = {
  font: FONT,
  axis: { labelFontSize: 7.5, titleFontSize: 7.5, gridColor: '#e6eaef', domainColor: '#cdd5dd', tickColor: '#cdd5dd' },
  legend: { labelFontSize: 7.5, titleFontSize: 7.5, symbolSize: 40 },
  view: { stroke: null },
  range: { category: ['#1a4186', '#e8954a', '#219c86', '#b02a50', '#72cdf0', '#8f5fd0', '#d6bd3a', '#6c6f86'] },
};

const specs: readonly Readonly<Record<string, unknown>>[] = [
  {
    mark: { type: 'line', strokeWidth: 1.4 },
    encoding: {
      x: { field: 'time', type: 'temporal', scale: { type: 'utc' }, title: null },
      y: { field: 'value', type: 'quantitative', title: 'Queries per second' },
      color: { field: 'series', type: 'nominal', title: null, legend: { orient: 'top' } },
    },
    config,
  },
  {
    mark: { type: 'bar' },
    encoding: {
      x: { field: 'day', type: 'ordinal', title: null, axis: { labelAngle: 0, labelOverlap: true } },
      y: { aggregate: 'sum', field: 'value', type: 'quantitative', title: 'Orders' },
      color: { field: 'series', type: 'nominal', title: null, legend: { orient: 'top' } },
    },
    config,
  },
  {
    mark: { type: 'arc', innerRadius: 44 },
    encoding: {
      theta: { aggregate: 'sum', field: 'value', type: 'quantitative' },
      color: { field: 'series', type: 'nominal', title: null, legend: { orient: 'top', columns: 3 } },
    },
    config,
  },
  {
    mark: { type: 'rect' },
    encoding: {
      x: { field: 'hour', type: 'ordinal', title: null, axis: { labelAngle: 0, labelOverlap: true } },
      y: { field: 'day', type: 'ordinal', title: null, sort: DAYS },
      color: { aggregate: 'mean', field: 'value', type: 'quantitative', title: null, legend: { orient: 'top' } },
    },
    config,
  },
];

const START = Date.UTC(2026, 4, 1);
const HOUR = 3_600_000;

/**
 * What every child process is told, in a file. It then reads lines from its standard input: the number of a round to
 * print; ours also `specs` and the number, or `draw` and the number for drawing alone. To each it answers with a line, and ends with its input.
 */
export interface BenchInput {
  readonly page: typeof PAGE;
  readonly chart: typeof CHART;
  readonly margin: number;
  readonly gap: number;
  readonly chartsPerPage: number;
  /** Files of the font that all draw with. */
  readonly fontFiles: readonly { readonly weight: number; readonly path: string }[];
  readonly rounds: readonly (readonly BenchChart[])[];
}

export interface BenchAnswer {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Forty charts; each round has numbers of its own, so that nobody can print what was cached. */
export function benchCharts(round: number): readonly BenchChart[] {
  return Array.from({ length: PAGES * CHARTS_PER_PAGE }, (_, index) => ({
    spec: specs[index % specs.length] ?? {},
    rows: rowsOf(index % specs.length, round * 1000 + index),
  }));
}

function rowsOf(kind: number, seed: number): BenchChart['rows'] {
  const random = randomFrom(seed);
  return Array.from({ length: ROWS }, (_, index) => {
    const value = Math.round((50 + 30 * Math.sin(index / 9 + seed) + 20 * random()) * 10) / 10;
    switch (kind) {
      case 0:
        return { time: START + Math.floor(index / 4) * HOUR, series: `shard ${(index % 4) + 1}`, value };
      case 1:
        return { day: (index % 25) + 1, series: ['mobile', 'web', 'store', 'partner'][index % 4] ?? '', value };
      case 2:
        return { series: `region ${(index % 6) + 1}`, value };
      default:
        return { hour: index % 24, day: DAYS[index % 7] ?? '', value };
    }
  });
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
