/** The kinds of file that a report can become. */
export const OUTPUT_KINDS = ['pdf', 'html', 'png', 'csv', 'xlsx'] as const;

export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** A file as its writer leaves it. */
export interface WrittenFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Of its name, without a dot. */
  readonly extension: string;
  /** Zero for what has no pages. */
  readonly pages: number;
}
