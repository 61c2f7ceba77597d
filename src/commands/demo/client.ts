import { setTimeout as pause } from 'node:timers/promises';
import { BroadsheetError } from '../../errors.ts';
import { createdSchema, type DemoRun, runSchema } from './schemas.ts';

const CALL_TIMEOUT_MS = 30_000;

/** A client of the cruddy v2 API, as any user would write one: the demo does nothing that they could not. */
export interface DemoClient {
  post(path: string, body: unknown): Promise<{ id: string }>;
  /** Polls a run until it has ended. @throws BroadsheetError `timeout` */
  runEnded(id: string, timeoutMs: number): Promise<DemoRun>;
  file(documentId: string): Promise<{ bytes: Uint8Array; name: string }>;
}

export function createDemoClient(origin: string, key: string, userId: string): DemoClient {
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${origin}/cruddy/v2${path}`, {
      method,
      headers: { PgrApiKey: key, 'Pgr-User-ID': userId, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new BroadsheetError(
        'unavailable',
        `${method} ${path} answered ${response.status}: ${await response.text()}`,
      );
    }
    return response;
  };
  return {
    post: async (path, body) => createdSchema.parse(await (await call('POST', path, body)).json()),
    runEnded: async (id, timeoutMs) => {
      const until = performance.now() + timeoutMs;
      while (performance.now() < until) {
        const run = runSchema.parse(await (await call('GET', `/runs/${id}`)).json());
        if (run.state !== 'QUEUED' && run.state !== 'RUNNING') return run;
        await pause(100);
      }
      throw new BroadsheetError('timeout', `run ${id} has not ended after ${timeoutMs} ms`);
    },
    file: async (documentId) => {
      const response = await call('GET', `/reports/archive/${documentId}/file`);
      const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      return { bytes: new Uint8Array(await response.arrayBuffer()), name: name ?? `${documentId}.pdf` };
    },
  };
}
