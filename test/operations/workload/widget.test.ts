import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseReport } from '../../../src/definition/parse-report.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { drawDocument } from '../../../src/operations/runs/draw-document.ts';
import { makeDocument } from '../../../src/operations/runs/make-document.ts';
import { workloadReader } from '../../../src/operations/workload/read-workload.ts';
import { createTypesetter } from '../../../src/scene/typesetter.ts';
import { createSecrets } from '../../../src/secrets.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { startClusterWorker, takeSnapshot } from '../../harness/cluster.ts';
import { createUser, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { startWatchedServer, type WatchedServer, watchableServers } from '../../harness/watched-server.ts';
import { textOf } from '../../print/printing.ts';

let database: TestDatabase;
let ctx: Ctx;
let worker: Worker;
let server: WatchedServer;
let clusterId: number;

beforeAll(async () => {
  database = await testDatabase();
  ctx = testCtx({ db: database.db, clock: database.clock, secrets: createSecrets(randomBytes(32)) });
  worker = await startClusterWorker(ctx, database);
  const [first] = watchableServers();
  server = await startWatchedServer(first?.bin ?? '');
  clusterId = (await createCluster({ ctx, input: { name: 'main', kind: 'POSTGRESQL', url: server.url } })).id;
  await takeSnapshot(ctx, database, clusterId);
  await server.sql.unsafe('create table orders as select n from generate_series(1, 5000) n');
  await takeSnapshot(ctx, database, clusterId);
});

afterAll(async () => {
  await worker.stop(1000);
  await server.remove();
  await database.close();
});

const typesetter = createTypesetter({ fontDir: null });

/** A report of a text, a workload widget and another text, printed in the name of `actor`. */
function printed(settings: Record<string, unknown>, actor = ctx.actor) {
  const widget = (id: string, kind: string, given: Record<string, unknown>) => ({
    id,
    name: '',
    config: { settings: { kind, base: {}, settings: given, mappings: {} }, series: [] },
  });
  const widgets = [
    widget('a', 'text', { text: 'Above the workload' }),
    widget('w', 'workload', settings),
    widget('b', 'text', { text: 'Below the workload' }),
  ];
  const { definition } = parseReport({ report: { id: randomUUID(), name: 'Monday' }, dashboard: {}, widgets });
  return makeDocument({
    definition,
    at: new Date(),
    timeZone: 'UTC',
    locale: 'en',
    period: ['now-1h', 'now'],
    readers: () => Promise.reject(new Error('no source is read')),
    workload: workloadReader(ctx, [{ actor, title: 'the report’s owner' }]),
    draw: (drawing, signal) => drawDocument(drawing, { typesetter, signal }),
    ids: {},
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onDefect: (_, error) => {
      throw error;
    },
  });
}

const textOfFirst = ({ files }: Awaited<ReturnType<typeof printed>>): string =>
  textOf(files[0]?.bytes ?? new Uint8Array());

describe('a workload widget', () => {
  test('becomes chapters between what stands above and below it', async () => {
    const made = await printed({ cluster_id: clusterId });
    const text = textOfFirst(made);
    const places = ['Above the workload', 'Load profile', 'Below the workload'].map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    // A list that ends in "Other" counts as truncated.
    expect(made.widgets.filter(({ state }) => state !== 'ok' && state !== 'truncated')).toEqual([]);
  });

  test('prints the sections it names', async () => {
    const made = await printed({ cluster_id: 'main', sections: ['load-profile'] });
    expect(made.widgets.map(({ widget_id }) => widget_id)).toEqual(['a', 'load-profile', 'b']);
  });

  test('says what is wrong: unknown cluster, no cluster, no right', async () => {
    const stranger = await createUser(database.db);
    const cases = [
      await printed({ cluster_id: 999 }),
      await printed({}),
      await printed({ cluster_id: clusterId }, stranger),
    ];
    expect(cases.map(({ widgets }) => widgets.find(({ widget_id }) => widget_id === 'w')?.message)).toEqual([
      'there is no cluster "999"',
      'the widget names no cluster: settings.cluster_id',
      'the report’s owner may not read the cluster "main"',
    ]);
  });
});
