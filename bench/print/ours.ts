import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { drawChart } from '../../src/print/draw-chart.ts';
import type { ChartScene } from '../../src/scene/chart-view.ts';
import { createChartStudio } from '../../src/scene/chart-view.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import type { BenchAnswer, BenchChart, BenchInput } from './report.ts';

/** Prints the rounds of an input file (first argument) as this project does. */
const input = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BenchInput;
const fonts = createFontRegistry();
const studio = createChartStudio(fonts);

const sceneOf = ({ spec, rows }: BenchChart): ChartScene =>
  studio.prepare({ spec, rows, width: input.chart.width, height: input.chart.height });

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

for await (const line of createInterface({ input: process.stdin })) {
  const charts = input.rounds[Number(/\d+$/.exec(line)?.[0])] ?? [];
  // For drawing alone all charts are laid out before the clock starts.
  const scenes = new Map(line.startsWith('draw') ? charts.map((chart) => [chart, sceneOf(chart)] as const) : []);
  const start = performance.now();
  const { length } = await print(charts, (chart) => scenes.get(chart) ?? sceneOf(chart));
  const answer: BenchAnswer = { milliseconds: performance.now() - start, bytes: length };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
