import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of the service, in one place; `registry.metrics()` is what `/metrics` answers. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    fires: new Counter({
      name: 'broadsheet_fires_total',
      help: 'Firings of report tasks, by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    lateness: new Histogram({
      name: 'broadsheet_fire_lateness_seconds',
      help: 'Seconds between scheduled_for and the tick that fired it',
      buckets: [0.5, 1, 2, 5, 15, 60, 300, 3600],
      registers,
    }),
    unserved: new Gauge({
      name: 'broadsheet_tasks_unserved',
      help: 'Due report tasks whose instance nobody serves',
      registers,
    }),
    runs: new Counter({
      name: 'broadsheet_runs_total',
      help: 'Finished runs by state',
      labelNames: ['state'],
      registers,
    }),
    runsActive: new Gauge({ name: 'broadsheet_runs_active', help: 'Runs this process is working on', registers }),
    stepSeconds: new Histogram({
      name: 'broadsheet_step_seconds',
      help: 'Duration of run phases',
      labelNames: ['phase'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    }),
    drawingsWaiting: new Gauge({
      name: 'broadsheet_drawings_waiting',
      help: 'Documents that wait for a drawing thread of this process',
      registers,
    }),
    drawingThreads: new Gauge({
      name: 'broadsheet_drawing_threads',
      help: 'Drawing threads of this process, busy or idle',
      registers,
    }),
    drawingSeconds: new Histogram({
      name: 'broadsheet_drawing_seconds',
      help: 'Seconds a drawing thread took for a document',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    }),
    queueDepth: new Gauge({
      name: 'broadsheet_queue_depth',
      help: 'Jobs waiting, by queue',
      labelNames: ['queue'],
      registers,
    }),
    deliveries: new Counter({
      name: 'broadsheet_deliveries_total',
      help: 'Deliveries by channel and outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    ...clusterMetrics(registers),
    eventLoop: eventLoopMetric(registers),
    ...httpMetrics(registers),
  };
}

const httpMetrics = (registers: Registry[]) => ({
  requests: new Histogram({
    name: 'broadsheet_http_request_seconds',
    help: 'HTTP requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers,
  }),
});

const RESOLUTION_MS = 10;
const QUANTILES = [0.5, 0.99, 1] as const;

/** How long requests and ticks waited for the main thread, since it was last asked; nothing until it is started. */
function eventLoopMetric(registers: Registry[]) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  new Gauge({
    name: 'broadsheet_event_loop_delay_seconds',
    help: 'How long the main thread kept others waiting, since the metrics were last read',
    labelNames: ['quantile'],
    registers,
    collect() {
      if (delays.count === 0) return;
      for (const quantile of QUANTILES) {
        const milliseconds = delays.percentile(quantile * 100) / 1e6 - RESOLUTION_MS;
        this.set({ quantile: String(quantile) }, Math.max(0, milliseconds) / 1000);
      }
      delays.reset();
    },
  });
  return { start: () => void delays.enable(), stop: () => void delays.disable() };
}

/** Of clusters that are watched. */
const clusterMetrics = (registers: Registry[]) => ({
  captures: new Counter({
    name: 'broadsheet_captures_total',
    help: 'Snapshots of clusters, by what became of them',
    labelNames: ['outcome'],
    registers,
  }),
  captureSeconds: new Histogram({
    name: 'broadsheet_capture_seconds',
    help: 'Seconds that reading a snapshot took',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers,
  }),
  clustersSampled: new Gauge({
    name: 'broadsheet_clusters_sampled',
    help: 'Clusters whose sessions this process samples',
    registers,
  }),
});

export type Metrics = ReturnType<typeof createMetrics>;
