import { z } from '@hono/zod-openapi';
import type { ReportedCluster } from '../../operations/workload/create-report.ts';
import type { ListedReport } from '../../operations/workload/reports.ts';
import type { Exchange } from './envelope.ts';
import { localTime, utcTime } from './times.ts';

export const reportModel = z
  .object({
    id: z.number().int(),
    name: z.string(),
    clusterId: z.number().int(),
    clusterName: z.string(),
    obClusterId: z.number().int(),
    beginReportTime: z.string().openapi({ example: '2023-01-12T06:01:00.026Z' }),
    endReportTime: z.string(),
    generateTime: z.string().openapi({ example: '2023-01-12T19:44:41.725+08:00' }),
    status: z.enum(['CREATING', 'SUCCESSFUL', 'FAILED']),
    taskInstanceId: z.number().int().optional(),
    scope: z.literal('CLUSTER'),
    creator: z.string(),
    size: z.number().int().optional().openapi({ description: 'Ours: bytes of the HTML' }),
    kept: z.boolean().optional().openapi({ description: 'Ours: present when retention leaves it' }),
  })
  .openapi('OcpWorkloadReport');

interface ShownReport {
  readonly cluster: ReportedCluster;
  readonly report: ListedReport['report'];
  readonly size?: number | null;
}

/** OCP's PerformanceReport: the ends of the range in UTC, the moment of generation in local time. */
export const reportShape = ({ cluster, report, size = null }: ShownReport, { timeZone }: Exchange) => ({
  beginReportTime: utcTime(report.beginAt),
  clusterId: cluster.id,
  clusterName: cluster.name,
  creator: report.creatorName,
  endReportTime: utcTime(report.endAt),
  generateTime: localTime(report.createdAt, timeZone),
  id: report.id,
  name: report.name,
  obClusterId: cluster.obClusterId,
  scope: 'CLUSTER',
  status: report.status,
  taskInstanceId: report.taskInstanceId,
  size,
  kept: report.kept ? true : null,
});

/**
 * Whether an `Accept` header prefers PDF to HTML: by the weight of the range that names each most closely, then by what
 * stands first. HTML where it says nothing of either.
 */
export function acceptsPdf(header: string | undefined): boolean {
  const ranges = (header ?? '').split(',', 20).map((range) => {
    const [type = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = rest.find((part) => part.startsWith('q='))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const placeOf = (names: readonly string[]) => {
    const at = names.map((name) => ranges.findIndex(({ type }) => type === name)).find((index) => index >= 0);
    return { at: at ?? ranges.length, weight: at === undefined ? 0 : (ranges[at]?.weight ?? 0) };
  };
  const pdf = placeOf(['application/pdf', 'application/*', '*/*']);
  const html = placeOf(['text/html', 'text/*', '*/*']);
  return pdf.weight > html.weight || (pdf.weight === html.weight && pdf.weight > 0 && pdf.at < html.at);
}
