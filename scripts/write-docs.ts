/**
 * Writes what the documentation says of the code from the code itself: docs/openapi.json, docs/report.schema.json and
 * the tables between markers in the guides. test/docs.test.ts fails when one of them is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { configSchema } from '../src/config.ts';
import { reportJsonSchema } from '../src/definition/report-json-schema.ts';
import { createRoutes } from '../src/http/routes.ts';
import { silentLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { packageVersion } from '../src/version.ts';

const DOCS = new URL('../docs/', import.meta.url);

interface GeneratedFile {
  /** Below docs/. */
  readonly file: string;
  readonly content: string;
}

/** Every generated file with the content that it should have now. */
export async function generatedDocs(): Promise<readonly GeneratedFile[]> {
  const api = await describeApi();
  return [
    { file: 'openapi.json', content: api },
    { file: 'report.schema.json', content: `${JSON.stringify(reportJsonSchema(), null, 2)}\n` },
    { file: 'operations.md', content: filled('operations.md', { settings: settingsTable(), metrics: metricsTable() }) },
    { file: 'api.md', content: filled('api.md', endpointTables(JSON.parse(api) as ApiDescription)) },
  ];
}

/** The description of the whole HTTP surface as `/openapi.json` serves it. */
export async function describeApi(): Promise<string> {
  const routes = createRoutes({
    contextOf: (): never => {
      throw new Error('nothing is asked while the API is described');
    },
    workerHealth: () => 'off',
    log: silentLog,
    metrics: createMetrics(),
    version: packageVersion(),
  });
  const response = await routes.request('/openapi.json');
  return `${JSON.stringify(await response.json(), null, 2)}\n`;
}

/** The text of a guide with its marked parts replaced: `<!-- generated: name -->` … `<!-- end -->`. */
function filled(file: string, parts: Readonly<Record<string, string>>): string {
  let text = readFileSync(new URL(file, DOCS), 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const marked = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!marked.test(text)) throw new Error(`docs/${file} has no place for the generated part "${name}"`);
    text = text.replace(marked, (_, begin: string, end: string) => `${begin}${part}\n${end}`);
  }
  return text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

interface Property {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly maximum?: number;
}

function settingsTable(): string {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'output', unrepresentable: 'any' });
  const defaults: Readonly<Record<string, unknown>> = configSchema.parse({});
  const rows = Object.entries(properties).map(([name, property]) => {
    const { description = '', enum: words, maximum } = property as Property;
    const bound = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? ` (at most ${maximum})` : '';
    const choice = words ? `: ${words.map((word) => `\`${word}\``).join(', ')}` : bound;
    return [`\`${name}\``, defaultText(name, defaults[name]), `${description}${choice}`];
  });
  return table(['setting', 'default', 'meaning'], rows);
}

function defaultText(name: string, value: unknown): string {
  if (value === undefined) return '–';
  const text = `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
  if (typeof value !== 'number') return text;
  if (name.endsWith('_BYTES')) return `${text} (${value / 1024 / 1024} MiB)`;
  if (!name.endsWith('_MS')) return text;
  return value < 120_000 ? `${text} (${value / 1000} s)` : `${text} (${value / 60_000} min)`;
}

/** What prom-client's metrics hold, beside what their types tell. */
interface Described {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

function metricsTable(): string {
  const { registry } = createMetrics();
  const rows = registry.getMetricsAsArray().map((metric) => {
    const { name, help, labelNames } = metric as unknown as Described;
    const labels = labelNames.map((label) => `\`${label}\``).join(', ');
    return [`\`${name}\``, metric.constructor.name.toLowerCase(), labels || '–', help];
  });
  return table(['metric', 'kind', 'labels', 'meaning'], rows);
}

interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>;
}

const FAMILY = '/cruddy/v2';
const OCP = '/api/v2';
/** The family's usual endpoints: column → method and what follows the noun's path. */
const USUAL: Readonly<Record<string, string>> = {
  create: 'post /create',
  update: 'put /update',
  mass_update: 'post /mass_update',
  search: 'post /search',
  get: 'get /{id}',
  delete: 'delete /{id}',
  _meta: 'get /_meta',
};

function endpointTables({ paths }: ApiDescription): { usual: string; ocp: string; others: string } {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '' }]) => ({ path, method, summary })),
  );
  const nouns = new Map<string, Set<string>>();
  const others: string[][] = [];
  const ocp: string[][] = [];
  for (const { path, method, summary } of operations) {
    const [name, ending] = Object.entries(USUAL)
      .map(([column, usual]) => [column, usual.split(' ')] as const)
      .filter(
        ([, [usualMethod, tail = '']]) => path.startsWith(FAMILY) && method === usualMethod && path.endsWith(tail),
      )
      .map(([column, [, tail = '']]) => [column, tail] as const)[0] ?? [null, ''];
    const list = path.startsWith(OCP) ? ocp : others;
    if (name === null) list.push([`\`${method.toUpperCase()} ${path}\``, summary]);
    else {
      const noun = path.slice(FAMILY.length, -ending.length);
      nouns.set(noun, (nouns.get(noun) ?? new Set()).add(name));
    }
  }
  const columns = Object.keys(USUAL);
  const rows = [...nouns].map(([noun, has]) => [
    `\`${noun}\``,
    ...columns.map((column) => (has.has(column) ? '✓' : '–')),
  ]);
  return {
    usual: table(['noun', ...columns], rows),
    ocp: table(['endpoint', 'what it does'], ocp),
    others: table(['endpoint', 'what it does'], others),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, content } of await generatedDocs()) writeFileSync(new URL(file, DOCS), content);
}
