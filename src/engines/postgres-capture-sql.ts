import { BroadsheetError } from '../errors.ts';
import type { ServerText, SnapshotPart } from '../rows/snapshot.ts';
import type { CaptureSession } from './postgres-capture-session.ts';
import { CAPTURE_STATEMENTS } from './postgres-capture-statements.ts';
import { withoutSecrets } from './postgres-capture-texts.ts';
import { forMajor } from './postgres-capture-versions.ts';
import { encodeParameter } from './postgres-values.ts';
import type { CaptureRequest } from './watch.ts';

/** Where pg_stat_statements lives: its columns follow the version of the extension, not of the server. */
export interface StatementSource {
  readonly schema: string;
  readonly version: string;
  /** The server version whose columns the extension has. */
  readonly major: number;
}

const EXTENSION_MAJORS: readonly (readonly [minor: number, major: number])[] = [
  [12, 18],
  [11, 17],
  [10, 15],
  [9, 14],
  [8, 13],
];
const TEXTS_AT_ONCE = 10_000;

/**
 * Looks for the extension in the database of the session; null when it is not there.
 * @throws Error when the extension is too old; its message says what to do.
 */
export async function findStatementSource(session: CaptureSession): Promise<StatementSource | null> {
  const text = `SELECT n.nspname::text, e.extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_stat_statements'`;
  const { rows } = await session.read('stmt_source', '', text);
  const [row] = rows;
  if (row === undefined) return null;
  const version = String(row[1]);
  const [first = 0, minor = 0] = version.split('.').map(Number);
  const major = first > 1 ? 18 : EXTENSION_MAJORS.find(([least]) => minor >= least)?.[1];
  if (major === undefined) {
    throw new Error(`pg_stat_statements ${version} is too old: ALTER EXTENSION pg_stat_statements UPDATE`);
  }
  return { schema: String(row[0]), version, major };
}

/**
 * Read the statements' counters, and the texts of those that are not known yet.
 * @throws the server's error, e.g. when the extension is not preloaded.
 */
export async function readStatements(
  session: CaptureSession,
  source: StatementSource,
  knows: CaptureRequest['knows'],
): Promise<{ parts: readonly SnapshotPart[]; texts: readonly ServerText[] }> {
  const schema = `"${source.schema.replaceAll('"', '""')}"`;
  const qualified = (text: string): string =>
    text.replaceAll(/\bpg_stat_statements(_info)?\b/g, (name) => `${schema}.${name}`);
  const parts: SnapshotPart[] = [];
  for (const statement of CAPTURE_STATEMENTS) {
    if (statement.scope !== 'statements' || source.major < (statement.since ?? 0)) continue;
    parts.push(await session.read(statement.view, '', qualified(forMajor(statement.text, source.major))));
  }
  const statements = parts.find(({ view }) => view === 'statements');
  const unknown = statements === undefined ? [] : unknownIds(statements, knows);
  return { parts, texts: unknown.length === 0 ? [] : await readTexts(session, qualified, unknown) };
}

function unknownIds(statements: SnapshotPart, knows: CaptureRequest['knows']): string[] {
  const at = statements.columns.findIndex(({ name }) => name === 'queryid');
  const ids = new Set(statements.rows.map((row) => String(row[at])));
  return [...ids].filter((key) => !knows({ kind: 'sql', scope: '', key })).slice(0, TEXTS_AT_ONCE);
}

async function readTexts(
  session: CaptureSession,
  qualified: (text: string) => string,
  ids: readonly string[],
): Promise<readonly ServerText[]> {
  const text = qualified(`SELECT DISTINCT ON (queryid) queryid::text, left(query, 20000), length(query)
    FROM pg_stat_statements(true) WHERE queryid = ANY ($1::bigint[]) ORDER BY queryid, calls DESC`);
  try {
    const { rows } = await session.read('statement_texts', '', text, [encodeParameter(ids)]);
    return rows.flatMap(([id, query, length]) =>
      typeof query === 'string'
        ? [
            {
              kind: 'sql' as const,
              scope: '',
              key: String(id),
              text: withoutSecrets(query),
              fullLength: Number(length),
            },
          ]
        : [],
    );
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    // Counters without texts are better than none; the next capture asks for the texts again.
    return [];
  }
}
