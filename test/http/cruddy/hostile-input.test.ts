import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createCruddyApp } from '../../../src/http/cruddy/cruddy.ts';
import { type Answer, type Client, cruddyClient, someId } from './client.ts';

/**
 * Every endpoint that the family documents, its bodies made from its own schemas with anything at all in any place:
 * whatever comes, the answer is one of ours and never a defect.
 */
let client: Client;
/** Ids of real objects by noun, so that inputs get beyond "not found". */
const known: Record<string, string[]> = {};

beforeAll(async () => {
  client = await cruddyClient();
  const create = async (noun: string, body: object): Promise<string> => {
    const made = await client.call('POST', `/${noun}/create`, body);
    expect(made.status).toBe(201);
    known[noun] = [...(known[noun] ?? []), made.body.id];
    return made.body.id;
  };
  for (let n = 0; n < 2; n += 1) {
    const dashboard_id = await create('dashboards', { name: 'D' });
    await create('widgets', { name: 'W', dashboard_id });
    const category_id = await create('report_category', { name: 'C' });
    const report_id = await create('reports', { name: 'R', dashboard_id, category_id });
    await create('report_tasks', { interval: '@daily', instance: someId(), report_id });
    await create('groups', { name: 'G' });
    await create('users', { username: `user ${n}`, email: 'u@example.test' });
  }
});
afterAll(() => client.close());

const nest = (depth: number): unknown => (depth === 0 ? 'x' : [nest(depth - 1)]);

const NOUNS = ['users', 'groups', 'dashboards', 'widgets', 'report_category', 'reports', 'report_tasks'];

const HOSTILE: readonly unknown[] = [
  "'; drop table users; --",
  '1 or 1=1',
  '$1',
  '%',
  '\\',
  'a\u0000b',
  '\ud800',
  '🙂\u202e',
  '../../etc/passwd',
  'a\r\nBcc: x@example.test',
  '__proto__',
  'constructor',
  'x'.repeat(70_000),
  '',
  ' ',
  '9999999999999999999999',
  '2026-13-45T99:99:99Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999-23:59',
  '294276-12-31T00:00:00Z',
  '{a,b}',
  0,
  -1,
  0.1,
  1e308,
  2 ** 53,
  true,
  false,
  null,
  [],
  {},
  [null],
  [[]],
  { toString: 1 },
  { length: 1e9 },
  nest(50),
  nest(200),
  Array(10_000).fill('00000000-0000-4000-8000-000000000000'),
];

const hostile = fc.constantFrom(...HOSTILE);

/** Texts that are stored and searched as they are, whatever they look like. */
const NASTY_TEXTS = HOSTILE.filter((value) => typeof value === 'string' && /^[^\p{C}]{1,200}$/u.test(value)).map(
  String,
);
const text = fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }));
const idOf = (noun: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.nat(100).map((index) => known[noun]?.[index % (known[noun]?.length ?? 1)] ?? '') },
    { weight: 1, arbitrary: fc.uuid() },
  );
const anyId = fc.constantFrom(...NOUNS).chain(idOf);
const time = fc.constantFrom('2026-03-02T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z');
const words = (...given: unknown[]) => fc.constantFrom(...given);

/** What gets far in the fields of these names. */
const BY_NAME: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  email: words('a@example.test', 'ё@пример.рф'),
  to: words(['a@example.test'], ['A <a@example.test>', 'b@example.test'], []),
  cc: words(null, ['a@example.test']),
  bcc: words(null, []),
  reply_to: words('a@example.test', null),
  interval: words('@daily', '0 9 * * *', '*/5 * * * 1'),
  time_zone: words('UTC', 'europe/moscow', null),
  instance: fc.uuid(),
  report_id: idOf('reports'),
  dashboard_id: idOf('dashboards'),
  category_id: idOf('report_category'),
  parent_id: idOf('report_category'),
  user_id: idOf('users'),
  users: fc.array(idOf('users'), { maxLength: 2 }),
  user_ids: fc.array(idOf('users'), { maxLength: 2 }),
  groups: fc.array(idOf('groups'), { maxLength: 2 }),
  group_ids: fc.array(idOf('groups'), { maxLength: 2 }),
  reports: fc.array(idOf('reports'), { maxLength: 2 }),
  start_at: words('2026-03-02T10:00:00Z', null),
  end_at: words('2027-03-02T10:00:00Z', null),
  field: words('id', 'name', 'created_at', 'is_system', 'users', 'reports', 'owner', 'size', 'roles', 'parent_id'),
  include_fields: words(['id'], ['name'], null),
  exclude_fields: words(['id'], ['name'], null),
  relations: words(['owner'], [], null),
  type: words('equal', 'substr', 'intersection', 'range'),
  value: fc.oneof(hostile, anyId, time, text, fc.array(fc.oneof(anyId, time, text, fc.double()), { maxLength: 3 })),
  limit: fc.oneof(fc.nat(2000), fc.constant(null)),
  offset: fc.oneof(fc.nat(), fc.constant(null)),
};

/** Values of a schema's own shape, one leaf in twenty anything at all. `noun` is whose ids are meant by `id`. */
function wild(schema: z.ZodType, noun: string, name = '', depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 19, arbitrary: tame(schema, noun, name, depth) },
    { weight: depth === 0 ? 0 : 1, arbitrary: hostile },
  );
}

function tame(schema: z.ZodType, noun: string, name: string, depth: number): fc.Arbitrary<unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: zod's definitions are looked into
  const { def } = schema as any;
  const inner: z.ZodType | undefined = def.innerType ?? def.in;
  if (inner) return tame(inner, noun, name, depth);
  const named = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (named) return named;
  if (def.type === 'object') {
    const shape = Object.entries(def.shape as Record<string, z.ZodType>);
    const fields = Object.fromEntries(shape.map(([key, field]) => [key, wild(field, noun, key, depth + 1)]));
    const required = shape.flatMap(([key, field]) => (field.safeParse(undefined).success ? [] : [key]));
    return fc.record(fields, { requiredKeys: required });
  }
  if (def.type === 'array') return fc.array(wild(def.element, noun, name, depth + 1), { minLength: 1, maxLength: 2 });
  if (def.type === 'record') return fc.dictionary(text, fc.oneof(hostile, fc.jsonValue()), { maxKeys: 4 });
  if (def.type === 'enum') return fc.constantFrom(...Object.values(def.entries as object));
  if (def.type === 'boolean') return fc.boolean();
  if (def.type === 'number') return fc.nat();
  if (def.format === 'guid') return idOf(noun);
  if (def.format === 'datetime') return time;
  return def.type === 'string' ? text : hostile;
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly body: z.ZodType | undefined;
  readonly documented: readonly number[];
}

/** All that the family documents; deletes last, so that the others find something. */
const endpoints: Endpoint[] = createCruddyApp({ contextOf: () => ({}) as never })
  .openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { method, path, request, responses } = definition.route;
    const media = request?.body?.content?.['application/json'];
    const body = media && 'schema' in media ? (media.schema as z.ZodType) : undefined;
    return [{ method: method.toUpperCase(), path, body, documented: Object.keys(responses).map(Number) }];
  })
  .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));

const nounOf = (path: string): string => path.split('/')[1] ?? '';
const pathText = hostile.filter((value) => typeof value === 'string' && value.length < 1000 && value.isWellFormed());

const checkAnswer = ({ status, body }: Answer): void => {
  expect(status, JSON.stringify(body)?.slice(0, 500)).toBeLessThan(500);
  if (status < 400) return;
  const keys = status === 422 && body.relations ? ['error', 'error_code', 'relations'] : ['error', 'error_code'];
  expect(Object.keys(body)).toEqual(keys);
  if (keys.length === 2) expect(body.error_code).toBe(status);
  expect(typeof body.error).toBe('string');
  expect(body.error.length).toBeLessThan(400);
};

describe('hostile input', () => {
  it.each(endpoints)(
    '$method $path answers as documented, never 5xx',
    async ({ method, path, body, documented }) => {
      const part = fc.oneof(
        { weight: 3, arbitrary: idOf(nounOf(path)) },
        { weight: 1, arbitrary: pathText.map(String) },
      );
      const query = fc.option(fc.oneof(pathText.map(String), fc.constantFrom('users', 'owner,users', ',')), {
        nil: null,
      });
      const sent = body ? wild(body, nounOf(path)) : fc.constant(undefined);
      await fc.assert(
        fc.asyncProperty(fc.tuple(part, part, part), query, sent, async (parts, relations, input) => {
          let place = 0;
          const url = path.replace(/{.+?}/g, () => encodeURIComponent(parts[place++] ?? ''));
          const suffix = relations === null ? '' : `?relations=${encodeURIComponent(relations)}`;
          const answer = await client.call(method, url + suffix, input);
          checkAnswer(answer);
          expect(documented).toContain(answer.status);
        }),
        { numRuns: 25 },
      );
      // A generation that nobody works waits its full time before it answers 202.
    },
    120_000,
  );

  /** Between them these two have fields of every type. */
  it.each(['users', 'reports'])('in a search of %s is a value like others, in every field', async (noun) => {
    const { fields, relations } = (await client.call('GET', `/${noun}/_meta`)).body as Meta;
    const small = HOSTILE.filter((value) => (JSON.stringify(value)?.length ?? 0) < 500);
    const values = [...small, ...(known[noun] ?? []), '2026-03-02T10:00:00Z'];
    const shaped: Readonly<Record<string, (value: unknown) => unknown>> = {
      equal: (value) => value,
      substr: (value) => value,
      intersection: (value) => [value, value],
      range: (value) => ({ from: value }),
    };
    const filters = [
      ...fields.flatMap(({ name, filters: types }) => types.map((type) => ({ field: name, type }))),
      ...relations.map((field) => ({ field, type: 'intersection' })),
    ];
    for (const filter of filters) {
      const statuses = new Set<number>();
      for (const value of values) {
        const given = shaped[filter.type]?.(value);
        const answer = await client.call('POST', `/${noun}/search`, {
          filters: [{ ...filter, value: given }],
          limit: 1,
        });
        checkAnswer(answer);
        statuses.add(answer.status);
      }
      expect(statuses, JSON.stringify(filter)).toContain(200);
    }
  });
});

interface Meta {
  readonly fields: readonly { name: string; filters: readonly string[] }[];
  readonly relations: readonly string[];
}
