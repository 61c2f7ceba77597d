/** The languages that Broadsheet's own words, numbers and dates come in. */
export type Locale = 'en' | 'ru' | 'zh';

export type Align = 'left' | 'center' | 'right';
export type ImageFit = 'fit' | 'fill' | 'none';
export type WidgetKind =
  | 'timeseries'
  | 'histogram'
  | 'pie'
  | 'toplist'
  | 'heatmap'
  | 'gauge'
  | 'statetimeline'
  | 'table'
  | 'metric'
  | 'text'
  | 'image';

/** A picture as its bytes: decoded from the data URL of a definition and checked, at most a few megabytes. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/png' | 'image/jpeg';
  /** Pixels, as the picture is to be seen. */
  readonly width: number;
  readonly height: number;
  /** How the stored rows and columns are to be seen: Exif's orientation, 1 to 8. Left out = 1, as stored. */
  readonly orientation?: number;
}

/** One query of a widget. `mode` decides whether `sql` or `query` is used. */
export interface Series {
  readonly name: string;
  readonly mode: 'sql' | 'query';
  /** Name of the source. */
  readonly source: string;
  /** Period expression `[from, to]`; null = inherited. */
  readonly period: readonly string[] | null;
  readonly sql: string | null;
  readonly query: BuilderQuery | null;
}

/** The builder's query: becomes parameterised SQL with identifiers checked against the source's catalogue. */
export interface BuilderQuery {
  readonly dataset: string;
  readonly distinct: boolean;
  readonly fields: readonly QueryField[];
  readonly filters: readonly QueryFilter[];
  readonly groupBy: readonly string[];
  readonly orderBy: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  readonly limit: number | null;
  readonly offset: number | null;
  /** Width of time buckets, e.g. `5m`, `1h`, `1d`, `1M`; null = none. */
  readonly interval: string | null;
}

export interface QueryField {
  readonly field: string;
  readonly alias: string | null;
  readonly format: string | null;
  readonly aggregation: { readonly func: string; readonly distinct: boolean; readonly args: readonly string[] } | null;
}

export interface QueryFilter {
  readonly field: string;
  readonly negation: boolean;
  readonly operator: string;
  readonly value: unknown;
}

/** A widget as the pipeline sees it: one shape, whether it came from `config` or from `settings` (cruddy.md §4.1). */
export interface Widget {
  readonly id: string;
  readonly name: string;
  /** A kind this version can draw, or the unknown word that was stored: printed as a notice. */
  readonly kind: WidgetKind | (string & {});
  readonly heading: string | null;
  readonly description: string | null;
  readonly legend: { readonly show: boolean; readonly placement: 'top' | 'right' | 'bottom' | 'left' };
  readonly period: readonly string[] | null;
  readonly series: readonly Series[];
  /** Kind-specific settings: `type`, `lineStyle`, `showDots`, `stack`, `theme`, `text`, `image`, `fit`, `unit` … */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Which column goes where: `xAxis`, `yAxis`, `fields`, `field`, `dataSeries` … */
  readonly mappings: Readonly<Record<string, unknown>>;
}

/**
 * Where a widget stands on its page, in grid units: 12 columns wide; null height = as the content needs. Values are
 * finite, x and y ≥ 0, w > 0, x + w ≤ 12, h > 0; fractions come from grids of another width. Placements may overlap:
 * the layout pushes the later one down.
 */
export interface Placement {
  readonly widget: Widget;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number | null;
  /** A new sheet begins with this widget, or after it. */
  readonly breaks: { readonly before: boolean; readonly after: boolean };
}

export interface PageBand {
  readonly show: boolean;
  readonly text: string;
  readonly color: string | null;
  readonly textAlign: Align;
  readonly picture: Picture | null;
  /** Why the stored image can't be printed; null = there is none, or it can. */
  readonly pictureProblem: string | null;
  readonly fit: ImageFit;
  readonly imageAlign: Align;
}

export interface Header extends PageBand {
  /** Else only on the first page. */
  readonly showOnAllPages: boolean;
}

export interface Footer extends PageBand {
  readonly showOnFirstPage: boolean;
  readonly showDate: boolean;
  readonly dateAlign: Align;
  readonly showPageNumber: boolean;
  readonly pageNumberAlign: Align;
}

/** The first sheet, with nothing but what the report is. */
export interface Cover {
  readonly show: boolean;
  /** Null = the report's name. */
  readonly title: string | null;
  readonly subtitle: string | null;
  /** Markdown. */
  readonly text: string;
  readonly picture: Picture | null;
  readonly showPeriod: boolean;
  readonly showDate: boolean;
}

/** A report, ready for the pipeline: everything resolved but the rows, the period and the clock. */
export interface ReportDefinition {
  readonly id: string;
  readonly name: string;
  readonly nameMask: string | null;
  /** Whether CSV files begin with a byte order mark, by which Excel knows UTF-8. */
  readonly csvBom: boolean;
  /** Whether the HTML holds a script that sorts tables by their column headings. */
  readonly sortableTables: boolean;
  /** Report-level period expression; null = none. */
  readonly period: readonly string[] | null;
  /** The dashboard's period expression; null = none. */
  readonly dashboardPeriod: readonly string[] | null;
  readonly pages: readonly (readonly Placement[])[];
  /** Headings of the pages, by their position; null = none. */
  readonly pageTitles: readonly (string | null)[];
  readonly header: Header;
  readonly footer: Footer;
  readonly cover: Cover;
  /** Headings with their page numbers before the first page, down to `depth` levels below the title. */
  readonly contents: { readonly show: boolean; readonly depth: number };
  readonly style: {
    /** PostScript name of the body font. */
    readonly font: string | null;
    readonly paper: 'A4' | 'Letter';
    readonly orientation: 'portrait' | 'landscape';
    /** `light` or `print`; a palette's name is that palette on the light design. */
    readonly theme: string | null;
    readonly palette: string | null;
    /** Print the report's name and period above the first page's widgets, where there is no cover. */
    readonly showTitle: boolean;
  };
}
