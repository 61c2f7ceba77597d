import type { Locale, ReportDefinition } from '../../definition/definition.ts';
import type { OutputKind } from '../../print/output.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { WidgetOutcome } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';
import type { Post } from '../deliveries/post.ts';
import type { Principal } from '../sources/rights.ts';

/** A report ready to be printed for one run. */
export interface PrintRequest {
  readonly definition: ReportDefinition;
  /** In whose names its sources are read: each of them must have the rights. */
  readonly principals: readonly Principal[];
  /** Ids that the file name may hold. */
  readonly ids: { readonly task: string | null; readonly instance: string; readonly run: string };
  /** "Now" of the report: periods are counted from it, and it is the date on the page. */
  readonly at: Date;
  readonly timeZone: string;
  readonly locale: Locale;
  /** Instead of the definition's period; null = as defined. */
  readonly period: readonly string[] | null;
  /** Which files to write; the first is the document itself. */
  readonly outputs: readonly OutputKind[];
  /** Also a picture of the first page, for the mail: a last file of the kind `png`. */
  readonly preview: boolean;
  /** Called with each phase's name and milliseconds as it ends: `query`, `print`. */
  readonly onPhase: (phase: string, milliseconds: number) => void;
}

/** One of the files that a report became. */
export interface PrintedFile {
  readonly kind: OutputKind;
  readonly bytes: Buffer;
  /** File name with extension, safe for any file system. */
  readonly name: string;
  readonly mediaType: string;
  /** Zero for what has no pages. */
  readonly pages: number;
  readonly sha256: string;
}

export interface PrintedReport {
  /** At least one; the first is the document itself. */
  readonly files: readonly PrintedFile[];
  readonly widgets: readonly WidgetOutcome[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly manifest: Record<string, unknown>;
}

/** The file that is the document itself. */
export function mainFile({ files }: Pick<PrintedReport, 'files'>): PrintedFile {
  const [main] = files;
  if (main === undefined) throw new Error('a report was printed to no file');
  return main;
}

/**
 * What working runs needs besides the context: made once by the composition root.
 */
export interface RunParts {
  readonly blobs: BlobStore;
  /** Query and print. Sources are read with the rights that the request's principals have in common. */
  readonly print: (args: { ctx: Ctx; input: PrintRequest }) => Promise<PrintedReport>;
  /** What delivering and notices need. */
  readonly post: Post;
}

/** Kinds of tasks and steps of this noun, as they stand in the tables. */
export const RUN_TASK = 'report-run';
export const NOTICE_TASK = 'notice';
export const MAKE_DOCUMENT = 'make-document';
export const DELIVER = 'deliver';
export const SEND_NOTICE = 'send-notice';

/** Longest one try to deliver may take, beyond the mail server's own timeouts. */
export const DELIVER_TIMEOUT_SECONDS = 600;
export const NOTICE_TIMEOUT_SECONDS = 300;
