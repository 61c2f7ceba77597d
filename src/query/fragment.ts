import { BroadsheetError } from '../errors.ts';
import type { Parameter, Statement } from './statement.ts';

/** How a bound value is to be read by the database; `inferred` leaves it to what the value is compared with. */
export type BoundType = 'instant' | 'date' | 'text' | 'integer' | 'number' | 'boolean' | 'interval' | 'inferred';

/** A value that will be sent beside the SQL text. Used twice, it is still one value. */
export interface Bound {
  readonly value: Parameter;
  readonly type: BoundType;
}

/** SQL text of our own making. Only {@link sql}, {@link keyword} and a dialect's quoting make it. */
interface Text {
  readonly text: string;
}

/** A piece of a statement: our text and bound values. User input can only get in as a {@link Bound}. */
export type Fragment = readonly (Text | Bound)[];

export function bind(value: Parameter, type: BoundType): Bound {
  if (typeof value === 'string' && value.includes('\0')) {
    throw new BroadsheetError('unprocessable', 'a value holds a NUL character, which no database text can hold');
  }
  return { value, type };
}

/** Compose a fragment. Interpolations are fragments or bound values, never strings: a string does not type-check. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Fragment | Bound)[]): Fragment {
  return strings.flatMap((text, index) => {
    const part = parts[index];
    const own: Fragment = [{ text }];
    if (part === undefined) return own;
    return [...own, ...('value' in part ? [part] : part)];
  });
}

/** A fragment of fixed text that a table of ours holds, or of an identifier that a dialect has quoted. */
export const keyword = (text: string): Fragment => [{ text }];

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return fragments.flatMap((fragment, index) => (index === 0 ? fragment : [{ text: separator }, ...fragment]));
}

/** What {@link toStatement} must know of a dialect. */
export interface Placeholders {
  /** Whether one placeholder may stand in several places (`$1`), or every place takes the next value (`?`). */
  readonly reusesParameters: boolean;
  placeholder(position: number, type: BoundType): string;
}

export function toStatement(fragment: Fragment, dialect: Placeholders, columnNames?: readonly string[]): Statement {
  const parameters: Parameter[] = [];
  const positions = new Map<Bound, number>();
  let text = '';
  for (const piece of fragment) {
    if ('text' in piece) {
      text += piece.text;
      continue;
    }
    let position = dialect.reusesParameters ? positions.get(piece) : undefined;
    if (position === undefined) {
      position = parameters.push(piece.value);
      positions.set(piece, position);
    }
    text += dialect.placeholder(position, piece.type);
  }
  return { text, parameters, ...(columnNames === undefined ? {} : { columnNames }) };
}
