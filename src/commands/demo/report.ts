import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { DemoClient } from './client.ts';
import { type DemoReport, type DemoWidget, demoReportSchema } from './schemas.ts';

export function readDemoReport(file: string): DemoReport {
  const path = new URL(`../../../templates/demo/${file}`, import.meta.url);
  return demoReportSchema.parse(parse(readFileSync(path, 'utf8')));
}

export interface DemoOptions {
  readonly source: string;
  readonly instance: string;
  readonly recipient: string;
  /** The watched cluster; null where there is none: widgets of its workload are left out. */
  readonly clusterId: number | null;
}

/**
 * Define a dashboard with its widgets, the report that prints it and the task that schedules it: one call each.
 * @returns the id of the report task.
 */
export async function defineReport(client: DemoClient, report: DemoReport, options: DemoOptions): Promise<string> {
  await forget(client, report.name);
  const dashboard = await client.post('/dashboards/create', {
    name: report.name,
    config: { grid: [], period: report.period },
  });
  const items: Record<string, unknown>[][] = [];
  for (const widget of report.widgets) {
    if (widget.kind === 'workload' && options.clusterId === null) continue;
    const { page, ...place } = widget.at;
    const { id } = await client.post('/widgets/create', widgetBody(widget, dashboard.id, options));
    items[page] = [...(items[page] ?? []), { widget_id: id, ...place }];
  }
  const { id: reportId } = await client.post('/reports/create', {
    name: report.name,
    config: { pages: items },
    settings: {
      general: { period: report.period, name_mask: '{report} {date}' },
      header: { show: true, text: report.header, show_on_all_pages: true, text_align: 'left' },
      footer: {
        show: true,
        show_on_first_page: true,
        text: report.footer,
        text_align: 'left',
        show_date: true,
        date_align: 'center',
        show_page_number: true,
        page_number_align: 'right',
      },
      style: { font: 'OpenSans-Regular' },
    },
    dashboard_id: dashboard.id,
  });
  const task = await client.post('/report_tasks/create', {
    interval: report.interval,
    instance: options.instance,
    report_id: reportId,
    time_zone: report.time_zone,
    recipients: { to: [options.recipient], cc: [], bcc: [] },
  });
  return task.id;
}

/** An earlier demo's objects of this name go; what they printed stays in the archive. */
async function forget(client: DemoClient, name: string): Promise<void> {
  for (const path of ['/reports', '/dashboards']) {
    for (const id of await client.idsNamed(path, name)) await client.remove(path, id);
  }
}

function widgetBody(
  widget: DemoWidget,
  dashboardId: string,
  { source, clusterId }: DemoOptions,
): Record<string, unknown> {
  const mode = widget.query === undefined ? { mode: 'sql', sql: widget.sql } : { mode: 'query', query: widget.query };
  const hasSeries = widget.sql !== undefined || widget.query !== undefined;
  return {
    name: widget.name,
    dashboard_id: dashboardId,
    config: {
      type: widget.kind,
      settings: {
        kind: widget.kind,
        base: { name: widget.name, showHeading: true, description: widget.description },
        legend: { show: widget.legend !== undefined, placement: widget.legend ?? 'bottom' },
        settings: widget.kind === 'workload' ? { ...widget.settings, cluster_id: clusterId } : widget.settings,
        mappings: widget.mappings,
      },
      series: hasSeries ? [{ name: widget.name, source, period: [], ...mode }] : [],
    },
  };
}
