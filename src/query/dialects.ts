import { BroadsheetError } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import { postgresDialect } from './postgres-dialect.ts';

const DIALECTS: readonly Dialect[] = [postgresDialect];

/** @throws BroadsheetError `unprocessable` for a key that no dialect has. */
export function dialectOf(key: string): Dialect {
  const dialect = DIALECTS.find((entry) => entry.key === key);
  if (dialect === undefined) throw new BroadsheetError('unprocessable', `no SQL dialect for ${key}`);
  return dialect;
}
