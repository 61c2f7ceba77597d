import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { drawChart } from '../../src/print/draw-chart.ts';
import type { ChartScene } from '../../src/scene/chart-view.ts';
import { createTypesetter } from '../../src/scene/typesetter.ts';
import type { BenchAnswer, BenchChart, BenchInput } from './report.ts';

/**
 * Prints the rounds of an input file (first argument) as this project does: the number of a round asks for the report, from
 * rows to file; with `specs` the peers' own specifications are drawn, without a document around them; with `draw` as well,
 * all charts being laid out before the clock starts.
 */
const input = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BenchInput;
const typesetter = createTypesetter({ fontDir: null });
const { fonts, charts: studio } = typesetter;
const { signal } = new AbortController();

/** What axes and legend took of the last chart with the same specification: where the layout of the next begins. */
const margins = new Map<string, ChartScene['margin']>();

function sceneOf({ spec, rows }: BenchChart): ChartScene {
  const name = JSON.stringify(spec);
  const margin = margins.get(name);
  const scene = studio.prepare({ spec, rows, ...input.chart, ...(margin && { margin }) });
  margins.set(name, scene.margin);
  return scene;
}

async function print(charts: readonly BenchChart[], sceneFor: (chart: BenchChart) => ChartScene): Promise<Buffer> {
  const { page, chart, margin, gap, chartsPerPage } = input;
  const options = {
    size: [page.width, page.height],
    margin: 0,
    autoFirstPage: false,
    font: null,
    fontLayoutCache: false,
  };
  const pdf = new PDFDocument(options as never);
  const parts: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk);
      done();
    },
  });
  pdf.pipe(sink);
  charts.forEach((one, index) => {
    const slot = index % chartsPerPage;
    if (slot === 0) pdf.addPage();
    const scene = sceneFor(one);
    const x = margin + (slot % 2) * (chart.width + gap);
    const y = margin + Math.floor(slot / 2) * (chart.height + gap);
    drawChart(pdf, scene, x, y, fonts);
    scene.release();
  });
  pdf.end();
  await finished(sink);
  return Buffer.concat(parts);
}

async function report(charts: readonly BenchChart[]): Promise<Uint8Array> {
  // Loaded by who makes a report, as in the commands.
  const [{ drawDocument }, { reportOf }] = await Promise.all([
    import('../../src/operations/runs/draw-document.ts'),
    import('./our-report.ts'),
  ]);
  const { files, widgets } = await drawDocument(reportOf(charts), { typesetter, signal });
  const bad = widgets.find(({ state }) => state !== 'ok');
  if (bad || !files[0]) throw new Error(`not all was printed: ${JSON.stringify(bad)}`);
  return files[0].bytes;
}

for await (const line of createInterface({ input: process.stdin })) {
  const charts = input.rounds[Number(/\d+$/.exec(line)?.[0])] ?? [];
  const scenes = new Map(line.startsWith('draw') ? charts.map((chart) => [chart, sceneOf(chart)] as const) : []);
  const start = performance.now();
  const { length } = /^\d/.test(line)
    ? await report(charts)
    : await print(charts, (chart) => scenes.get(chart) ?? sceneOf(chart));
  const answer: BenchAnswer = { milliseconds: performance.now() - start, bytes: length };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
