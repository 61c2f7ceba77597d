import { createRoute, z } from '@hono/zod-openapi';
import { createWorkloadReport } from '../../operations/workload/create-report.ts';
import {
  deleteWorkloadReport,
  keepWorkloadReport,
  listWorkloadReports,
  openWorkloadReport,
  sortableReportColumns,
} from '../../operations/workload/reports.ts';
import { sendDocument } from '../send-document.ts';
import type { Family } from './family.ts';
import { bool, checkedParameters, long, pageOf, pageQuery, sortQuery, wordList } from './parameters.ts';
import { queryOf } from './receive.ts';
import { ocpReply, pageModel, voidReply } from './replies.ts';
import { acceptsPdf, reportModel, reportShape } from './workload-report-shape.ts';

const tags = ['workload'];
const path = '/ob/clusters/{id}/performance/workload/reports';
const params = z.object({ id: long() });
const oneParams = z.object({ id: long(), reportId: long() });

const order = z.object({ startSnapshotId: long(), endSnapshotId: long(), name: z.string() });
const orderSchema = { schema: order.partial() };

const listQuery = z.object({
  ...pageQuery,
  name: z.string().optional().openapi({ description: 'A part of the name' }),
  creator: z.string().optional().openapi({ description: "A part of the creator's name" }),
  status: wordList(['CREATING', 'SUCCESSFUL', 'FAILED']).optional(),
  sort: sortQuery(sortableReportColumns).optional(),
});

/** Workload reports (OCP: performance reports) of a cluster. All of them, even reading, need `read_write` on it, as in OCP. */
export function addWorkloadReportRoutes(family: Family): void {
  addOrder(family);
  addReads(family);
  addOwn(family);
}

function addOrder(family: Family): void {
  family.add(
    createRoute({
      method: 'post',
      path,
      tags,
      summary: 'Generate the workload report of the range between two snapshots',
      description:
        'Answers at once with status CREATING; the task of `taskInstanceId` makes it. The three parameters may be in a ' +
        'JSON body, in a form or in the query; what is in the body counts first. All three are required. The end is ' +
        'after the start and at most 24 hours later, the start not older than 30 days; the name has no spaces around it.',
      request: {
        params,
        query: order.partial(),
        body: {
          required: false,
          content: { 'application/json': orderSchema, 'application/x-www-form-urlencoded': orderSchema },
        },
      },
      responses: { 200: ocpReply(reportModel, 'The report, still CREATING') },
    }),
    async ({ ctx, params: { id: clusterId }, body, exchange }, c) => {
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const input = { clusterId, ...checkedParameters(order, { ...queryOf(c), ...given }) };
      return reportShape(await createWorkloadReport({ ctx, input }), exchange);
    },
  );
}

function addReads(family: Family): void {
  family.add(
    createRoute({
      method: 'get',
      path,
      tags,
      summary: 'Workload reports of a cluster, the newest first',
      request: { params, query: listQuery },
      responses: { 200: ocpReply(pageModel(reportModel), 'A page of reports') },
    }),
    async ({ ctx, params: { id: clusterId }, query, exchange }) => {
      const { cluster, items, total } = await listWorkloadReports({ ctx, input: { clusterId, ...query } });
      return pageOf(
        items.map(({ report, size }) => reportShape({ cluster, report, size }, exchange)),
        total,
        query,
      );
    },
  );
  family.add(
    createRoute({
      method: 'get',
      path: `${path}/{reportId}`,
      tags,
      summary: 'A workload report: HTML, or PDF',
      description:
        'HTML unless `Accept` names PDF before it, or `format` is pdf. While it is CREATING, or after it FAILED: 409.',
      request: {
        params: oneParams,
        query: z.object({ format: z.enum(['html', 'pdf']).optional() }),
      },
      responses: {
        200: {
          description: 'The report itself, without an envelope',
          content: {
            'text/html': { schema: z.string() },
            'application/pdf': { schema: z.string().openapi({ format: 'binary' }) },
          },
        },
        304: { description: 'The caller has it already (If-None-Match)' },
      },
    }),
    async ({ ctx, params: { id: clusterId, reportId }, query }, c) => {
      const format = query.format ?? (acceptsPdf(c.req.header('Accept')) ? 'pdf' : 'html');
      const file = await openWorkloadReport({ ctx, input: { clusterId, reportId, format } });
      return sendDocument(c, file, { Vary: 'Accept' });
    },
  );
}

function addOwn(family: Family): void {
  family.add(
    createRoute({
      method: 'delete',
      path: `${path}/{reportId}`,
      tags,
      summary: 'Remove a workload report and its files (ours)',
      request: { params: oneParams },
      responses: { 200: voidReply('It is gone') },
    }),
    ({ ctx, params: { id: clusterId, reportId } }) => deleteWorkloadReport({ ctx, input: { clusterId, reportId } }),
  );
  family.add(
    createRoute({
      method: 'post',
      path: `${path}/{reportId}/keep`,
      tags,
      summary: 'Keep a workload report and its snapshots beyond their time, or no longer (ours)',
      request: { params: oneParams, query: z.object({ kept: bool().default(true) }) },
      responses: { 200: voidReply('It is kept, or not') },
    }),
    async ({ ctx, params: { id: clusterId, reportId }, query: { kept } }) => {
      await keepWorkloadReport({ ctx, input: { clusterId, reportId, kept } });
    },
  );
}
