import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { marked } from 'marked';
import type { Rows, Value } from '../../src/rows/rows.ts';
import type { TestReport, TestWidget } from '../print/printing.ts';

/**
 * A report as HTML, the way a browser-based tool makes it: a grid of cards in CSS, tables as `<table>`, charts by
 * Vega-Lite as SVG with a theme of their own, the same font, colours and words as ours where HTML has a say. What the
 * browser does with pages is its own.
 */
export function browserPage(report: TestReport): { readonly html: string; readonly charts: readonly BrowserChart[] } {
  const charts: BrowserChart[] = [];
  const page = (report.pages as { widget_id: string; x: number; y: number; w: number; h?: number }[][])[0] ?? [];
  const cards = page.map(({ widget_id, x, y, w, h }) => {
    const widget = report.widgets.find(({ id }) => id === widget_id);
    if (widget === undefined) return '';
    const rows = h === undefined ? '' : `;grid-row:${y + 1}/span ${h}`;
    const place = `grid-column:${x + 1}/span ${w}${rows}`;
    const body = bodyOf(widget, report, charts);
    return `<section class="${widget.kind}" style="${place}"><h2>${escaped(widget.name ?? '')}</h2>${body}</section>`;
  });
  const name = escaped(report.name ?? '');
  const locale = report.locale ?? 'en';
  return {
    charts,
    html: `<!doctype html><html lang="${locale}"><meta charset="utf-8"><title>${name}</title><style>${STYLE}</style>
<body><h1>${name}</h1><main>${cards.join('\n')}</main></body></html>`,
  };
}

export interface BrowserChart {
  readonly id: string;
  readonly spec: Record<string, unknown>;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const font = createRequire(import.meta.url).resolve('@expo-google-fonts/open-sans/package.json');
const face = (weight: number, file: string): string => {
  const data = readFileSync(font.replace('package.json', file)).toString('base64');
  return `@font-face { font-family: 'Open Sans'; font-weight: ${weight}; src: url(data:font/ttf;base64,${data}); }`;
};

const chinese = (weight: number): string => {
  const css = createRequire(import.meta.url).resolve(`@fontsource/noto-sans-sc/${weight}.css`);
  return `@import url(${pathToFileURL(css)});`;
};

const STYLE = `
${chinese(400)}
${chinese(600)}
${face(400, '400Regular/OpenSans_400Regular.ttf')}
${face(600, '600SemiBold/OpenSans_600SemiBold.ttf')}
${face(700, '700Bold/OpenSans_700Bold.ttf')}
body { margin: 0; font: 9pt/1.4 'Open Sans', 'Noto Sans SC', sans-serif; color: #1c2430 }
h1 { font-size: 20pt; margin: 0 0 8pt } h2 { font-size: 10pt; font-weight: 600; margin: 0 0 6pt }
main { display: grid; grid-template-columns: repeat(12, 1fr); grid-auto-rows: minmax(34pt, auto); gap: 12pt }
section { border: 0.75pt solid #dfe3e8; border-radius: 4pt; padding: 10pt; break-inside: avoid }
section { display: flex; flex-direction: column } .chart { flex: 1; min-height: 60pt }
section.table { display: block; break-inside: auto } section.text { border: 0; padding: 0 }
.number { font-size: 26pt; font-weight: 700; line-height: 1.1 } .change { color: #5f6b7a }
table { width: 100%; border-collapse: collapse } thead { display: table-header-group } tr { break-inside: avoid }
th { background: #eef1f5; text-align: left; font-weight: 600 } th, td { padding: 3pt 6pt; border-bottom: 0.5pt solid #dfe3e8 }
.right { text-align: right }
`;

function bodyOf(widget: TestWidget, report: TestReport, charts: BrowserChart[]): string {
  const rows = report.answers?.[widget.sql ?? ''];
  if (widget.kind === 'text') return marked.parse(String(widget.settings?.text ?? ''), { async: false });
  if (rows === undefined || rows instanceof Error) return '';
  if (widget.kind === 'table') return tableOf(rows, report.locale ?? 'en');
  if (widget.kind === 'metric') return numberOf(rows, report.locale ?? 'en');
  charts.push({ id: widget.id, spec: specOf(widget.kind, rows) });
  return `<div class="chart" id="${widget.id}"></div>`;
}

function cellOf(value: Value | undefined, type: string | undefined, locale: string): string {
  if (value === null || value === undefined) return '';
  if (type === 'number') return Number(value).toLocaleString(locale);
  if (type === 'date') return new Date(Number(value)).toISOString().slice(0, 10);
  if (type === 'time') return new Date(Number(value)).toLocaleString(locale, { timeZone: 'Europe/Moscow' });
  return escaped(String(value));
}

function tableOf({ columns, values }: Rows, locale: string): string {
  const align = columns.map(({ type }) => (type === 'number' ? ' class="right"' : ''));
  const head = columns.map(({ name }, at) => `<th${align[at]}>${escaped(name)}</th>`).join('');
  const body = values.map((row) => {
    const cells = row.map((value, at) => `<td${align[at]}>${cellOf(value, columns[at]?.type, locale)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function numberOf({ values }: Rows, locale: string): string {
  const [before, now] = values.map((row) => Number(row.at(-1)));
  const change = ((now ?? 0) / (before ?? 1) - 1) * 100;
  const words = `${change > 0 ? '+' : ''}${change.toFixed(0)}%`;
  return `<div class="number">${(now ?? before ?? 0).toLocaleString(locale)}</div><div class="change">${words}</div>`;
}

/** The columns after the first as one long list of name and value, as Vega-Lite wants them. */
function specOf(kind: string, { columns, values }: Rows): Record<string, unknown> {
  const data = values.flatMap(([x, ...rest]) => rest.map((y, at) => ({ x, y, series: columns[at + 1]?.name })));
  const color = columns.length > 2 ? { color: { field: 'series', type: 'nominal', title: null, sort: null } } : {};
  const shared = { data: { values: data } };
  const y = { field: 'y', type: 'quantitative', title: null };
  if (kind === 'pie') {
    const encoding = { theta: y, color: { field: 'x', type: 'nominal', title: null, sort: null } };
    return { ...shared, mark: { type: 'arc', innerRadius: { expr: 'min(width, height) / 4' } }, encoding };
  }
  const x = { field: 'x', type: kind === 'timeseries' ? 'temporal' : 'nominal', title: null, sort: null };
  if (kind === 'timeseries') return { ...shared, mark: 'line', encoding: { x, y, ...color } };
  return { ...shared, mark: 'bar', encoding: { x: y, y: x, ...color } };
}
