import type { BuilderQuery, QueryField, Series, Widget, WidgetKind } from './definition.ts';
import { type Branch, isObject, type JsonObject, pick, readBranch, type Warnings } from './lenient.ts';

/** Words for a kind, beside its own name, and the chart type that a word implies where `settings.type` is not stored. */
const KIND_WORDS: Readonly<Record<WidgetKind, readonly string[]>> = {
  timeseries: ['time', 'timechart', 'timegraph', 'line', 'linechart', 'area', 'areachart', 'временнойряд'],
  histogram: ['bar', 'bars', 'barchart', 'column', 'columns', 'columnchart', 'гистограмма'],
  pie: ['piechart', 'donut', 'doughnut', 'circle', 'круговаядиаграмма'],
  toplist: ['top', 'topn', 'ranking', 'leaderboard', 'bargauge', 'рейтинг', '排行榜'],
  heatmap: ['heat', 'calendarheatmap', 'тепловаякарта', '热力图'],
  gauge: ['dial', 'meter', 'индикатор', '仪表'],
  statetimeline: ['timeline', 'states', 'status', 'statushistory', 'лентасостояний', '状态时间线'],
  table: ['datatable', 'grid', 'таблица'],
  metric: ['stat', 'number', 'counter', 'value', 'singlevalue', 'метрика'],
  text: ['markdown', 'md', 'note', 'текст'],
  image: ['picture', 'img', 'logo', 'изображение'],
};
const IMPLIED_TYPES: Readonly<Record<string, string>> = {
  area: 'area',
  areachart: 'area',
  line: 'line',
  donut: 'donut',
};

const KIND_OF_WORD = new Map<string, WidgetKind>(
  (Object.entries(KIND_WORDS) as [WidgetKind, readonly string[]][]).flatMap(([kind, words]) =>
    [kind, ...words].map((word) => [word, kind] as const),
  ),
);

const bareWord = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The kind that a stored word means (`time_series`, `Time Series` …), or the word itself. */
export function kindOfWord(text: string): Widget['kind'] {
  return KIND_OF_WORD.get(bareWord(text)) ?? text.trim();
}

const PLACEMENTS = ['top', 'right', 'bottom', 'left'] as const;

/** `config` before `settings`, key by key: a chart's `config` may lack what only the older `settings` hold. */
function merged(preferred: Branch, fallback: Branch, key: string): JsonObject {
  const [first, second] = [preferred.value(key), fallback.value(key)];
  const defined = Object.entries(isObject(first) ? first : {}).filter(([, value]) => value !== null);
  const result = { ...(isObject(second) ? second : {}), ...Object.fromEntries(defined) };
  return Object.freeze(result);
}

function readField(field: Branch): QueryField {
  const aggregation = field.branch('aggregation');
  const func = aggregation.text('func');
  return {
    field: field.text('field') ?? '',
    alias: field.text('alias'),
    format: field.text('format'),
    aggregation:
      func === null || func === ''
        ? null
        : { func, distinct: aggregation.flag('distinct', false), args: aggregation.strings('args') ?? [] },
  };
}

function readQuery(query: Branch): BuilderQuery {
  return {
    dataset: query.text('dataset') ?? '',
    distinct: query.flag('distinct', false),
    fields: query.objects('fields').map(readField),
    filters: query.objects('filters').map((filter) => ({
      field: filter.text('field') ?? '',
      negation: filter.flag('negation', false),
      operator: filter.text('operator') ?? 'is',
      value: filter.value('value') ?? null,
    })),
    groupBy: query.strings('group_by') ?? [],
    orderBy: query.objects('order_by').map((order) => ({
      field: order.text('field') ?? '',
      direction: order.text('direction')?.toLowerCase() === 'desc' ? 'desc' : 'asc',
    })),
    limit: query.number('limit'),
    offset: query.number('offset'),
    interval: query.text('interval') || null,
  };
}

/** `mode: sql` asks for the SQL text; any other word for the builder, unless there is nothing but SQL. */
function readSeries(series: Branch, index: number): Series {
  const sql = series.text('sql');
  const query = isObject(series.value('query')) ? readQuery(series.branch('query')) : null;
  const hasSql = sql !== null && sql.trim() !== '';
  const hasQuery = query !== null && query.dataset !== '';
  const mode = series.text('mode')?.trim().toLowerCase();
  return {
    name: series.text('name') || `series ${index + 1}`,
    mode: hasSql && (mode === 'sql' || !hasQuery) ? 'sql' : 'query',
    source: series.text('source') ?? '',
    period: periodOf(series, 'period'),
    sql: hasSql ? sql : null,
    query,
  };
}

/** A period expression as stored; an empty list means "inherited". */
export function periodOf(branch: Branch, key: string): readonly string[] | null {
  const words = branch.strings(key)?.filter((word) => word.trim() !== '') ?? [];
  return words.length === 0 ? null : words.slice(0, 2);
}

/**
 * A stored widget as the pipeline sees it. `config` is preferred and `settings` fills what it lacks (cruddy.md §4.1).
 * Never throws: a widget without a kind comes back with the kind `''` and is printed as a notice.
 */
export function parseWidget(stored: unknown, path: string, warnings: Warnings): Widget {
  const widget = readBranch(stored, path, warnings);
  const [config, older] = [widget.branch('config'), widget.branch('settings')];
  const [visual, olderVisual] = [config.branch('settings'), older.branch('settings')];
  const word = [visual.text('kind'), config.text('type'), olderVisual.text('kind'), older.text('type')].find(
    (text) => text !== null && KIND_OF_WORD.has(bareWord(text)),
  );
  const kindText = word ?? visual.text('kind') ?? config.text('type') ?? olderVisual.text('kind') ?? '';
  const base = readBranch(merged(visual, olderVisual, 'base'), `${path}.base`, warnings);
  const legend = readBranch(merged(visual, olderVisual, 'legend'), `${path}.legend`, warnings);
  const settings: Record<string, unknown> = { ...merged(visual, olderVisual, 'settings') };
  const implied = IMPLIED_TYPES[bareWord(kindText)];
  if (implied !== undefined && typeof settings.type !== 'string') settings.type = implied;
  const series = config.objects('series').length > 0 ? config.objects('series') : older.objects('series');
  const name = widget.text('name') ?? '';
  return {
    id: widget.text('id') ?? path,
    name,
    kind: kindOfWord(kindText),
    heading: base.flag('show_heading', true) ? base.text('name')?.trim() || name.trim() || null : null,
    description: base.text('description')?.trim() || null,
    legend: {
      show: legend.flag('show', true),
      placement: pick(legend, 'placement', PLACEMENTS, warnings) ?? 'bottom',
    },
    period: periodOf(config, 'period') ?? periodOf(older, 'period'),
    series: series.map(readSeries),
    settings,
    mappings: merged(visual, olderVisual, 'mappings'),
  };
}
