import { z } from '@hono/zod-openapi';
import { type BroadsheetError, badRequest } from '../../errors.ts';
import { checkStorable } from '../read-body.ts';

const MOST_SIZE = 2000;
const DEFAULT_SIZE = 10;
const SHOWN_LENGTH = 100;

/** A number in a path, a query, a form or JSON; what is none, also a list, is refused in OCP's words. */
const numeric = (type: 'Long' | 'Integer', most: number) =>
  z
    .unknown()
    .transform((given, issues) => {
      const isWhole = (typeof given === 'string' || typeof given === 'number') && /^-?\d{1,16}$/.test(String(given));
      const value = isWhole ? Number(given) : Number.NaN;
      if (Math.abs(value) <= most) return value;
      issues.addIssue({ code: 'custom', params: { type }, message: `not a ${type}` });
      return z.NEVER;
    })
    .openapi({ type: 'integer', format: type === 'Long' ? 'int64' : 'int32' });

export const long = () => numeric('Long', Number.MAX_SAFE_INTEGER);
const integer = () => numeric('Integer', 2 ** 31 - 1);

const truth = z
  .union([z.boolean(), z.string()])
  .transform((given, issues) => {
    if (typeof given === 'boolean') return given;
    if (/^(true|false)$/i.test(given)) return given.toLowerCase() === 'true';
    issues.addIssue({ code: 'custom', params: { type: 'Boolean' }, message: 'not a Boolean' });
    return z.NEVER;
  })
  .openapi({ type: 'boolean' });
export const bool = () => truth;

/** Words of a list, separated by commas or repeated: `status=CREATING,FAILED`. None at all is no filter. */
export const wordList = <const W extends string>(words: readonly [W, ...W[]]) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given, issues): W[] | undefined => {
      const named = [given].flat().flatMap((text) =>
        text
          .split(',')
          .map((word) => word.trim())
          .filter(Boolean),
      );
      const unknown = named.find((word) => !(words as readonly string[]).includes(word));
      if (unknown === undefined) return named.length === 0 ? undefined : (named as W[]);
      issues.addIssue({ code: 'custom', params: { type: words.join(' | '), value: unknown }, message: 'unknown word' });
      return z.NEVER;
    })
    .openapi({ type: 'string', description: `Some of ${words.join(', ')}, separated by commas` });

/** `page` from 1, `size` at most 2000: what every paged list takes. */
export const pageQuery = {
  page: integer()
    .default(1)
    .refine((page) => page >= 1, 'must be at least 1')
    .openapi({ type: 'integer', minimum: 1, default: 1 }),
  size: integer()
    .default(DEFAULT_SIZE)
    .refine((size) => size >= 1 && size <= MOST_SIZE, `must be 1 to ${MOST_SIZE}`)
    .openapi({ type: 'integer', minimum: 1, maximum: MOST_SIZE, default: DEFAULT_SIZE }),
};

const isDirection = (word: string): boolean => /^(asc|desc)$/i.test(word);

/** `sort=id,asc`: one of `columns`, ascending where nothing else is said. A page of OCP's documents has `asc,name`. */
export const sortQuery = <const C extends string>(columns: readonly C[]) =>
  z
    .unknown()
    .transform((given, issues) => {
      const words = typeof given === 'string' ? given.split(',').map((word) => word.trim()) : [];
      const [by, direction = 'asc', ...more] = isDirection(words[0] ?? '') ? words.toReversed() : words;
      const column = columns.find((name) => name === by);
      if (column !== undefined && isDirection(direction) && more.length === 0) {
        return { by: column, descending: direction.toLowerCase() === 'desc' };
      }
      const type = `${columns.join(' | ')}, then asc | desc`;
      issues.addIssue({ code: 'custom', params: { type }, message: 'not a sort' });
      return z.NEVER;
    })
    .openapi({ type: 'string', example: 'id,desc', description: `One of ${columns.join(', ')}; then asc or desc` });

/** The data of a paged list. */
export const pageOf = <T>(contents: readonly T[], total: number, { page, size }: { page: number; size: number }) => ({
  contents,
  page: { totalElements: total, totalPages: Math.ceil(total / size), number: page, size },
});

/**
 * Parameters by their schema.
 * @throws BroadsheetError `bad_request` with `detail.rule` missing_parameter, wrong_type or invalid: the first problem.
 */
export function checkedParameters<S extends z.ZodType>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
): z.output<S> {
  checkStorable(given);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refusalOfIssue(parsed.error.issues[0], given);
}

/**
 * A JSON body by its schema.
 * @throws BroadsheetError as `checkedParameters`; `detail.subErrors` names every field that is wrong.
 */
export function checkedBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const refusal = refusalOfIssue(parsed.error.issues[0], body);
  const subErrors = parsed.error.issues.map(({ path, message }) => ({ field: nameOf(path), message }));
  throw badRequest(refusal.message, { ...refusal.detail, subErrors });
}

type Issue = z.core.$ZodIssue;

function refusalOfIssue(issue: Issue | undefined, given: unknown): BroadsheetError {
  if (issue === undefined) return badRequest('Bad Request');
  const name = nameOf(issue.path);
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], given);
  if (value === undefined && issue.code !== 'unrecognized_keys' && issue.path.length > 0) {
    return badRequest(`${name} parameter is missing`, { rule: 'missing_parameter', name });
  }
  const params = issue.code === 'custom' ? (issue.params as { type?: string; value?: string } | undefined) : undefined;
  if (params?.type !== undefined) {
    const shown = (params.value ?? textOf(value)).slice(0, SHOWN_LENGTH);
    return badRequest(`${name}: not of type ${params.type}`, {
      rule: 'wrong_type',
      name,
      value: shown,
      type: params.type,
    });
  }
  return badRequest(`${name}: ${issue.message}`, { rule: 'invalid', name, problem: issue.message.slice(0, 300) });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const nameOf = (path: readonly PropertyKey[]): string => path.map(String).join('.').slice(0, SHOWN_LENGTH) || 'body';
