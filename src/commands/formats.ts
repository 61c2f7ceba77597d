import { extname } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { badRequest } from '../errors.ts';
import { formatWords } from '../operations/archive/schemas.ts';

export type Format = (typeof formatWords)[number];

/** `--format pdf,xlsx`: what to write, the document itself first. */
export const formatOption = (): Option =>
  new Option(
    '--format <list>',
    `what to write, the document first: ${formatWords.join(', ')}, joined by commas`,
  ).argParser(parseFormats);

function parseFormats(list: string): readonly Format[] {
  const words = list.split(',').map((word) => word.trim().toLowerCase());
  const formats = words.map((word) => {
    const format = formatWords.find((known) => known === word);
    if (format === undefined)
      throw new InvalidArgumentError(`${word.slice(0, 40)} is none of ${formatWords.join(', ')}.`);
    return format;
  });
  if (new Set(formats).size < formats.length) throw new InvalidArgumentError('A format is named twice.');
  return formats;
}

/** The format that a file's name asks for; `.zip` is an archive of CSV files. */
export function formatOfFile(file: string): Format {
  const extension = extname(file).slice(1).toLowerCase();
  const format = extension === 'zip' ? 'csv' : extension === 'htm' ? 'html' : extension;
  const known = formatWords.find((word) => word === format);
  // A name without an extension of ours has always meant a PDF.
  if (known === undefined && extension !== '') throw badRequest(`${file}: no format has this extension`);
  return known ?? 'pdf';
}
