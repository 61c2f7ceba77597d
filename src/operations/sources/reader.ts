import type { Config } from '../../config.ts';
import type { EngineConnection } from '../../engines/engine.ts';
import { engineOfUrl } from '../../engines/engines.ts';
import { BroadsheetError } from '../../errors.ts';
import type { Catalogue, SourceReader } from '../../query/statement.ts';

/** The settings that bound the reads of a source. */
export type ReadSettings = Pick<
  Config,
  'ALLOW_PRIVILEGED_SOURCES' | 'QUERIES_PER_SOURCE' | 'QUERY_TIMEOUT_MS' | 'QUERY_MAX_ROWS' | 'QUERY_MAX_BYTES'
>;

/** A reader with its connections. */
export interface OpenReader {
  readonly reader: SourceReader;
  /** Lets go of idle connections now and of others when their reads end. Reads keep working, at a connection each. */
  close(): Promise<void>;
}

const CATALOGUE_MS = 30_000;
const CATALOGUE_TIMEOUT_MS = 30_000;

/**
 * A reader of the database at `url`: for sources of the store, and for commands that have none. No connection is made
 * before the first read. At most `queries` of its reads run at once; the others wait in order.
 * @throws BroadsheetError `bad_request` for a URL that no engine can use.
 */
export function openReader(url: string, config: ReadSettings, queries = config.QUERIES_PER_SOURCE): OpenReader {
  const engine = engineOfUrl(url);
  const connection = engine.connect(url, {
    connections: queries,
    allowPrivileged: config.ALLOW_PRIVILEGED_SOURCES,
    applicationName: 'broadsheet',
  });
  const bounds = {
    timeoutMs: config.QUERY_TIMEOUT_MS,
    maxRows: config.QUERY_MAX_ROWS,
    maxBytes: config.QUERY_MAX_BYTES,
  };
  return {
    reader: {
      dialect: engine.dialect,
      catalogue: keptCatalogue(connection),
      read: (statement, signal) => connection.read(statement, bounds, signal),
    },
    close: () => connection.close(),
  };
}

/** The catalogue, asked for once for all widgets of a report: kept for half a minute. */
function keptCatalogue(connection: EngineConnection): SourceReader['catalogue'] {
  let kept: { readonly until: number; readonly catalogue: Promise<Catalogue> } | null = null;
  return (signal) => {
    if (kept === null || performance.now() > kept.until) {
      // Several readers may wait for it, so none of their signals may end it.
      const catalogue = connection.catalogue(AbortSignal.timeout(CATALOGUE_TIMEOUT_MS));
      const mine = { until: performance.now() + CATALOGUE_MS, catalogue };
      kept = mine;
      catalogue.catch(() => {
        if (kept === mine) kept = null;
      });
    }
    return unlessAborted(kept.catalogue, signal);
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new BroadsheetError('canceled', 'the read of the source was canceled'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
