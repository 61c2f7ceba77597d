import type { QueryFilter } from '../definition/definition.ts';
import { parseInstant } from '../period/instant.ts';
import { localTime } from '../period/zone.ts';
import { type CatalogueColumn, refuse, shown } from './dataset.ts';
import type { Dialect } from './dialect.ts';
import { type Bound, bind, type Fragment, join, keyword, sql } from './fragment.ts';

/** What filter values are read by. `now` and `zone` give meaning to times such as `now-1d/d` and `2024-05-01`. */
export interface FilterScope {
  readonly dialect: Dialect;
  readonly now: Date;
  readonly zone: string;
}

interface Subject {
  readonly column: CatalogueColumn;
  readonly fragment: Fragment;
  readonly scope: FilterScope;
}

type Operator = (subject: Subject, value: unknown) => Fragment;

const MOST_VALUES = 1000;
const LONGEST_VALUE = 10_000;

const compare =
  (symbol: string): Operator =>
  (subject, value) =>
    sql`${subject.fragment} ${keyword(symbol)} ${boundValue(subject, value)}`;

const equal: Operator = (subject, value) => {
  if (value === null || value === undefined) return sql`${subject.fragment} is null`;
  if (Array.isArray(value)) return among(subject, value);
  return compare('=')(subject, value);
};

const among: Operator = (subject, value) => {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > MOST_VALUES) throw refuse(`a filter takes at most ${MOST_VALUES} values`);
  const present = values.filter((entry) => entry !== null && entry !== undefined);
  const listed = present.map((entry) => [boundValue(subject, entry)]);
  const tests = [
    ...(listed.length > 0 ? [sql`${subject.fragment} in (${join(listed, ', ')})`] : []),
    ...(present.length < values.length ? [sql`${subject.fragment} is null`] : []),
  ];
  return tests.length === 0 ? sql`1 = 0` : sql`(${join(tests, ' or ')})`;
};

const between: Operator = (subject, value) => {
  if (!Array.isArray(value) || value.length !== 2) throw refuse('the operator between takes two values');
  return sql`(${compare('>=')(subject, value[0])} and ${compare('<=')(subject, value[1])})`;
};

const like =
  (symbol: string, pattern: (text: string) => string): Operator =>
  (subject, value) =>
    sql`${subject.scope.dialect.asText(subject.fragment)} ${keyword(symbol)} ${bind(pattern(textOf(value)), 'text')} escape '!'`;

const literal = (text: string): string => text.replaceAll(/[!%_]/g, '!$&');
/** A user's own pattern escapes with a backslash, as in PostgreSQL and MySQL; ours is `!`, which all dialects read alike. */
const ownPattern = (text: string): string => text.replaceAll('!', '!!').replaceAll(/\\([\s\S])/g, '!$1');

const isNull: Operator = (subject) => sql`${subject.fragment} is null`;
const not =
  (operator: Operator): Operator =>
  (subject, value) =>
    subject.scope.dialect.notTrue(operator(subject, value));

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['is', equal],
  ['eq', equal],
  ['=', equal],
  ['is_not', not(equal)],
  ['ne', not(equal)],
  ['!=', not(equal)],
  ['gt', compare('>')],
  ['>', compare('>')],
  ['gte', compare('>=')],
  ['>=', compare('>=')],
  ['lt', compare('<')],
  ['<', compare('<')],
  ['lte', compare('<=')],
  ['<=', compare('<=')],
  ['in', among],
  ['not_in', not(among)],
  ['between', between],
  ['contains', like('like', (text) => `%${literal(text)}%`)],
  ['starts_with', like('like', (text) => `${literal(text)}%`)],
  ['ends_with', like('like', (text) => `%${literal(text)}`)],
  ['like', like('like', ownPattern)],
  ['is_null', isNull],
  ['is_not_null', not(isNull)],
]);

/**
 * The condition of one filter. Operators: `is`, `eq`, `=` (null tests for null, a list works as `in`), `is_not`, `ne`,
 * `!=`, `gt`, `gte`, `lt`, `lte` (and their signs), `in`, `not_in`, `between` (both ends included), `contains`,
 * `starts_with`, `ends_with` (text as written, case counts), `like` (`%`, `_`, `\` escapes), `is_null`, `is_not_null`.
 * `negation`, `ne` and `not_in` keep exactly the rows that the plain operator does not, those with null included.
 * @throws BroadsheetError `unprocessable` for an unknown operator or a value that does not fit the field.
 */
export function filterCondition(filter: QueryFilter, column: CatalogueColumn, scope: FilterScope): Fragment {
  const operator = OPERATORS.get(filter.operator.trim().toLowerCase());
  if (operator === undefined) throw refuse(`unknown filter operator ${shown(filter.operator)}`);
  const subject: Subject = { column, fragment: scope.dialect.identifier(column.name), scope };
  const condition = operator(subject, filter.value);
  return filter.negation ? scope.dialect.notTrue(condition) : condition;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw refuse('a filter value must be a text, a number or true/false here');
  }
  const text = String(value);
  if (text.length > LONGEST_VALUE) throw refuse('a filter value is too long');
  return text;
}

function boundValue({ column, scope }: Subject, value: unknown): Bound {
  const text = textOf(value);
  const wrong = (expected: string) =>
    refuse(`the filter on ${shown(column.name)} takes ${expected}, not ${shown(text)}`);
  switch (column.type) {
    case 'number': {
      if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return bind(text, 'integer');
      if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text)) return bind(text, 'number');
      throw wrong('a number');
    }
    case 'boolean':
      if (!['true', 'false'].includes(text.toLowerCase())) throw wrong('true or false');
      return bind(text.toLowerCase() === 'true', 'boolean');
    case 'time':
      return bind(parseInstant(text, scope.now, scope.zone).instant, 'instant');
    case 'date': {
      const day = localTime(parseInstant(text, scope.now, scope.zone).instant, scope.zone);
      const [year, month, date] = [day.year, day.month, day.day].map(String);
      return bind(`${year?.padStart(4, '0')}-${month?.padStart(2, '0')}-${date?.padStart(2, '0')}`, 'date');
    }
    case 'text':
    case 'json':
      return bind(text, 'inferred');
  }
}
