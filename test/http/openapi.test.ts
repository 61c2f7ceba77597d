import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { describeApi } from '../../scripts/write-docs.ts';

interface Operation {
  readonly summary?: string;
  readonly parameters?: { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

let text: string;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const operations = () =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
beforeAll(async () => {
  text = await describeApi();
  ({ paths } = JSON.parse(text) as { paths: typeof paths });
});

test('docs/openapi.json is what the service serves: else run `npm run docs`', () => {
  const kept = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  expect(kept === text).toBe(true);
});

test('every operation is told in a sentence, with its answers', () => {
  expect(operations().length).toBeGreaterThan(60);
  const bare = operations().filter(
    ({ operation }) => !operation.summary || Object.keys(operation.responses).length === 0,
  );
  expect(bare.map(({ name }) => name)).toEqual([]);
});

test('every place in a path is a parameter, and every reference leads somewhere', () => {
  for (const { name, path, operation } of operations()) {
    const places = [...path.matchAll(/{(.+?)}/g)].map((match) => match[1]);
    const declared = (operation.parameters ?? []).filter((entry) => entry.in === 'path').map((entry) => entry.name);
    expect({ name, declared }).toEqual({ name, declared: places });
  }
  const document = JSON.parse(text) as Record<string, unknown>;
  for (const [, reference = ''] of text.matchAll(/"\$ref": "#\/([^"]+)"/g)) {
    const target = reference
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(target, reference).toBeDefined();
  }
});
