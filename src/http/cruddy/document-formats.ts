import { z } from '@hono/zod-openapi';
import { BroadsheetError } from '../../errors.ts';
import { formatSchema } from '../../operations/archive/schemas.ts';

type Format = z.output<typeof formatSchema>;

/** What each media type asks for; a report of several series is an archive of CSV files. */
const FORMATS: Readonly<Record<string, Format>> = {
  'application/pdf': 'pdf',
  'text/html': 'html',
  'image/png': 'png',
  'text/csv': 'csv',
  'application/zip': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};
const MOST_RANGES = 50;
/** What our own answers about the document are written in: asking for it says nothing about the document. */
const INDIFFERENT: ReadonlySet<string> = new Set(['*/*', 'application/*', 'application/json']);

const binary = { schema: z.string().openapi({ format: 'binary' }) };

/** A document's answers, for `createRoute`. */
export const documentContent = Object.fromEntries(Object.keys(FORMATS).map((type) => [type, binary]));

export const formatQuery = z.object({
  format: formatSchema.optional().openapi({ description: 'Instead of what `Accept` asks for' }),
});

/**
 * The format that an `Accept` header asks for: of the highest weight, the first named (RFC 9110 §12.5.1). Without the
 * header, and where anything or JSON will do, a PDF.
 * @throws BroadsheetError `not_acceptable`
 */
export function acceptedFormat(header: string | undefined): Format {
  if (header === undefined || header.trim() === '') return 'pdf';
  const ranges = header.split(',').slice(0, MOST_RANGES).map(rangeOf);
  const wanted = ranges.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  for (const { type } of wanted) {
    if (INDIFFERENT.has(type)) return 'pdf';
    const format = type === 'text/*' ? 'html' : type === 'image/*' ? 'png' : FORMATS[type];
    if (format !== undefined) return format;
  }
  throw new BroadsheetError('not_acceptable', `Not Acceptable: a report can be ${Object.keys(FORMATS).join(', ')}`);
}

function rangeOf(text: string): { type: string; weight: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const known = weight === undefined ? 1 : Number(weight);
  return { type, weight: Number.isFinite(known) ? known : 0 };
}
