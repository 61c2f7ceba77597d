/**
 * The import rule of docs/architecture.md: which room may import which, and where heavy packages live. Ends with 1 when
 * it is broken, when suspiciously few modules were seen (a parser that fails sees none, and finds nothing wrong), or
 * when the violations planted in test/fixtures/import-rule are not reported.
 */
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

const MODULE_FLOOR = 350;

const EFFECTS = ['log', 'clock', 'metrics', 'secrets'];
const PIPELINE = ['rows', 'period', 'definition', 'query', 'workload', 'charts', 'scene', 'print'];

/** Room → the rooms it may import, besides itself and `errors`. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  main: ['commands'],
  app: ['config', 'version', 'http', 'operations', 'tasks', 'engines', 'store', 'deliver', ...PIPELINE, ...EFFECTS],
  commands: ['app', 'config', 'version', 'operations', ...EFFECTS],
  http: ['operations', ...EFFECTS],
  operations: ['config', 'version', 'tasks', 'engines', 'store', 'deliver', ...PIPELINE, ...EFFECTS],
  tasks: ['store', ...EFFECTS],
  print: ['scene', 'rows'],
  scene: ['charts', 'definition', 'rows'],
  charts: ['definition', 'period', 'rows'],
  workload: ['definition', 'period', 'rows'],
  query: ['definition', 'period', 'rows'],
  period: [],
  definition: [],
  rows: [],
  engines: ['query', 'rows', ...EFFECTS],
  store: ['config', ...EFFECTS],
  deliver: ['config', ...EFFECTS],
  config: [],
  version: [],
  errors: [],
  log: [],
  clock: [],
  metrics: [],
  secrets: [],
};

/** Package → the only rooms that may import it. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  '@hono/node-server': ['http'],
  '@hono/zod-openapi': ['http'],
  '@scalar/api-reference': ['http'],
  commander: ['commands'],
  croner: ['period'],
  cronstrue: ['period'],
  'drizzle-orm': ['store', 'operations', 'tasks'],
  fontkit: ['scene'],
  hono: ['http'],
  '@hyzyla/pdfium': ['print'],
  marked: ['scene'],
  mustache: ['deliver'],
  nodemailer: ['deliver'],
  pdfkit: ['print'],
  pngjs: ['print'],
  'pg-boss': ['tasks'],
  pino: ['log'],
  postgres: ['store', 'engines', 'tasks'],
  'prom-client': ['metrics'],
  vega: ['scene'],
  'vega-lite': ['scene'],
  yaml: ['commands', 'config'],
};

/** Schemas are written where data comes in: in these rooms, and in files of that name. */
const ZOD_HOMES = ['^src/config\\.ts$', '^src/definition/', '(^|/)schemas\\.ts$'];

const inRoom = (room: string): string => `^src/${room}(/|\\.ts$)`;
const anyOf = (patterns: readonly string[]): string => patterns.join('|') || '^$';

function rules(): IForbiddenRuleType[] {
  const rooms = Object.entries(ROOMS).map(
    ([room, allowed]): IForbiddenRuleType => ({
      name: `${room} imports only ${[...allowed, 'errors'].join(', ')}`,
      severity: 'error',
      from: { path: inRoom(room) },
      to: { path: '^src/', pathNot: anyOf([room, 'errors', ...allowed].map(inRoom)) },
    }),
  );
  const homes = Object.entries(HOMES).map(
    ([name, home]): IForbiddenRuleType => ({
      name: `${name} lives in ${home.join(', ')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: anyOf(home.map(inRoom)) },
      to: { path: `(^|/)node_modules/${name}/` },
    }),
  );
  return [
    ...rooms,
    ...homes,
    {
      name: 'every file of src belongs to a room of the table',
      severity: 'error',
      from: { path: '^src/', pathNot: anyOf(Object.keys(ROOMS).map(inRoom)) },
      to: {},
    },
    {
      name: 'schemas are written in config, definition and schemas.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: anyOf(ZOD_HOMES) },
      to: { path: '(^|/)node_modules/zod/' },
    },
    {
      name: 'the product knows no tests, benches or scripts',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'what is imported is there',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ];
}

async function check(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(
    ['src'],
    {
      baseDir,
      parser: 'swc',
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      validate: true,
      ruleSet: { forbidden: rules() },
    },
    {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
    },
  );
  return output as ICruiseResult;
}

const root = process.cwd();
const project = await check(root);
const planted = await check(`${root}/test/fixtures/import-rule`);
const modules = project.modules.filter((module) => module.source.startsWith('src/')).length;
const problems = project.summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`);
if (modules < MODULE_FLOOR) problems.push(`only ${modules} modules were seen, at least ${MODULE_FLOOR} are there`);
const found = planted.summary.violations.map(({ rule }) => rule.name.split(' ')[0]);
for (const expected of ['charts', 'postgres']) {
  if (!found.includes(expected)) problems.push(`the planted violation of ${expected} was not reported`);
}
for (const problem of problems) console.error(problem);
console.log(
  `import rule: ${modules} modules, ${project.summary.totalDependenciesCruised} imports, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
