import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { drawChart } from '../../src/print/draw-chart.ts';
import type { ChartScene } from '../../src/scene/chart-view.ts';
import { createChartStudio } from '../../src/scene/chart-view.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import type { BenchAnswer, BenchChart, BenchInput } from './report.ts';

/** Prints the rounds of an input file (first argument) as this project does, and answers with its times. */
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

/** Printing alone, all charts being laid out before the clock starts. */
async function drawOnly(charts: readonly BenchChart[]): Promise<number> {
  const scenes = new Map(charts.map((chart) => [chart, sceneOf(chart)]));
  const start = performance.now();
  await print(charts, (chart) => scenes.get(chart) ?? sceneOf(chart));
  return performance.now() - start;
}

const milliseconds: number[] = [];
const drawTimes: number[] = [];
let bytes = 0;
for (const [round, charts] of input.rounds.entries()) {
  const start = performance.now();
  bytes = (await print(charts, sceneOf)).length;
  if (round >= input.warmUp) milliseconds.push(performance.now() - start);
}
if (input.warmUp > 0) {
  for (const charts of input.rounds.slice(input.warmUp)) drawTimes.push(await drawOnly(charts));
}
const answer: BenchAnswer = { milliseconds, bytes, drawOnly: drawTimes };
process.stdout.write(`${JSON.stringify(answer)}\n`);
