import { z } from 'zod';
import { badRequest } from '../errors.ts';
import type { Locale, ReportDefinition } from './definition.ts';
import { parseReport } from './parse-report.ts';
import { kindOfWord } from './parse-widget.ts';
import { settingsShape } from './report-file-settings.ts';

const period = z
  .union([z.string(), z.array(z.string()).min(1).max(2)])
  .describe('`[from, to]`, e.g. `[now-7d, now]`, or one calendar period, e.g. `last month`');

const querySchema = z
  .strictObject({
    dataset: z.string().min(1).describe('Table or view, `schema.name` or `name`'),
    distinct: z.boolean().optional(),
    fields: z.array(
      z.strictObject({
        field: z.string(),
        alias: z.string().optional(),
        format: z.string().optional(),
        aggregation: z
          .strictObject({
            func: z.string(),
            distinct: z.boolean().optional(),
            args: z.array(z.string()).optional(),
          })
          .optional(),
      }),
    ),
    filters: z
      .array(
        z.strictObject({
          field: z.string(),
          negation: z.boolean().optional(),
          operator: z.string().optional(),
          value: z.unknown().optional(),
        }),
      )
      .optional(),
    group_by: z.array(z.string()).optional(),
    order_by: z.array(z.strictObject({ field: z.string(), direction: z.enum(['asc', 'desc']).optional() })).optional(),
    limit: z.number().int().positive().optional(),
    offset: z.number().int().min(0).optional(),
    interval: z.string().optional().describe('Width of time buckets: `5m`, `1h`, `1d`, `1M`'),
  })
  .describe("The builder's query");

const seriesSchema = z.strictObject({
  name: z.string().optional(),
  source: z
    .string()
    .optional()
    .describe('A name of `sources` or of `--source name=URL`; may be left out where there is one'),
  period: period.optional(),
  sql: z.string().min(1).optional().describe('One SELECT; `$period_from`, `$period_to` and `$interval` are parameters'),
  query: querySchema.optional(),
});

const widgetSchema = z.strictObject({
  kind: z
    .string()
    .refine((word) => KINDS.has(kindOfWord(word)), 'unknown kind')
    .describe(
      'timeseries, histogram, pie, toplist, heatmap, gauge, statetimeline, table, metric, text or image (or a synonym)',
    ),
  heading: z.string().optional(),
  description: z.string().optional(),
  legend: z
    .strictObject({ show: z.boolean().optional(), placement: z.enum(['top', 'right', 'bottom', 'left']).optional() })
    .optional(),
  period: period.optional(),
  source: z.string().optional().describe('Source of series that name none'),
  sql: z.string().min(1).optional().describe('Short for one series with this SQL'),
  query: querySchema.optional().describe('Short for one series with this query'),
  series: z.array(seriesSchema).optional(),
  text: z.string().optional().describe('Markdown of a text widget'),
  image: z.string().optional().describe('Data URL of a PNG or JPEG image, or a file beside the report'),
  settings: z.record(z.string(), z.unknown()).optional().describe('type, lineStyle, showDots, stack, theme, unit …'),
  mappings: z.record(z.string(), z.unknown()).optional().describe('xAxis, yAxis, fields, field, dataSeries'),
});

const itemSchema = z.strictObject({
  widget: z.string().describe('A key of `widgets`'),
  x: z.number().min(0).max(11).optional(),
  y: z.number().min(0).max(1000).optional(),
  w: z.number().positive().max(12).optional().describe('Columns of 12'),
  h: z.number().positive().max(1000).optional().describe('Grid rows; as the content needs where it is left out'),
  page_break: z
    .enum(['before', 'after', 'both'])
    .optional()
    .describe('A new sheet begins before this widget, or after'),
});

const pageSchema = z.union([
  z.array(itemSchema),
  z.strictObject({ title: z.string().optional().describe('Heading of the page'), items: z.array(itemSchema) }),
]);

const KINDS = new Set<string>([
  ...['timeseries', 'histogram', 'pie', 'toplist', 'heatmap', 'gauge', 'statetimeline'],
  ...['table', 'metric', 'text', 'image'],
]);

/** A report as code: the whole of what `broadsheet render` reads. Strict: a misspelt key is an error with its path. */
export const reportFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().min(1),
    sortable_tables: z
      .boolean()
      .optional()
      .describe('Let readers of the HTML sort tables by their column headings, with a small script; default false'),
    csv_bom: z.boolean().optional().describe('Begin CSV files with a byte order mark, for Excel; default true'),
    name_mask: z.string().optional().describe('Name of the file; placeholders like {report} {date} {from} {to}'),
    period: period.optional(),
    time_zone: z.string().optional().describe('IANA name; default UTC'),
    locale: z.enum(['en', 'ru', 'zh']).optional(),
    sources: z
      .record(z.string(), z.strictObject({ url: z.string() }))
      .optional()
      .describe('Sources without secrets'),
    widgets: z.record(z.string(), widgetSchema),
    pages: z.array(pageSchema).optional().describe('Left out: the widgets one below the other'),
    ...settingsShape,
  })
  .describe('A Broadsheet report as code');

type ReportFile = z.output<typeof reportFileSchema>;
type WidgetFile = z.output<typeof widgetSchema>;

/** What a report file says, with the parts that a stored report keeps elsewhere. */
export interface ParsedReportFile {
  readonly definition: ReportDefinition;
  readonly timeZone: string | null;
  readonly locale: Locale | null;
  /** URLs by source name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/**
 * Parse the content of a report file (already read from YAML or JSON). `defaultSource` names the source of series
 * that name none.
 * @throws BroadsheetError `bad_request` that names the path of everything that is wrong.
 */
export function parseReportFile(content: unknown, defaultSource = 'default'): ParsedReportFile {
  const result = reportFileSchema.safeParse(content);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'report'}: ${issue.message}`);
    throw badRequest(`not a report file: ${problems.slice(0, 10).join('; ')}`, { problems });
  }
  const file = result.data;
  checkPages(file);
  const names = Object.keys(file.sources ?? {});
  const source = names.length === 1 && names[0] !== undefined ? names[0] : defaultSource;
  const { definition, warnings } = parseReport({
    report: storedReport(file),
    dashboard: {},
    widgets: Object.entries(file.widgets).map(([key, widget]) => storedWidget(key, widget, source)),
  });
  return {
    definition,
    timeZone: file.time_zone ?? null,
    locale: file.locale ?? null,
    sources: Object.fromEntries(Object.entries(file.sources ?? {}).map(([name, { url }]) => [name, url])),
    warnings,
  };
}

type PageFile = NonNullable<ReportFile['pages']>[number];

const pageOf = (page: PageFile) => (Array.isArray(page) ? { items: page } : page);

function checkPages(file: ReportFile): void {
  for (const [page, stored] of (file.pages ?? []).entries()) {
    const { items } = pageOf(stored);
    for (const [index, item] of items.entries()) {
      if (Object.hasOwn(file.widgets, item.widget)) continue;
      throw badRequest(`not a report file: pages.${page}.${index}.widget: no widget "${item.widget}"`);
    }
  }
}

const asList = (value: string | string[] | undefined): string[] | undefined =>
  typeof value === 'string' ? [value] : value;

function storedReport(file: ReportFile): Record<string, unknown> {
  const pages = file.pages?.map((stored) => {
    const { items, ...page } = pageOf(stored);
    return { ...page, items: items.map(({ widget, ...place }) => ({ widget_id: widget, ...place })) };
  });
  return {
    id: file.name,
    name: file.name,
    config: { pages: pages ?? [] },
    settings: {
      general: {
        period: asList(file.period),
        name_mask: file.name_mask,
        csv_bom: file.csv_bom,
        sortable_tables: file.sortable_tables,
      },
      header: { show: file.header !== undefined, ...file.header },
      footer: { show: file.footer !== undefined, ...file.footer },
      cover: { show: file.cover !== undefined, ...file.cover },
      contents: { show: file.contents !== undefined, ...file.contents },
      style: file.style,
    },
  };
}

function storedWidget(key: string, widget: WidgetFile, defaultSource: string): Record<string, unknown> {
  const short =
    widget.sql === undefined && widget.query === undefined ? [] : [{ sql: widget.sql, query: widget.query }];
  const series: z.output<typeof seriesSchema>[] = widget.series ?? short;
  return {
    id: key,
    name: widget.heading ?? '',
    config: {
      settings: {
        kind: widget.kind,
        base: { name: widget.heading, show_heading: true, description: widget.description },
        legend: widget.legend,
        settings: { text: widget.text, image: widget.image, ...widget.settings },
        mappings: widget.mappings,
      },
      period: asList(widget.period),
      series: series.map((one, index) => ({
        ...one,
        name: one.name ?? (series.length === 1 ? (widget.heading ?? key) : `series ${index + 1}`),
        source: one.source ?? widget.source ?? defaultSource,
        mode: one.sql === undefined ? 'query' : 'sql',
        period: asList(one.period),
      })),
    },
  };
}
