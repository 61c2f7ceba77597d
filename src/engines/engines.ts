import { badRequest } from '../errors.ts';
import type { Engine } from './engine.ts';
import { postgresEngine } from './postgres.ts';

const ENGINES: readonly Engine[] = [postgresEngine];

/** @throws BroadsheetError `bad_request` for a kind that no engine has. */
export function engineOfKind(kind: string): Engine {
  const engine = ENGINES.find((entry) => entry.kind === kind);
  if (engine === undefined)
    throw badRequest(`unknown source kind; known are ${ENGINES.map((entry) => entry.kind).join(', ')}`);
  return engine;
}

/** @throws BroadsheetError `bad_request` for a URL scheme that no engine has. The message never holds the URL. */
export function engineOfUrl(url: string): Engine {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase();
  const engine = ENGINES.find((entry) => scheme !== undefined && entry.schemes.includes(scheme));
  if (engine === undefined) {
    throw badRequest(`source URL: it must begin with ${ENGINES.flatMap((entry) => entry.schemes).join('// or ')}//`);
  }
  return engine;
}
