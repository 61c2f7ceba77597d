import type { Config } from '../../config.ts';
import type { Locale } from '../../definition/definition.ts';
import { parseReportFile } from '../../definition/report-file.ts';
import { badRequest } from '../../errors.ts';
import type { OutputKind } from '../../print/output.ts';
import type { SourceReader } from '../../query/statement.ts';
import { type OpenReader, openReader } from '../sources/reader.ts';
import { drawHere } from './draw-here.ts';
import { type MadeDocument, makeDocument } from './make-document.ts';

export interface RenderInput {
  /** The report file, read from YAML or JSON. */
  readonly content: unknown;
  /** URLs by source name; a single one also serves every name that has none. */
  readonly sources: Readonly<Record<string, string>>;
  readonly at: Date;
  /** Instead of the file's; null = the file's, else the configured ones. */
  readonly timeZone: string | null;
  readonly locale: Locale | null;
  readonly period: readonly string[] | null;
  /** Which files to write. */
  readonly outputs: readonly OutputKind[];
  readonly signal: AbortSignal;
  readonly onPhase: (phase: string, milliseconds: number) => void;
  readonly onDefect: (widgetId: string, error: unknown) => void;
}

/**
 * Print a report as code, without a store: its sources are URLs.
 * @throws BroadsheetError `bad_request` for a file that is no report or a URL that no engine has.
 */
export async function renderReport({ config, input }: { config: Config; input: RenderInput }): Promise<MadeDocument> {
  const file = parseReportFile(input.content);
  const urls = { ...file.sources, ...input.sources };
  const sources = openSources(urls, config);
  try {
    const made = await makeDocument({
      ...input,
      definition: file.definition,
      timeZone: input.timeZone ?? file.timeZone ?? config.TIME_ZONE,
      locale: input.locale ?? file.locale ?? config.LOCALE,
      readers: sources.reader,
      draw: drawHere({ fontDir: config.FONT_DIR ?? null, systemFonts: config.SYSTEM_FONTS }).draw,
      ids: {},
    });
    const warnings = file.warnings.map((message) => ({ code: 'definition', message }));
    return { ...made, warnings: [...warnings, ...made.warnings] };
  } finally {
    await sources.close();
  }
}

function openSources(urls: Readonly<Record<string, string>>, config: Config) {
  const open = new Map<string, OpenReader>();
  const names = Object.keys(urls);
  const only = names.length === 1 ? names[0] : undefined;
  return {
    reader: async (name: string): Promise<SourceReader> => {
      const url = Object.hasOwn(urls, name) ? urls[name] : only === undefined ? undefined : urls[only];
      if (url === undefined) throw badRequest(`no source "${name.slice(0, 60)}": name its URL`);
      const opened = open.get(url) ?? openReader(url, config);
      open.set(url, opened);
      return opened.reader;
    },
    close: async () => {
      await Promise.all([...open.values()].map((opened) => opened.close()));
    },
  };
}
