import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createCruddyApp } from '../../../src/http/cruddy/cruddy.ts';
import { type Client, cruddyClient, someId } from './client.ts';

/**
 * Every endpoint that the family documents, its bodies made from its own schemas with anything at all in any place:
 * whatever comes, the answer is one of ours and never a defect.
 */
let client: Client;
/** Ids of real objects of every noun, so that inputs get beyond "not found". */
const known: string[] = [];

beforeAll(async () => {
  client = await cruddyClient();
  const create = async (noun: string, body: object): Promise<string> => {
    const made = await client.call('POST', `/${noun}/create`, body);
    expect(made.status).toBe(201);
    known.push(made.body.id);
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
  known.push(client.admin.userId);
});
afterAll(() => client.close());

const nest = (depth: number): unknown => (depth === 0 ? 'x' : [nest(depth - 1)]);

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
const plausible = fc.oneof(
  fc.constantFrom('now', '@daily', '0 9 * * *', 'Europe/Moscow', 'a@example.test', 'name', 'id', 'users', 'created_at'),
  fc.constantFrom('equal', 'range', 'intersection', 'substr', '2026-03-02T10:00:00Z', 1, 2, true, {}, [], null),
  fc.integer({ min: 0, max: 40 }).map((index) => known[index % Math.max(1, known.length)]),
  fc.uuid(),
);

/** Values of a schema's shape, wild at every level. */
function wild(schema: z.ZodType, depth = 0): fc.Arbitrary<unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: zod's definitions are looked into
  const { def } = schema as any;
  const inner: z.ZodType | undefined = def.innerType ?? def.in;
  if (inner) return wild(inner, depth);
  if (def.type === 'object' && depth < 4) {
    const fields = Object.entries(def.shape as Record<string, z.ZodType>).map(([name, field]) => [
      name,
      wild(field, depth + 1),
    ]);
    return fc.oneof(
      { weight: 6, arbitrary: fc.record(Object.fromEntries(fields), { requiredKeys: [] }) },
      { weight: 1, arbitrary: hostile },
    );
  }
  if (def.type === 'array' && depth < 6) {
    return fc.oneof(
      { weight: 3, arbitrary: fc.array(wild(def.element, depth + 1), { maxLength: 3 }) },
      { weight: 1, arbitrary: hostile },
    );
  }
  const words = def.type === 'enum' ? fc.constantFrom(...Object.values(def.entries as object)) : plausible;
  return fc.oneof(words, plausible, hostile);
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly body: z.ZodType | undefined;
}

const endpoints: Endpoint[] = createCruddyApp({ contextOf: () => ({}) as never }).openAPIRegistry.definitions.flatMap(
  (definition) => {
    if (definition.type !== 'route') return [];
    const { method, path, request } = definition.route;
    const media = request?.body?.content?.['application/json'];
    return [
      {
        method: method.toUpperCase(),
        path,
        body: media && 'schema' in media ? (media.schema as z.ZodType) : undefined,
      },
    ];
  },
);

const pathPart = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((index) => known[index % Math.max(1, known.length)] ?? ''),
  fc.uuid(),
  hostile.filter((value) => typeof value === 'string' && value.length < 1000 && value.isWellFormed()).map(String),
);

describe('hostile input', () => {
  it('finds endpoints to try', () => {
    expect(endpoints.length).toBeGreaterThan(40);
  });

  it.each(endpoints)('$method $path answers in the family’s shape, never 5xx', async ({ method, path, body }) => {
    const query = fc.option(fc.oneof(pathPart, fc.constantFrom('users', 'owner,users', ',')), { nil: null });
    await fc.assert(
      fc.asyncProperty(
        fc.array(pathPart, { minLength: 3, maxLength: 3 }),
        query,
        body ? wild(body) : fc.constant(undefined),
        async (parts, relations, sent) => {
          let place = 0;
          const url = path.replace(/{.+?}/g, () => encodeURIComponent(parts[place++] ?? ''));
          const suffix = relations === null ? '' : `?relations=${encodeURIComponent(relations)}`;
          // The admin has to stay who it is, or every further answer would be 403.
          const spared = method === 'DELETE' || path.startsWith('/users') ? known.slice(0, -1) : known;
          if (spared !== known && JSON.stringify([url, sent]).includes(client.admin.userId)) return;
          const answer = await client.call(method, url + suffix, sent);
          expect(answer.status, JSON.stringify(answer.body)?.slice(0, 500)).toBeLessThan(500);
          if (answer.status < 400) return;
          expect(typeof answer.body.error).toBe('string');
          expect(answer.body.error.length).toBeLessThan(400);
          const keys = Object.keys(answer.body);
          if (answer.status === 422 && 'relations' in answer.body)
            expect(keys).toEqual(['error', 'error_code', 'relations']);
          else expect(answer.body).toEqual({ error: answer.body.error, error_code: answer.status });
        },
      ),
      { numRuns: 40 },
    );
  });
});
