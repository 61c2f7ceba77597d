import type { Align, Cover, Footer, Header, ImageFit, PageBand, ReportDefinition } from './definition.ts';
import { type Branch, collectWarnings, pick, readBranch, type Warnings } from './lenient.ts';
import { parseWidget, periodOf } from './parse-widget.ts';
import { decodePicture } from './picture.ts';
import { placeWidgets } from './placements.ts';

/** A report, its dashboard and the dashboard's widgets as they are stored: JSON that nothing but cruddy v2 promised. */
export interface StoredReport {
  readonly report: unknown;
  readonly dashboard: unknown;
  readonly widgets: readonly unknown[];
}

const ALIGNS: readonly Align[] = ['left', 'center', 'right'];
const FITS: readonly ImageFit[] = ['fit', 'fill', 'none'];
const BAND_TEXT_LIMIT = 2_000;

/**
 * The definition that the pipeline prints. Never throws for a stored definition: unknown keys are passed by, wrong
 * types become defaults, and each of those is a warning.
 */
export function parseReport(stored: StoredReport): { definition: ReportDefinition; warnings: readonly string[] } {
  const warnings = collectWarnings();
  const report = readBranch(stored.report, '', warnings);
  const dashboard = readBranch(stored.dashboard, 'dashboard', warnings);
  const settings = report.branch('settings');
  const general = settings.branch('general');
  const style = settings.branch('style');
  const widgets = stored.widgets.map((widget, index) => parseWidget(widget, `widgets[${index}]`, warnings));
  const { pages, titles } = placeWidgets({ report, dashboard, widgets }, warnings);
  const contents = settings.branch('contents');
  const definition: ReportDefinition = {
    id: report.text('id') ?? '',
    name: report.text('name')?.trim() || 'Report',
    nameMask: general.text('name_mask'),
    csvBom: general.flag('csv_bom', true),
    sortableTables: general.flag('sortable_tables', false),
    period: periodOf(general, 'period'),
    dashboardPeriod: periodOf(dashboard.branch('config'), 'period'),
    pages,
    pageTitles: titles,
    header: parseHeader(settings.branch('header'), warnings),
    footer: parseFooter(settings.branch('footer'), warnings),
    cover: parseCover(settings.branch('cover'), warnings),
    contents: { show: contents.flag('show', false), depth: depthOf(contents) },
    style: {
      font: style.text('font')?.trim() || null,
      paper: style.text('paper')?.trim().toLowerCase() === 'letter' ? 'Letter' : 'A4',
      orientation: pick(style, 'orientation', ['portrait', 'landscape'], warnings) ?? 'portrait',
      theme: style.text('theme')?.trim() || null,
      palette: style.text('palette')?.trim() || null,
      showTitle: style.flag('show_title', true),
    },
  };
  return { definition, warnings: warnings.list };
}

/** A header that was never stored is not shown. */
function parseHeader(band: Branch, warnings: Warnings): Header {
  return { ...parseBand(band, warnings), showOnAllPages: band.flag('show_on_all_pages', true) };
}

function parseFooter(band: Branch, warnings: Warnings): Footer {
  return {
    ...parseBand(band, warnings),
    showOnFirstPage: band.flag('show_on_first_page', true),
    showDate: band.flag('show_date', false),
    dateAlign: pick(band, 'date_align', ALIGNS, warnings) ?? 'left',
    showPageNumber: band.flag('show_page_number', false),
    pageNumberAlign: pick(band, 'page_number_align', ALIGNS, warnings) ?? 'right',
  };
}

const COVER_TEXT_LIMIT = 10_000;
const COVER_LINE_LIMIT = 500;

function parseCover(cover: Branch, warnings: Warnings): Cover {
  const line = (key: string): string | null => cover.text(key)?.trim().slice(0, COVER_LINE_LIMIT) || null;
  return {
    show: cover.flag('show', false),
    title: line('title'),
    subtitle: line('subtitle'),
    text: (cover.text('text') ?? '').slice(0, COVER_TEXT_LIMIT),
    picture: storedPicture(cover, 'image', warnings).picture,
    showPeriod: cover.flag('show_period', true),
    showDate: cover.flag('show_date', true),
  };
}

const DEFAULT_DEPTH = 2;

function depthOf(contents: Branch): number {
  return Math.min(5, Math.max(1, Math.round(contents.number('depth') ?? DEFAULT_DEPTH)));
}

function parseBand(band: Branch, warnings: Warnings): PageBand {
  const { picture, problem } = storedPicture(band, 'image', warnings);
  return {
    show: band.flag('show', false),
    text: (band.text('text') ?? '').slice(0, BAND_TEXT_LIMIT),
    color: colorOf(band, warnings),
    textAlign: pick(band, 'text_align', ALIGNS, warnings) ?? 'left',
    picture,
    pictureProblem: problem,
    fit: fitOf(band.text('fit')),
    imageAlign: pick(band, 'image_align', ALIGNS, warnings) ?? 'left',
  };
}

function storedPicture(
  branch: Branch,
  key: string,
  warnings: Warnings,
): Pick<PageBand, 'picture'> & { problem: string | null } {
  const stored = branch.text(key);
  if (stored === null || stored.trim() === '') return { picture: null, problem: null };
  const result = decodePicture(stored.trim());
  if ('picture' in result) return { picture: result.picture, problem: null };
  warnings.add(`${branch.path}.${key}`, result.problem);
  return { picture: null, problem: result.problem };
}

/** `fit` (whole, inside its box), `fill` (covers its box, cut at the edges), `none` (its own size, at most its box). */
function fitOf(word: string | null): ImageFit {
  const bare = word?.trim().toLowerCase() ?? '';
  if (bare === 'cover' || bare === 'stretch') return 'fill';
  return FITS.find((fit) => fit === bare) ?? 'fit';
}

/** The basic sixteen names of CSS and those that reports use most; anything else is written as `#rgb` or `#rrggbb`. */
const NAMED_COLORS: Readonly<Record<string, string>> = {
  black: '#000000',
  silver: '#c0c0c0',
  gray: '#808080',
  grey: '#808080',
  white: '#ffffff',
  maroon: '#800000',
  red: '#ff0000',
  purple: '#800080',
  fuchsia: '#ff00ff',
  green: '#008000',
  lime: '#00ff00',
  olive: '#808000',
  yellow: '#ffff00',
  navy: '#000080',
  blue: '#0000ff',
  teal: '#008080',
  aqua: '#00ffff',
  orange: '#ffa500',
};

/** A colour as `#rrggbb`; null and a warning for what is none. Accepts `#rgb`, `#rrggbb[aa]`, `rgb(r, g, b)`, names. */
function colorOf(branch: Branch, warnings: Warnings): string | null {
  const text = branch.text('color')?.trim().toLowerCase() ?? '';
  if (text === '') return null;
  const named = NAMED_COLORS[text];
  if (named !== undefined) return named;
  const short = /^#?([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  const long = /^#?([0-9a-f]{6})([0-9a-f]{2})?$/.exec(text);
  if (long !== null) return `#${long[1]}`;
  const rgb = /^rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\b[^)]*\)$/.exec(text);
  if (rgb !== null) {
    const parts = rgb.slice(1, 4).map((part) => Math.min(255, Number(part)).toString(16).padStart(2, '0'));
    return `#${parts.join('')}`;
  }
  warnings.add(`${branch.path}.color`, `unknown colour "${text.slice(0, 40)}", default used`);
  return null;
}
