import { BroadsheetError } from '../errors.ts';
import type { Interval } from '../period/interval.ts';
import type { Period } from '../period/period.ts';
import type { Dialect, Lexis } from './dialect.ts';
import { type Bound, bind, type Fragment, keyword, toStatement } from './fragment.ts';
import type { Statement } from './statement.ts';

const LONGEST_SQL = 200_000;
const PLACEHOLDER = /\$([A-Za-z_]\w*|\d+)/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const PLAIN = /[^$'"`\-/#A-Za-z_\u0080-\uffff]+/y;

/** Values of the placeholders that a series' SQL may use. */
export interface TemplateValues {
  readonly period: Period;
  readonly interval: Interval;
  /** IANA zone of the run. */
  readonly zone: string;
}

/**
 * Make a statement of the SQL text of a series: `$period_from`, `$period_to` (instants), `$interval` (bucket width) and
 * `$time_zone` (its name) become bound parameters, each as often as it stands there. Strings, quoted identifiers,
 * comments and dollar-quoted strings stay as they are. Whoever writes the text needs the right to write SQL: only the
 * values are ours to bind, the text is theirs.
 * @throws BroadsheetError `unprocessable` for an empty text, `$1` or an unknown `$name`.
 */
export function bindTemplate(text: string, dialect: Dialect, values: TemplateValues): Statement {
  if (text.trim() === '') throw new BroadsheetError('unprocessable', 'the series has no SQL');
  if (text.length > LONGEST_SQL) throw new BroadsheetError('unprocessable', 'the SQL of the series is too long');
  if (text.includes('\0')) throw new BroadsheetError('unprocessable', 'the SQL of the series holds a NUL character');
  const bounds = new Map<string, Bound>([
    ['period_from', bind(values.period.from, 'instant')],
    ['period_to', bind(values.period.to, 'instant')],
    ['interval', dialect.intervalValue(values.interval)],
    ['time_zone', bind(values.zone, 'text')],
  ]);
  const pieces: Fragment[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    const name = placeholderAt(text, at, dialect.lexis);
    if (name === null) {
      const end = opaqueEnd(text, at, dialect.lexis);
      literal += text.slice(at, end);
      at = end;
      continue;
    }
    pieces.push(keyword(literal), [boundOf(name, bounds)]);
    literal = '';
    at += name.length + 1;
  }
  return toStatement([...pieces.flat(), ...keyword(literal)], dialect);
}

function boundOf(name: string, bounds: ReadonlyMap<string, Bound>): Bound {
  const bound = bounds.get(name);
  if (bound !== undefined) return bound;
  const known = [...bounds.keys()].map((key) => `$${key}`).join(', ');
  throw new BroadsheetError('unprocessable', `the SQL uses $${name.slice(0, 40)}; it may use ${known}`);
}

function placeholderAt(text: string, at: number, lexis: Lexis): string | null {
  if (text[at] !== '$' || (lexis.dollarQuotes && matchAt(DOLLAR_TAG, text, at) !== null)) return null;
  return matchAt(PLACEHOLDER, text, at)?.[1] ?? null;
}

/** Where the token that begins at `at` ends; an unterminated one ends with the text, and the database will say so. */
function opaqueEnd(text: string, at: number, lexis: Lexis): number {
  if (text.startsWith('/*', at)) return commentEnd(text, at, lexis.nestedComments);
  const tag = lexis.dollarQuotes ? matchAt(DOLLAR_TAG, text, at) : null;
  if (tag !== null) {
    const close = text.indexOf(tag[0], at + tag[0].length);
    return close < 0 ? text.length : close + tag[0].length;
  }
  for (const pattern of [...lexis.opaque, PLAIN]) {
    const match = matchAt(pattern, text, at);
    if (match !== null && match[0] !== '') return at + match[0].length;
  }
  return at + 1;
}

function commentEnd(text: string, start: number, nested: boolean): number {
  let depth = 1;
  let at = start + 2;
  while (depth > 0) {
    const close = text.indexOf('*/', at);
    if (close < 0) return text.length;
    const open = nested ? text.indexOf('/*', at) : -1;
    if (open >= 0 && open < close) {
      depth += 1;
      at = open + 2;
    } else {
      depth -= 1;
      at = close + 2;
    }
  }
  return at;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
