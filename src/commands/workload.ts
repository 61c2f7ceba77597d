import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { badRequest } from '../errors.ts';
import { drawHere } from '../operations/runs/draw-here.ts';
import { checkSections, workloadDrawing, workloadTitle } from '../operations/workload/draw-workload.ts';
import { observeSource } from '../operations/workload/observe-source.ts';
import { factsOfLast } from '../operations/workload/report-last.ts';
import { type BuildCommand, commandLog, printResult, stopSignal } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { formatOfFile } from './formats.ts';
import { withApp } from './with-app.ts';

interface Options {
  readonly cluster?: string;
  readonly last: string;
  readonly source?: string;
  readonly for: string;
  readonly output: readonly string[];
  readonly sections?: string;
  readonly locale?: Config['LOCALE'];
  readonly timeZone?: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const LONGEST_WATCH_S = 24 * 3600;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const buildWorkload: BuildCommand = (finish) =>
  new Command('workload')
    .option('--cluster <name>', 'a watched cluster, by name or id')
    .option('--last <duration>', 'how much of it, e.g. 2h or 1d', '1h')
    .option('--source <url>', 'any server, without set-up: it is watched for a while')
    .option('--for <duration>', 'for how long, e.g. 60s or 10m', '60s')
    .requiredOption(
      '-o, --output <file>',
      'where it goes: .pdf, .html, .xlsx, .zip (CSV files; .csv for a single list), .png; may be repeated',
      collect,
      [],
    )
    .option('--sections <ids>', 'only these sections, comma separated')
    .addOption(new Option('--locale <locale>', 'language of the report').choices(['en', 'ru', 'zh']))
    .option('--time-zone <name>', 'IANA zone of its times')
    .action(async (options: Options) => {
      const config = readConfig();
      if ((options.cluster === undefined) === (options.source === undefined)) {
        throw badRequest('name either --cluster or --source');
      }
      const outputs = options.output.map(formatOfFile);
      if (new Set(outputs).size < outputs.length) throw badRequest('-o: two files of one format');
      const sections = options.sections?.split(',').map((id) => id.trim()) ?? null;
      checkSections(sections ?? []);
      await checkFolders(options.output);
      const signal = stopSignal();
      const words = { locale: options.locale ?? config.LOCALE, timeZone: options.timeZone ?? config.TIME_ZONE };
      const facts = await factsOf(options, words, signal);
      const drawing = workloadDrawing({
        facts,
        name: `${workloadTitle(words.locale)}: ${facts.cluster.name}`,
        at: await systemClock.now(),
        sections,
        outputs,
      });
      const { draw } = drawHere({ fontDir: config.FONT_DIR ?? null, systemFonts: config.SYSTEM_FONTS });
      const { files, defects } = await draw(drawing, signal);
      for (const { widgetId, error } of defects)
        commandLog(config).error({ section: widgetId, err: error }, 'a section could not be drawn');
      const written = files.map((file, index) => ({ ...file, path: pathOf(file, options.output[index] ?? '') }));
      for (const { path, bytes } of written) await writeFile(path, bytes);
      const { range } = facts;
      printResult({
        cluster: facts.cluster.name,
        from: new Date(range.start.identity.capturedAt),
        to: new Date(range.end.identity.capturedAt),
        missing: range.end.missing,
        files: written.map(({ path, bytes, pages, sha256 }) => ({ file: path, pages, bytes: bytes.length, sha256 })),
      });
      finish(defects.length > 0 ? EXIT.partial : EXIT.ok);
    });

/** Several CSV files are one archive; an hour's watch is not thrown away because it was to be called `.csv`. */
const pathOf = ({ mediaType }: { readonly mediaType: string }, asked: string): string =>
  mediaType === 'application/zip' ? asked.replace(/\.csv$/i, '.zip') : asked;

/** Before the server is watched for an hour. @throws BroadsheetError `bad_request` */
async function checkFolders(files: readonly string[]): Promise<void> {
  for (const file of files) {
    await access(dirname(file), constants.W_OK).catch(() => {
      throw badRequest(`${file} cannot be written: there is no such folder, or no right to write to it`);
    });
  }
}

type Words = Pick<Parameters<typeof observeSource>[0], 'locale' | 'timeZone'>;

async function factsOf(options: Options, words: Words, signal: AbortSignal) {
  const { source, cluster = '' } = options;
  if (source === undefined) {
    const lastMs = secondsOf(options.last, '--last') * 1000;
    return withApp(({ ctx }) => factsOfLast({ ctx: { ...ctx, signal }, input: { ...words, cluster, lastMs } }));
  }
  const seconds = secondsOf(options.for, '--for');
  if (seconds > LONGEST_WATCH_S) throw badRequest('--for: at most 24h; add the cluster for longer');
  const progress = progressLine(seconds);
  try {
    return await observeSource({ url: source, seconds, ...words, signal, onProgress: progress.show });
  } finally {
    progress.clear();
  }
}

function secondsOf(text: string, option: string): number {
  const [, count, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text.trim()) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!(seconds > 0)) throw badRequest(`${option}: a duration like 60s, 10m, 2h or 1d expected`);
  return seconds;
}

/** On a terminal one line that is written over; elsewhere nothing. */
function progressLine(total: number) {
  const isTerminal = process.stderr.isTTY;
  return {
    show: (seconds: number, active: number): void => {
      if (isTerminal)
        process.stderr.write(`\rwatching ${Math.round(seconds)} of ${total} s, ${active} sessions at work  `);
    },
    clear: (): void => {
      if (isTerminal) process.stderr.write('\r\u001b[K');
    },
  };
}
