import { setTimeout as pause } from 'node:timers/promises';
import { BroadsheetError } from '../../errors.ts';
import { createdSchema, type DemoRun, foundSchema, runSchema, startedSchema } from './schemas.ts';

const CALL_TIMEOUT_MS = 30_000;

/** A client of the cruddy v2 API, as any user would write one: the demo does nothing that they could not. */
export interface DemoClient {
  post(path: string, body: unknown): Promise<{ id: string }>;
  put(path: string, body: unknown): Promise<{ id: string }>;
  /** Ids of the objects of exactly this name. */
  idsNamed(path: string, name: string): Promise<string[]>;
  remove(path: string, id: string): Promise<void>;
  /** Fire a report task; the id of its run. */
  run(taskId: string): Promise<string>;
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
    run: async (taskId) =>
      startedSchema.parse(await (await call('POST', `/report_tasks/${taskId}/run`, {})).json()).run_id,
    put: async (path, body) => createdSchema.parse(await (await call('PUT', path, body)).json()),
    idsNamed: async (path, name) => {
      const filters = [{ field: 'name', type: 'equal', value: name }];
      const found = await call('POST', `${path}/search`, { include_fields: ['id'], filters });
      return foundSchema.parse(await found.json()).objects.map((object) => object.id);
    },
    remove: async (path, id) => {
      await call('DELETE', `${path}/${id}`);
    },
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
