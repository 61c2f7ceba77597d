import { rowsOf, type TestReport, type TestWidget } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAY = Date.parse('2026-05-01T00:00+03:00');

/** The same noise in every process: a linear congruential generator (Numerical Recipes). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const names = ['web', 'api', 'batch'] as const;

/** Requests by service and hour over `hours`, with the busy hours of a day. */
const traffic = (hours: number, services: readonly string[] = names) => {
  const random = noise(7);
  return rowsOf(
    'at:time service requests:number',
    Array.from({ length: hours }, (_, hour) => hour).flatMap((hour) =>
      services.map((service, index) => [
        MAY + hour * HOUR,
        service,
        Math.round((120 - index * 30) * (1.4 + Math.sin(((hour - 8) / 24) * 2 * Math.PI)) + random() * 40),
      ]),
    ),
  );
};

const days = (count: number, value: (day: number) => number | null, from = MAY) =>
  rowsOf(
    'at:time value:number',
    Array.from({ length: count }, (_, day) => [from + day * DAY, value(day)]),
  );

/** Half a page wide charts, two in a row. */
const inPairs = (widgets: readonly TestWidget[], height = 5) => [
  widgets.map(({ id }, index) => ({
    widget_id: id,
    x: (index % 2) * 6,
    y: Math.floor(index / 2) * height,
    w: 6,
    h: height,
  })),
];

const page = (
  name: string,
  shows: string,
  make: () => { widgets: readonly TestWidget[]; answers: TestReport['answers'] } & Partial<TestReport>,
): GalleryPage => ({
  name,
  shows,
  report: () => {
    const report = make();
    return { name: shows, pages: inPairs(report.widgets), ...report } as TestReport;
  },
});

const chart = (id: string, name: string, settings: Record<string, unknown> = {}, sql = id): TestWidget => ({
  id,
  kind: 'timeseries',
  name,
  sql,
  settings,
});

const styles = () => ({
  widgets: [
    chart('line', 'Lines', {}, 'traffic'),
    chart('smooth', 'Smooth', { lineStyle: 'smooth', legendValues: ['max', 'avg'] }, 'traffic'),
    chart('area', 'Stacked areas', { type: 'area', stack: true }, 'traffic'),
    chart('percent', 'Shares', { type: 'area', stack: 'percent' }, 'traffic'),
    chart('bars', 'Stacked bars', { type: 'bar' }, 'short'),
    chart('grouped', 'Bars side by side', { type: 'bar', stack: false }, 'short'),
    chart('step', 'Steps and dots', { lineStyle: 'step', showDots: true }, 'days'),
    chart('negative', 'Below zero, stacked', { type: 'bar', unit: 'EUR' }, 'balance'),
  ],
  answers: {
    traffic: traffic(96),
    short: traffic(18),
    days: days(14, (day) => 20 + ((day * 7) % 11)),
    balance: rowsOf(
      'at:time side amount:number',
      Array.from({ length: 14 }, (_, day) => day).flatMap((day) => [
        [MAY + day * DAY, 'income', 900 + ((day * 331) % 700)],
        [MAY + day * DAY, 'expenses', -400 - ((day * 173) % 600)],
        [MAY + day * DAY, 'refunds', -50 - ((day * 37) % 90)],
      ]),
    ),
  },
});

const gaps = () => ({
  widgets: [
    chart('missing', 'Missing buckets, one alone'),
    chart('nulls', 'Nulls'),
    chart('zero', 'Missing as zero', { missing: 'zero' }, 'missing'),
    chart('connect', 'Missing joined', { missing: 'connect' }, 'missing'),
    chart('stack', 'A gap in a stack', { type: 'area', stack: true }),
    chart('irregular', 'No rhythm, no gaps'),
  ],
  answers: {
    missing: rowsOf(
      'at:time value:number',
      Array.from({ length: 60 }, (_, hour) => hour)
        .filter((hour) => (hour < 14 || hour > 20) && (hour < 30 || hour > 36) && hour !== 38)
        .map((hour) => [MAY + hour * HOUR, 40 + ((hour * 13) % 17)]),
    ),
    nulls: days(24, (day) => (day > 8 && day < 13 ? null : 300 + ((day * 37) % 90))),
    stack: rowsOf(
      'at:time service requests:number',
      traffic(48).values.filter(([at, service]) => {
        const hour = (Number(at) - MAY) / HOUR;
        return (hour < 20 || hour > 26) && !(service === 'api' && hour > 34 && hour < 40);
      }),
    ),
    irregular: (() => {
      const random = noise(3);
      let at = MAY;
      return rowsOf(
        'at:time value:number',
        Array.from({ length: 40 }, () => {
          at += -Math.log(1 - random()) * 3 * HOUR;
          return [Math.round(at), Math.round(random() * 50) + 10];
        }),
      );
    })(),
  },
});

const marks = () => ({
  widgets: [
    chart('limits', 'Thresholds', {
      unit: 'ms',
      thresholds: [
        { value: 400, label: 'limit', severity: 'bad', fill: 'above' },
        { value: 330, label: 'warning', severity: 'warn' },
        { from: 0, to: 150, label: 'idle', severity: 'good' },
        { value: 90_000, label: 'timeout' },
      ],
    }),
    chart('events', 'Annotations', {
      annotations: [
        { at: '2026-05-05T10:00', label: 'Release 4.2' },
        { from: '2026-05-12', to: '2026-05-15', label: 'Migration', severity: 'warn' },
        { at: '2026-05-22', label: 'Release 4.3' },
      ],
    }),
    chart('many', 'Many annotations', {
      annotations: Array.from({ length: 7 }, (_, index) => ({
        at: `2026-05-${String(3 + index * 4).padStart(2, '0')}`,
        label: `Deploy ${index + 1}.0`,
      })),
    }),
    chart('log', 'Logarithmic', { scale: 'log', unit: 'bytes', thresholds: [{ value: 1_048_576, label: 'one' }] }),
    chart('thin', 'Ten thousand points'),
    chart('many-series', 'Two dozen series', { type: 'bar' }),
  ],
  answers: {
    limits: days(31, (day) => 180 + ((day * 67) % 240)),
    events: days(31, (day) => 180 + ((day * 67) % 240)),
    many: days(31, (day) => 180 + ((day * 67) % 240)),
    log: days(31, (day) => (day === 9 ? 0 : 2 ** ((day * 7) % 31))),
    thin: (() => {
      const random = noise(11);
      let value = 100;
      return rowsOf(
        'at:time value:number',
        Array.from({ length: 10_000 }, (_, minute) => {
          value += random() * 8 - 4;
          return [MAY + minute * 60_000, minute === 6543 ? 400 : Math.round(value * 10) / 10];
        }),
      );
    })(),
    'many-series': rowsOf(
      'at:time host load:number',
      Array.from({ length: 12 }, (_, hour) => hour).flatMap((hour) =>
        Array.from({ length: 24 }, (_, host) => [
          MAY + hour * HOUR,
          `host-${host + 1}`,
          5 + ((host * 7 + hour * 3) % 40),
        ]),
      ),
    ),
  },
});

/** The days of Berlin's clock changes, weeks, months and quarters. */
const axes = () => ({
  timeZone: 'Europe/Berlin',
  widgets: [
    chart('spring', 'A day of 23 hours', { type: 'bar' }),
    chart('autumn', 'A day of 25 hours', { type: 'bar' }),
    chart('dst', 'Days around the change', { type: 'bar' }),
    chart('minutes', 'Half an hour'),
    chart('months', 'Months', { type: 'bar' }),
    chart('quarters', 'Quarters', { type: 'bar' }),
    chart('year', 'A year of days'),
    chart('decades', 'Ninety years'),
  ],
  answers: {
    spring: hoursOf('2026-03-28T23:00Z', 23),
    autumn: hoursOf('2026-10-24T22:00Z', 25),
    dst: rowsOf(
      'at:time value:number',
      ['2026-10-22T22:00Z', '2026-10-23T22:00Z', '2026-10-24T22:00Z', '2026-10-25T23:00Z', '2026-10-26T23:00Z'].map(
        (at, index) => [Date.parse(at), 40 + index * 3],
      ),
    ),
    minutes: rowsOf(
      'at:time value:number',
      Array.from({ length: 30 }, (_, minute) => [MAY + minute * 60_000, 0.2 + ((minute * 7) % 5) / 100]),
    ),
    months: rowsOf(
      'month:date orders:number',
      Array.from({ length: 14 }, (_, month) => [
        Date.UTC(2025, 2 + month, 1),
        1_200_000 + ((month * 377_000) % 900_000),
      ]),
    ),
    quarters: rowsOf(
      'quarter:date orders:number',
      Array.from({ length: 7 }, (_, quarter) => [Date.UTC(2024, 6 + quarter * 3, 1), 300 + ((quarter * 77) % 200)]),
    ),
    year: days(365, (day) => 100 + Math.sin(day / 20) * 30, Date.parse('2025-12-31T23:00Z')),
    decades: rowsOf(
      'year:date value:number',
      Array.from({ length: 90 }, (_, year) => [Date.UTC(1936 + year, 0, 1), -1.5 + year / 40]),
    ),
  },
});

const hoursOf = (from: string, count: number) =>
  rowsOf(
    'at:time value:number',
    Array.from({ length: count }, (_, hour) => [Date.parse(from) + hour * HOUR, 10 + ((hour * 7) % 13)]),
  );

export const timeChartPages: readonly GalleryPage[] = [
  page('time-styles', 'Lines, areas and bars over time', styles),
  page('time-gaps', 'Gaps stay gaps', gaps),
  page('time-marks', 'Thresholds, annotations, log scale, thinning', marks),
  page('time-axes', 'Time axes in Berlin', axes),
  page('time-ru', 'Ряды на русском', () => ({ ...marks(), locale: 'ru' })),
  page('time-zh', '中文时间序列', () => ({ ...styles(), locale: 'zh' })),
];
