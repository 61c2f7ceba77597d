import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../../src/operations/context.ts';
import { createCluster } from '../../../src/operations/fleet/create-cluster.ts';
import { fireDueTasks } from '../../../src/operations/report-tasks/fire-due-tasks.ts';
import { drawDocument } from '../../../src/operations/runs/draw-document.ts';
import { createPrint } from '../../../src/operations/runs/print-report.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { createTypesetter } from '../../../src/scene/typesetter.ts';
import { postgresChunks } from '../../../src/store/blobs/postgres-chunks.ts';
import { clusters } from '../../../src/store/schema/fleet.ts';
import { runs } from '../../../src/store/schema/runs.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { prepareSnapshot } from '../../harness/prepared-snapshots.ts';
import { type Client, cruddyClient } from '../../http/cruddy/client.ts';
import { textOf } from '../../print/printing.ts';
import { until, workerOf } from '../../tasks/engine.ts';
import { postOf } from '../deliveries/post-of.ts';

/**
 * A report task of Monday at 6 whose workload widget covers the day before, in Berlin, where 25 October 2026 has 25 hours.
 * Counters of the prepared snapshots grow by one transaction a second, so that figures tell which snapshots were taken.
 */
const HOUR = 3_600_000;
const MONDAY_AT_6 = new Date('2026-10-26T05:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'broadsheet-schedule-'));
const typesetter = createTypesetter({ fontDir: null });

let client: Client;
let ctx: Ctx;
let worker: Worker;

beforeAll(async () => {
  client = await cruddyClient();
  ctx = testCtx({
    db: client.database.db,
    clock: client.clock,
    config: testConfig({ DATA_DIR: folder }),
  });
  const parts = {
    blobs: postgresChunks,
    print: createPrint({
      draw: (drawing, signal) => drawDocument(drawing, { typesetter, signal }),
      readersOf: () => () => Promise.reject(new Error('no source is read')),
    }),
    post: postOf(ctx),
  };
  worker = workerOf(client.database, createRunHandlers(ctx, parts));
  await worker.start();
});

afterAll(async () => {
  await worker.stop(1000);
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A cluster with a snapshot at every instant given; one transaction a second since the first of October. */
async function watched(name: string, instants: readonly string[]): Promise<number> {
  const { id } = await createCluster({ ctx, input: { name, kind: 'POSTGRESQL', url: 'postgres://m@127.0.0.1:1/app' } });
  for (const instant of instants) {
    const at = new Date(instant);
    await prepareSnapshot(ctx, { clusterId: id, at, commits: (at.getTime() - Date.UTC(2026, 9, 1)) / 1000 });
  }
  return id;
}

const hourly = (from: string, to: string): string[] => {
  const instants: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += HOUR) instants.push(new Date(at).toISOString());
  return instants;
};

/** A report of a text and the workload of a cluster, and its task; all by HTTP. */
async function defineTask(clusterId: number, recipient: string): Promise<string> {
  const period = ['now-1d/d', 'now-1d/d'];
  const { body: dashboard } = await client.call('POST', '/dashboards/create', { name: recipient, config: { period } });
  const widgetOf = async (kind: string, settings: object): Promise<string> => {
    const config = { type: kind, settings: { kind, base: {}, settings, mappings: {} }, series: [] };
    return (await client.call('POST', '/widgets/create', { name: kind, dashboard_id: dashboard.id, config })).body.id;
  };
  const ids = [
    await widgetOf('text', { text: 'Sunday' }),
    await widgetOf('workload', { cluster_id: clusterId, sections: ['header', 'load-profile'] }),
  ];
  const items = ids.map((widget_id, index) => ({ widget_id, x: 0, y: index * 4, w: 12, h: 4 }));
  const { body: report } = await client.call('POST', '/reports/create', {
    name: 'The day before',
    dashboard_id: dashboard.id,
    config: { pages: [items] },
    settings: { general: { period } },
  });
  const { body: task } = await client.call('POST', '/report_tasks/create', {
    interval: '0 6 * * 1',
    time_zone: 'Europe/Berlin',
    report_id: report.id,
    instance: randomUUID(),
    recipients: { to: [recipient], cc: [], bcc: [] },
  });
  return task.id;
}

/** Fires what is due on Monday at 6 and waits for the task's run. */
async function runOnMonday(taskId: string) {
  client.clock.set(MONDAY_AT_6);
  await fireDueTasks({ ctx });
  return until(
    async () => (await client.database.db.select().from(runs).where(eq(runs.taskId, taskId)))[0],
    (run) => run !== undefined && !['QUEUED', 'RUNNING'].includes(run.state),
    120_000,
  );
}

async function mailed(recipient: string): Promise<string> {
  for (const name of readdirSync(join(folder, 'mail'))) {
    const letter = await PostalMime.parse(readFileSync(join(folder, 'mail', name)));
    if (!letter.to?.some(({ address }) => address === recipient)) continue;
    const pdf = letter.attachments.find(({ mimeType }) => mimeType === 'application/pdf');
    return textOf(new Uint8Array(pdf?.content as ArrayBuffer));
  }
  throw new Error(`no mail to ${recipient}`);
}

/** The total of transactions: the first figure of the load profile. */
const transactions = (text: string): number =>
  Number(/Total\D*([\d,.]+)/.exec(text)?.[1]?.replaceAll(',', '') ?? Number.NaN);

describe('a report task with the workload of the day before', () => {
  test('takes the last snapshots at or before midnight and midnight: 25 hours when the clock goes back', async () => {
    client.clock.set(new Date('2026-10-22T00:00:00Z'));
    // Midnight in Berlin is 22:00 UTC before that day and 23:00 UTC after it.
    const clusterId = await watched('long day', hourly('2026-10-24T18:01:00Z', '2026-10-26T04:01:00Z'));
    const run = await runOnMonday(await defineTask(clusterId, 'long@example.test'));
    expect(run).toMatchObject({ state: 'SUCCESSFUL', scheduledFor: MONDAY_AT_6 });
    const text = await mailed('long@example.test');
    expect(text.indexOf('Sunday')).toBeLessThan(text.indexOf('Load profile'));
    expect(transactions(text)).toBe(25 * 3600);
    // By the task's clock, both at 23:01: summer time at the start, winter time at the end.
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(/24 Oct 2026, 23:01:00 – 25 Oct 2026, 23:01:00/);
  });

  test('a snapshot at the boundary itself is taken; without one before it, the first after it', async () => {
    client.clock.set(new Date('2026-10-22T00:00:00Z'));
    const instants = ['2026-10-24T22:40:00Z', '2026-10-25T10:00:00Z', '2026-10-25T23:00:00Z', '2026-10-25T23:00:01Z'];
    const clusterId = await watched('late start', instants);
    const run = await runOnMonday(await defineTask(clusterId, 'late@example.test'));
    expect(run?.state).toBe('SUCCESSFUL');
    expect(transactions(await mailed('late@example.test'))).toBe((24 * 60 + 20) * 60);
  });

  test('says so where there are no two snapshots, and is partial', async () => {
    client.clock.set(new Date('2026-10-22T00:00:00Z'));
    const clusterId = await watched('one snapshot', ['2026-10-25T10:00:00Z', '2026-10-26T01:00:00Z']);
    const run = await runOnMonday(await defineTask(clusterId, 'one@example.test'));
    expect(run).toMatchObject({ state: 'PARTIAL' });
    expect(run?.widgets).toContainEqual(
      expect.objectContaining({ message: 'the cluster "one snapshot" has no two snapshots in the period' }),
    );
    expect(await mailed('one@example.test')).toContain('Sunday');
  });
});

test('a widget of the kind workload is created, changed and read back unchanged', async () => {
  const [cluster] = await client.database.db.select().from(clusters).limit(1);
  const { body: dashboard } = await client.call('POST', '/dashboards/create', { name: 'Read back', config: {} });
  const config = (sections: readonly string[]) => ({
    type: 'workload',
    settings: {
      kind: 'workload',
      base: { name: 'Workload', showHeading: true },
      settings: { cluster_id: cluster?.id, sections, something_newer: { kept: [1, null, 'ü'] } },
      mappings: {},
    },
    series: [],
  });
  const body = { name: 'Workload', dashboard_id: dashboard.id, config: config(['load-profile']) };
  const created = await client.call('POST', '/widgets/create', body);
  expect(created.status).toBe(201);
  const path = `/widgets/${created.body.id}`;
  expect((await client.call('GET', path)).body).toMatchObject({ name: 'Workload', config: body.config });
  const changed = { id: created.body.id, config: config([]) };
  expect((await client.call('PUT', '/widgets/update', changed)).status).toBe(200);
  expect((await client.call('GET', path)).body.config).toEqual(changed.config);
});
