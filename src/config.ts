import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { BroadsheetError, messageOf } from './errors.ts';

const uuid = z.guid();
const positive = z.coerce.number().int().positive();
const megabyte = 1024 * 1024;
const day = 24 * 60 * 60 * 1000;

const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0', 'yes', 'no', ''])])
  .transform((value) => value === true || value === 'true' || value === '1' || value === 'yes');

/** A name, as for tasks: an offset (`+03:00`) has no clock changes, and PostgreSQL reads it the other way round. */
const isTimeZone = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** Every setting, by the name of its environment variable; a YAML file (`CONFIG_FILE`) may hold the same names. */
export const configSchema = z.object({
  DATABASE_URL: z
    .string()
    .refine(
      (url) => /^postgres(ql)?:/.test(url) && URL.canParse(url),
      'postgres://user:password@host:port/database expected',
    )
    .optional()
    .describe('PostgreSQL ≥ 13 of the service itself; without it the embedded server starts'),
  DATA_DIR: z.string().default('./data').describe('Folder of the embedded database, the key file and .eml mails'),
  HOST: z.string().default('127.0.0.1').describe('Address the HTTP server binds to'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port the HTTP server binds to; 0 = any free one'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address under which people reach the service: needed for links in mails'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Mail relay, smtp[s]://user:password@host:port; without it mails are written as .eml files'),
  MAIL_FROM: z.string().min(3).default('Broadsheet <broadsheet@localhost>').describe('Sender of all mails'),
  MAIL_TIMEOUT_MS: positive.default(60_000).describe('Longest wait for any answer of the mail relay'),
  MAIL_ATTEMPTS: positive.max(20).default(5).describe('Tries per recipient before a delivery is FAILED'),
  ATTACHMENT_LIMIT_BYTES: positive
    .default(8 * megabyte)
    .describe('Above this size a signed link is mailed instead of the document'),
  LINK_DAYS: positive.default(7).describe('How long a signed link is good for'),
  INSTANCE_IDS: z
    .string()
    .default('*')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim().toLowerCase())
        .filter(Boolean),
    )
    .pipe(z.union([z.tuple([z.literal('*')]), z.array(uuid).min(1)]))
    .describe('Instance uuids whose report tasks this process runs, comma-separated; * = all'),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'not an IANA time zone')
    .default('UTC')
    .describe('Time zone of tasks that name none'),
  LOCALE: z.enum(['en', 'ru', 'zh']).default('en').describe('Locale of tasks that name none'),
  SECRET_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, '64 hex digits expected')
    .optional()
    .describe('Master key that seals stored secrets; else SECRET_KEY_FILE'),
  SECRET_KEY_FILE: z
    .string()
    .optional()
    .describe('File of the master key, made at first start; default DATA_DIR/secret.key'),
  TRUST_USER_HEADER: z
    .enum(['none', 'loopback'])
    .default('none')
    .describe('loopback: a gateway on this host may send Pgr-User-ID without a key'),
  ALLOW_PRIVILEGED_SOURCES: flag
    .default(false)
    .describe('Accept source logins that are superuser or may run server programs'),
  RUNS_AT_ONCE: positive.max(100).default(2).describe('Runs worked at once per instance uuid'),
  DRAWING_THREADS: z.coerce
    .number()
    .int()
    .min(0)
    .max(64)
    .default(() => Math.min(2, availableParallelism()))
    .describe('Threads that draw documents, so that nothing else waits for them; 0 = drawn between other work'),
  DRAWING_MEMORY_MB: positive.min(64).default(512).describe('Most memory of one drawing thread’s objects'),
  QUERIES_PER_SOURCE: positive.max(100).default(4).describe('Queries at once per source and process'),
  QUERY_TIMEOUT_MS: positive.default(60_000).describe('Longest a report query may run'),
  QUERY_MAX_ROWS: positive.default(100_000).describe('Most rows a report query may return; more are cut and said so'),
  QUERY_MAX_BYTES: positive.default(64 * megabyte).describe('Most bytes a report query may return'),
  RUN_TIMEOUT_MS: positive.default(15 * 60_000).describe('Longest one step of a run may take'),
  GENERATE_WAIT_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5_000)
    .describe('How long an on-demand request waits before it answers 202'),
  ON_DEMAND_AT_ONCE: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(100)
    .describe('Reports on demand, workload reports and snapshots that a user may have under way; 0 = no limit'),
  OCP_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(1200)
    .describe('Requests of one user a minute that a process answers under /api/v2; 0 = no limit'),
  BODY_LIMIT_BYTES: positive.default(10 * megabyte).describe('Largest request body'),
  ANSWER_LIMIT_BYTES: positive
    .default(32 * megabyte)
    .describe('Most bytes of definitions in one answer, and in the dashboard of one report that is printed'),
  CATCH_UP_LIMIT: positive.max(10_000).default(100).describe('Most missed firings made up for by misfire policy all'),
  MISFIRE_GRACE_MS: positive
    .default(60_000)
    .describe('A firing later than this was missed, and the misfire policy applies'),
  DOCUMENT_RETENTION_DAYS: positive.default(90).describe('Documents older than this go, but never the last of a task'),
  RUN_RETENTION_DAYS: positive.default(90).describe('Runs, deliveries and logs older than this go'),
  SNAPSHOT_RETENTION_DAYS: positive
    .default(30)
    .describe('Snapshots of clusters older than this go, but not those of kept workload reports'),
  SAMPLE_RETENTION_DAYS: positive.default(8).describe('Session samples of clusters older than this go'),
  RETENTION_CRON: z.string().default('17 3 * * *').describe('When the retention job runs, UTC'),
  SHUTDOWN_GRACE_MS: positive.default(20_000).describe('How long running steps may finish after SIGTERM'),
  FONT_DIR: z.string().optional().describe('Folder of further TrueType or OpenType fonts'),
  SYSTEM_FONTS: flag
    .default(true)
    .describe(
      'Whether fonts of the machine are used for characters no other font has; then bytes may differ by machine',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged'),
});

export type Config = z.output<typeof configSchema>;

/** Settings whose value must never be printed. */
const SECRET_NAMES = new Set(['SECRET_KEY']);

/**
 * Read the settings: the environment first, then the YAML file that `CONFIG_FILE` names, then defaults.
 * An empty variable counts as unset.
 * @throws BroadsheetError `bad_request` that names each wrong setting, never its value.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const fromFile = env.CONFIG_FILE ? readFile(env.CONFIG_FILE) : {};
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(configSchema.shape)) {
    const value = env[name] === undefined || env[name] === '' ? fromFile[name] : env[name];
    if (value !== undefined && value !== null) values[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const parsed = configSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new BroadsheetError('bad_request', `configuration: ${problems.join('; ')}`);
}

function readFile(path: string): Record<string, unknown> {
  const parsed = parseFile(path);
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new BroadsheetError('bad_request', `configuration file ${path}: a map of settings expected`);
  }
  const unknown = Object.keys(parsed).filter((name) => !(name in configSchema.shape));
  if (unknown.length > 0)
    throw new BroadsheetError('bad_request', `configuration file ${path}: unknown ${unknown.join(', ')}`);
  return parsed as Record<string, unknown>;
}

function parseFile(path: string): unknown {
  try {
    // Loaded where there is a file to read: most have none.
    const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const [problem] = messageOf(cause).split('\n');
    throw new BroadsheetError('bad_request', `configuration file ${path}: ${problem}`, undefined, { cause });
  }
}

/** What was understood, fit to be printed: secrets are `***` and passwords inside URLs are masked. */
export function printableConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, SECRET_NAMES.has(name) ? '***' : maskUrl(value)]),
  );
}

function maskUrl(value: unknown): unknown {
  if (typeof value !== 'string' || !value.includes('://')) return value;
  return value.replace(/:\/\/([^:/?#@]*):[^/?#]*@/, '://$1:***@').replace(/([?&]password=)[^&]*/g, '$1***');
}

/** Milliseconds of a number of days, for the settings that are given in days. */
export const daysInMs = (days: number): number => days * day;
