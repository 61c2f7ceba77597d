import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { parse } from 'yaml';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { badRequest, messageOf } from '../errors.ts';
import { renderReport } from '../operations/runs/render-report.ts';
import { type BuildCommand, commandLog, printResult, stopSignal } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { formatOfFile } from './formats.ts';

interface Options {
  readonly output: readonly string[];
  readonly source: readonly string[];
  readonly at?: string;
  readonly timeZone?: string;
  readonly locale?: Config['LOCALE'];
  readonly period?: readonly string[];
}

const MAX_FILE_BYTES = 16 * 1024 * 1024;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const buildRender: BuildCommand = (finish) =>
  new Command('render')
    .argument('<report>', 'report as code: a YAML or JSON file (docs/report.schema.json)')
    .requiredOption(
      '-o, --output <file>',
      'where it goes: .pdf, .html, .png, .xlsx, .csv, .zip (CSV files); may be repeated',
      collect,
      [],
    )
    .option('--source <url>', 'database that series are read from, `name=url` or `url`; may be repeated', collect, [])
    .option('--at <instant>', 'what "now" is, RFC 3339; default: now')
    .option('--time-zone <name>', 'IANA zone, instead of the file’s')
    .addOption(new Option('--locale <locale>', 'instead of the file’s').choices(['en', 'ru', 'zh']))
    .option('--period <expression...>', 'instead of every period in the file, e.g. `--period now-7d now`')
    .action(async (file: string, options: Options) => {
      const config = readConfig();
      const log = commandLog(config);
      const timings: Record<string, number> = {};
      const outputs = options.output.map(formatOfFile);
      if (outputs.length === 0) throw badRequest('-o: name a file');
      if (new Set(outputs).size < outputs.length) throw badRequest('-o: two files of one format');
      const made = await renderReport({
        config,
        input: {
          content: await readReport(file),
          sources: namedSources(options.source),
          at: options.at === undefined ? await systemClock.now() : instantOf(options.at),
          timeZone: options.timeZone ?? null,
          locale: options.locale ?? null,
          period: options.period ?? null,
          outputs,
          signal: stopSignal(),
          onPhase: (phase, milliseconds) => {
            timings[phase] = Math.round(milliseconds);
            log.info({ phase, ms: timings[phase] }, 'phase finished');
          },
          onDefect: (widget, error) => log.error({ widget, err: error }, 'a widget could not be made'),
        },
      });
      const files = made.files.map((made, index) => ({ ...made, file: options.output[index] ?? '' }));
      for (const { file, bytes, mediaType } of files) {
        if (mediaType === 'application/zip' && !file.endsWith('.zip'))
          throw badRequest(`${file}: these are several CSV files, in a zip archive: name it .zip`);
        await writeFile(file, bytes);
      }
      const { widgets, warnings } = made;
      const bad = widgets.filter(({ state }) => state === 'failed' || state === 'timed out').length;
      const [document, ...others] = files.map(({ file, fileName, pages, bytes, sha256 }) => {
        return { file, name: fileName, pages, bytes: bytes.length, sha256 };
      });
      printResult({ ...document, others, widgets, warnings, timings });
      finish(bad > 0 ? EXIT.partial : EXIT.ok);
    });

function instantOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw badRequest('--at is not an instant: write it like 2026-05-03T07:30:00Z');
  return at;
}

function namedSources(options: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    options.map((option) => {
      const named = /^([\w.-]+)=(.+)$/s.exec(option);
      return named?.[1] !== undefined && named[2] !== undefined ? [named[1], named[2]] : ['default', option];
    }),
  );
}

async function readReport(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return await withImages(parse(text) as unknown, dirname(file));
  } catch (error) {
    throw badRequest(`${file}: ${messageOf(error)}`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES} bytes`);
    return text;
  } catch (error) {
    throw badRequest(`can't read ${file}: ${messageOf(error)}`);
  }
}

/** Image files beside the report become data URLs, as stored definitions hold them. */
async function withImages(value: unknown, folder: string): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => withImages(item, folder)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, inner]): Promise<[string, unknown]> => {
    if (key !== 'image' || typeof inner !== 'string' || inner.startsWith('data:'))
      return [key, await withImages(inner, folder)];
    const bytes = await readFile(resolve(folder, inner));
    return [key, `data:;base64,${bytes.toString('base64')}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}
