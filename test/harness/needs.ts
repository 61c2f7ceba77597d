import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { describe, inject, test } from 'vitest';

/** A program that npm does not bring, how it is found, and the Debian packages it comes from. */
interface Tool {
  readonly command: readonly string[];
  readonly packages: string;
}

const TOOLS = {
  pdftotext: { command: ['pdftotext', '-v'], packages: 'poppler-utils' },
  pdftoppm: { command: ['pdftoppm', '-v'], packages: 'poppler-utils' },
  pdffonts: { command: ['pdffonts', '-v'], packages: 'poppler-utils' },
  pdfimages: { command: ['pdfimages', '-v'], packages: 'poppler-utils' },
  qpdf: { command: ['qpdf', '--version'], packages: 'qpdf' },
  postfix: { command: ['/usr/sbin/postconf', 'mail_version'], packages: 'postfix sasl2-bin' },
  'smtp-sink': { command: ['sh', '-c', 'command -v smtp-sink || test -x /usr/sbin/smtp-sink'], packages: 'postfix' },
  verapdf: {
    command: ['sh', '-c', 'command -v java && ls node_modules/.cache/verapdf/classes/Validate.class'],
    packages: 'default-jdk-headless maven, then test/verapdf/install.sh',
  },
  openssl: { command: ['openssl', 'version'], packages: 'openssl' },
  chromium: { command: ['chromium', '--version'], packages: 'chromium' },
  postgresql: {
    command: ['sh', '-c', 'ls /usr/lib/postgresql/*/bin/pg_ctl'],
    packages: 'postgresql postgresql-contrib',
  },
  'postgres-versions': {
    command: ['sh', '-c', 'ls node_modules/.cache/postgres-versions/installed.json'],
    packages: 'PostgreSQL 13, 14, 16 and 17: test/postgres-versions/install.sh, on Linux on x64',
  },
  pgbench: {
    command: ['sh', '-c', 'ls /usr/lib/postgresql/*/bin/pgbench'],
    packages: 'postgresql-contrib',
  },
  'ordinary user': {
    command: ['sh', '-c', 'test "$(id -u)" = 0 && grep -q ^nobody: /etc/passwd'],
    packages: 'root, and a user nobody to drop to',
  },
  kube: {
    command: ['sh', '-c', 'test -n "$KUBE_SERVER" && command -v kubectl'],
    packages: 'kubectl and an API server named by KUBE_SERVER',
  },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

const found = new Map<ToolName, boolean>();

function isThere(name: ToolName): boolean {
  let there = found.get(name);
  if (there === undefined) {
    const [program = '', ...args] = TOOLS[name].command;
    there = spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
    found.set(name, there);
  }
  return there;
}

/**
 * Instead of `describe`, for a suite that needs programs npm does not bring: it runs when they are there; else it is
 * skipped and named at the end of the run, with what is missing. With REQUIRE_ALL_SUITES=1 a
 * missing program fails it, unless SUITES_NOT_REQUIRED (comma-separated) names the program.
 *
 * `needs('pdftotext', 'qpdf')('the printed document', () => { test(…) })`
 */
export function needs(...tools: readonly ToolName[]): (name: string, suite: () => void) => void {
  const missing = tools.filter((tool) => !isThere(tool));
  return (name, suite) => {
    if (missing.length === 0) {
      describe(name, suite);
      return;
    }
    const wanted = missing.map((tool) => `${tool} (${TOOLS[tool].packages})`).join(', ');
    const excused = (process.env.SUITES_NOT_REQUIRED ?? '').split(',');
    if (process.env.REQUIRE_ALL_SUITES === '1' && missing.some((tool) => !excused.includes(tool))) {
      describe(name, () => {
        test('has what it needs', () => {
          throw new Error(`this suite needs ${wanted}`);
        });
      });
      return;
    }
    appendFileSync(inject('skippedSuites'), `${JSON.stringify({ name, wanted })}\n`);
    describe.skip(name, suite);
  };
}
