/**
 * The name of a document's file, from the report's mask. Placeholders, each in braces, also accepted as `${name}` and
 * `%name%`; a name that is not in this list stays as it was written:
 *
 * `report` its name · `date` 2026-05-03 · `time` 07-30 · `datetime` 2026-05-03_07-30 · `year` `month` `day` of the
 * scheduled instant in the task's zone · `from` `to` first and last day of the period (with the time where the period
 * is not whole days) · `period` both, joined by `_` · `task` `instance` `run` their ids
 */
export interface NameFacts {
  readonly report: string;
  /** The scheduled instant. */
  readonly at: Date;
  readonly timeZone: string;
  /** The report's period `[from, to)`; null = the report has none of its own. */
  readonly period: { readonly from: Date; readonly to: Date } | null;
  readonly task?: string | null;
  readonly instance?: string | null;
  readonly run?: string | null;
}

const DEFAULT_NAME_MASK = '{report} {date}';

/** File systems and mail headers hold 255 bytes of a name; what is left goes to suffixes like `(2)`. */
const MAX_BYTES = 180;
const FORBIDDEN = /[\p{Cc}/\\:*?"<>|]/gu;
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

interface Wall {
  readonly date: string;
  readonly time: string;
  readonly midnight: boolean;
}

function wall(at: Date, timeZone: string): Wall {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const get = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const [hour, minute, second] = [get('hour'), get('minute'), get('second')];
  return {
    date: `${get('year').padStart(4, '0')}-${get('month')}-${get('day')}`,
    time: `${hour}-${minute}`,
    midnight: hour === '00' && minute === '00' && second === '00',
  };
}

function periodNames(facts: NameFacts): { from: string; to: string } {
  if (facts.period === null) return { from: '', to: '' };
  const from = wall(facts.period.from, facts.timeZone);
  const to = wall(facts.period.to, facts.timeZone);
  if (from.midnight && to.midnight && facts.period.to > facts.period.from) {
    const lastDay = wall(new Date(facts.period.to.getTime() - 1), facts.timeZone);
    return { from: from.date, to: lastDay.date };
  }
  return { from: `${from.date}_${from.time}`, to: `${to.date}_${to.time}` };
}

function placeholders(facts: NameFacts): ReadonlyMap<string, string> {
  const at = wall(facts.at, facts.timeZone);
  const [year = '', month = '', day = ''] = at.date.split('-');
  const { from, to } = periodNames(facts);
  return new Map([
    ['report', facts.report],
    ['date', at.date],
    ['time', at.time],
    ['datetime', `${at.date}_${at.time}`],
    ['year', year],
    ['month', month],
    ['day', day],
    ['from', from],
    ['to', to],
    ['period', from === to ? from : `${from}_${to}`],
    ['task', facts.task ?? ''],
    ['instance', facts.instance ?? ''],
    ['run', facts.run ?? ''],
  ]);
}

/** Cut to `bytes` of UTF-8 between user-perceived characters. */
function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let size = 0;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, bytes))) {
    size += Buffer.byteLength(segment);
    if (size > bytes) break;
    kept += segment;
  }
  return kept;
}

/** A name that every common file system and mail client takes as one plain file name; Unicode letters are kept. */
export function safeFileName(stem: string, extension: string): string {
  const clean = stem
    .slice(0, 2000)
    .toWellFormed()
    .normalize('NFC')
    .replaceAll('\ufffd', '')
    .replaceAll(INVISIBLE, '')
    .replaceAll(FORBIDDEN, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/-{2,}/g, '-');
  const bare = clean.toLowerCase().endsWith(`.${extension}`) ? clean.slice(0, -extension.length - 1) : clean;
  const cut = trimEdges(cutToBytes(trimEdges(bare), MAX_BYTES));
  const named = cut === '' ? 'report' : cut;
  return `${RESERVED.test(named) ? `_${named}` : named}.${extension}`;
}

/** No dots, spaces or dashes at the ends: hidden files, `..`, names that Windows silently changes. */
function trimEdges(text: string): string {
  return text.replaceAll(/^[\s.-]+|[\s.-]+$/g, '');
}

/** Fill the mask with the facts and make the result a safe file name with this extension. */
export function fileNameOf(mask: string | null, facts: NameFacts, extension: string): string {
  const values = placeholders(facts);
  const template = mask === null || mask.trim() === '' ? DEFAULT_NAME_MASK : mask.slice(0, 1000);
  const filled = template.replaceAll(
    /\$?\{\s*([a-z_]+)\s*\}|%([a-z_]+)%/gi,
    (whole: string, braced: string | undefined, percent: string | undefined) =>
      values.get((braced ?? percent ?? '').toLowerCase()) ?? whole,
  );
  return safeFileName(filled, extension);
}
