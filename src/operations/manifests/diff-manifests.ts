import type { ManifestRead } from './schemas.ts';

/**
 * One thing in which two documents differ. `other data`: the same query has given other rows; `other query`: it was asked
 * something else.
 */
export interface Difference {
  /** Where in the manifest, e.g. `widgets[Orders].series[total].rows`. */
  readonly path: string;
  readonly kind: 'changed' | 'only in the first' | 'only in the second' | 'other query' | 'other data';
  readonly a?: unknown;
  readonly b?: unknown;
}

type Widget = ManifestRead['widgets'][number];
type Series = Widget['series'][number];

/** What two manifests differ in, in the order of their keys; empty = the documents were made of the same. */
export function diffManifests(a: ManifestRead, b: ManifestRead): Difference[] {
  return [
    ...changed('report.id', a.report.id, b.report.id),
    ...changed('report.name', a.report.name, b.report.name),
    ...changed('report.definition_sha256', a.report.definition_sha256, b.report.definition_sha256),
    ...changed('made_for', a.made_for, b.made_for),
    ...changed('time_zone', a.time_zone, b.time_zone),
    ...changed('locale', a.locale, b.locale),
    ...spans('period', a.period, b.period),
    ...paired(a.widgets, b.widgets, ({ id }) => id, widgetPath, widgets),
    ...paired(
      a.files,
      b.files,
      ({ kind }) => kind,
      ({ kind }) => `files[${kind}]`,
      (one, other, path) => changed(`${path}.sha256`, one.sha256, other.sha256),
    ),
    ...paired(
      entries(a.versions),
      entries(b.versions),
      ([name]) => name,
      ([name]) => `versions.${name}`,
      (one, other, path) => changed(path, one[1], other[1]),
    ),
  ];
}

const entries = (versions: Readonly<Record<string, string>>): [string, string][] => Object.entries(versions);

const widgetPath = ({ id, name }: Widget): string => `widgets[${name || id}]`;

function widgets(a: Widget, b: Widget, path: string): Difference[] {
  return [
    ...changed(`${path}.name`, a.name, b.name),
    ...changed(`${path}.kind`, a.kind, b.kind),
    ...changed(`${path}.state`, a.state, b.state),
    ...changed(`${path}.definition_sha256`, a.definition_sha256, b.definition_sha256),
    ...(a.period && b.period ? spans(`${path}.period`, a.period, b.period) : []),
    ...paired(
      numbered(a.series),
      numbered(b.series),
      ({ key }) => key,
      ({ key }) => `${path}.series[${key}]`,
      series,
    ),
  ];
}

/** Series by their name; names that come twice are numbered. */
function numbered(list: readonly Series[]): (Series & { readonly key: string })[] {
  const seen = new Map<string, number>();
  return list.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return { ...one, key: count === 1 ? one.name : `${one.name} (${count})` };
  });
}

function series(a: Series, b: Series, path: string): Difference[] {
  const isSameQuery = a.query_sha256 === b.query_sha256 && a.source === b.source;
  const differ =
    a.rows_sha256 === undefined || b.rows_sha256 === undefined ? a.rows !== b.rows : a.rows_sha256 !== b.rows_sha256;
  const data = { rows: a.rows, rows_sha256: a.rows_sha256 };
  return [
    ...changed(`${path}.source`, a.source, b.source),
    ...(a.query_sha256 === b.query_sha256
      ? []
      : [{ path: `${path}.query_sha256`, kind: 'other query' as const, a: a.query_sha256, b: b.query_sha256 }]),
    ...(differ
      ? [
          {
            path: `${path}.rows`,
            kind: isSameQuery ? ('other data' as const) : ('changed' as const),
            a: data,
            b: { rows: b.rows, rows_sha256: b.rows_sha256 },
          },
        ]
      : []),
    ...changed(`${path}.truncated_by`, a.truncated_by, b.truncated_by),
    ...changed(`${path}.limit`, a.limit, b.limit),
  ];
}

/** An earlier version's manifest may lack a key that a later one has: that says nothing about the documents. */
function changed(path: string, a: string | number | undefined, b: string | number | undefined): Difference[] {
  return a === b || a === undefined || b === undefined ? [] : [{ path, kind: 'changed', a, b }];
}

const spans = (path: string, a: ManifestRead['period'], b: ManifestRead['period']): Difference[] => [
  ...changed(`${path}.from`, a.from, b.from),
  ...changed(`${path}.to`, a.to, b.to),
];

function paired<Item>(
  a: readonly Item[],
  b: readonly Item[],
  keyOf: (item: Item) => string,
  pathOf: (item: Item) => string,
  compare: (a: Item, b: Item, path: string) => Difference[],
): Difference[] {
  const others = new Map(b.map((item) => [keyOf(item), item]));
  const known = new Set(a.map(keyOf));
  return [
    ...a.flatMap((item): Difference[] => {
      const other = others.get(keyOf(item));
      return other === undefined
        ? [{ path: pathOf(item), kind: 'only in the first' }]
        : compare(item, other, pathOf(item));
    }),
    ...b
      .filter((item) => !known.has(keyOf(item)))
      .map((item): Difference => ({ path: pathOf(item), kind: 'only in the second' })),
  ];
}
