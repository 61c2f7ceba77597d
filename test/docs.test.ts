import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedDocs } from '../scripts/write-docs.ts';
import { EXIT } from '../src/commands/exit-codes.ts';
import { configSchema } from '../src/config.ts';
import { collectWarnings, isObject } from '../src/definition/lenient.ts';
import { parseWidget } from '../src/definition/parse-widget.ts';
import { parseReportFile } from '../src/definition/report-file.ts';
import { resolvePeriod } from '../src/period/period.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const GUIDES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const blocks = (file: string, language: string): string[] =>
  [...read(file).matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
/** Cells of the table rows of a guide that begin with this pattern. */
const rowsOf = (file: string, first: RegExp): string[][] =>
  read(file)
    .split('\n')
    .filter((line) => first.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test('what is generated is up to date: else run `npm run docs`', async () => {
  const stale = (await generatedDocs()).filter(({ file, content }) => read(`docs/${file}`) !== content);
  expect(stale.map(({ file }) => file)).toEqual([]);
});

describe.each(GUIDES)('%s', (guide) => {
  const text = read(guide);
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');

  test('names only files that are there', () => {
    const cited = [
      ...prose.matchAll(/`((?:src|docs|test|bench|scripts|deploy|drizzle|templates|\.ci)\/[\w./-]*)[^`]*`/g),
    ].map(([, path = '']) => path);
    expect(cited.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('leads only to places that are there', () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [path = '', place] = target.split('#');
        const file = path === '' ? guide : join(dirname(guide), path);
        if (!existsSync(join(ROOT, file))) return true;
        return place !== undefined && !headingsOf(read(file)).includes(place);
      });
    expect(broken).toEqual([]);
  });

  test('names only settings that exist', () => {
    const nodes = ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'];
    const ofTests = ['KUBE_SERVER', 'KUBE_TOKEN', 'PLANTED_RUNS', 'PLANTED_LOG', 'KEEP_REPORTS'];
    const others = ['CONFIG_FILE', 'BASE_IMAGE', 'USER_ID', ...ofTests, ...nodes];
    const named = [...text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name);
    expect(named.filter((name) => !(name in configSchema.shape) && !others.includes(name))).toEqual([]);
  });
});

/** Anchors of the headings, as forges make them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the examples of docs/reports.md', () => {
  const widgets = blocks('docs/reports.md', 'json').flatMap((text) => {
    const value = JSON.parse(text) as Record<string, unknown>;
    return isObject(value.config) || isObject(value.settings) ? [value] : [];
  });

  test('show every kind of widget, and are understood without a warning', () => {
    const warnings = collectWarnings();
    const parsed = widgets.map((widget) => parseWidget(widget, 'widget', warnings));
    expect(warnings.list).toEqual([]);
    const kinds = ['gauge', 'heatmap', 'histogram', 'image', 'metric', 'pie', 'statetimeline', 'table', 'text'];
    expect([...new Set(parsed.map(({ kind }) => kind))].sort()).toEqual([...kinds, 'timeseries', 'toplist']);
    for (const { series } of parsed) {
      expect(series.every(({ source, sql, query }) => source !== '' && (sql !== null || query !== null))).toBe(true);
    }
  });

  test('the report as code is one', () => {
    const [text = ''] = blocks('docs/reports.md', 'yaml');
    const { definition, warnings } = parseReportFile(parse(text));
    expect(warnings).toEqual([]);
    expect(definition.pages.flat()).toHaveLength(3);
  });

  test('every period means what its row says', () => {
    const rows = rowsOf('docs/reports.md', /^\| `\[/);
    expect(rows.length).toBeGreaterThan(10);
    const wall = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    for (const [expression = '', from, to] of rows) {
      const words = JSON.parse(expression.replaceAll('`', '')) as string[];
      const period = resolvePeriod(words, new Date('2026-05-14T08:20:00Z'), 'Europe/Berlin');
      expect([expression, wall.format(period.from), wall.format(period.to)]).toEqual([expression, from, to]);
    }
  });
});

test('the table of exit codes has every code, and no other', () => {
  const codes = rowsOf('docs/operations.md', /^\| \d+ \|/).map(([code]) => Number(code));
  expect([...new Set(codes)].filter((code) => code < 100)).toEqual([...new Set(Object.values(EXIT))]);
});
