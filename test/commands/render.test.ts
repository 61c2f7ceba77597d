import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { png } from '../definition/pictures.ts';
import { type TestDatabase, testDatabase } from '../harness/database.ts';
import { runCommand } from '../harness/serve-process.ts';

const REPORT = `
name: Weather & more
period: [2026-05-01, 2026-05-31]
time_zone: Europe/Moscow
header: { text: Head, image: logo.png }
widgets:
  chart:
    kind: timeseries
    heading: Temperature
    sql: select day, degrees from weather where day >= $period_from and day < $period_to order by day
  rows:
    kind: table
    heading: Rows
    query: { dataset: weather, fields: [{ field: day }, { field: degrees }], order_by: [{ field: day }], limit: 100 }
  words: { kind: text, heading: Words, text: "Some **words**." }
`;

let database: TestDatabase;
let folder: string;
let url: string;

beforeAll(async () => {
  database = await testDatabase({ empty: true });
  await database.sql.unsafe(`
    create table weather (day timestamptz, degrees numeric);
    insert into weather select d, extract(day from d) / 2 from generate_series('2026-05-01T00:00Z'::timestamptz, '2026-05-30T00:00Z', '1 day') d;
    do $$ begin if not exists (select from pg_roles where rolname = 'render_test') then create role render_test login; end if; end $$;
    grant select on weather to render_test;
  `);
  url = database.url.replace(/user=[^&]*/, 'user=render_test').replace(/\/\/[^@/]*@/, '//render_test@');
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-render-'));
  writeFileSync(join(folder, 'report.yaml'), REPORT);
  writeFileSync(join(folder, 'logo.png'), png(30, 12));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

const render = (args: readonly string[], settings: Record<string, string> = {}) =>
  runCommand(['render', ...args], { LOG_LEVEL: 'warn', ...settings });

describe('broadsheet render', () => {
  test('prints a report as code from a database, without a store: the result is JSON on stdout', async () => {
    const output = join(folder, 'out.pdf');
    const { code, stdout, stderr } = await render([
      join(folder, 'report.yaml'),
      '-o',
      output,
      '--source',
      url,
      '--at',
      '2026-06-01T04:00:00Z',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    const bytes = readFileSync(output);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(result).toMatchObject({
      file: output,
      name: 'Weather & more 2026-06-01.pdf',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      warnings: [],
    });
    expect(result.widgets).toMatchObject([
      { widget_id: 'chart', state: 'ok', rows: 30 },
      { widget_id: 'rows', state: 'ok', rows: 30 },
      { widget_id: 'words', state: 'ok' },
    ]);
    const again = await render([
      join(folder, 'report.yaml'),
      '-o',
      output,
      '--source',
      `default=${url}`,
      '--at',
      '2026-06-01T04:00:00Z',
    ]);
    expect(JSON.parse(again.stdout).sha256).toBe(result.sha256);
  });

  test('a widget that fails makes the document partial, exit code 3', async () => {
    writeFileSync(
      join(folder, 'bad.yaml'),
      REPORT.replace('select day, degrees from weather', 'select nothing from nowhere'),
    );
    const { code, stdout } = await render([join(folder, 'bad.yaml'), '-o', join(folder, 'bad.pdf'), '--source', url]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).widgets[0]).toMatchObject({ state: 'failed' });
  });

  test.each([
    ['a misspelt key', `${REPORT}\ncolour: red\n`, /colour/],
    ['no YAML', 'a: [', /bad-input\.yaml/],
    ['an image that is not there', REPORT.replace('logo.png', 'nowhere.png'), /nowhere\.png/],
  ])(
    '%s is told in one line, exit code 2',
    async (_, text, message) => {
      writeFileSync(join(folder, 'bad-input.yaml'), text);
      const { code, stdout, stderr } = await render([
        join(folder, 'bad-input.yaml'),
        '-o',
        join(folder, 'x.pdf'),
        '--source',
        url,
      ]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
    },
    120_000,
  );

  test('a file that is not there and an instant that is none are told, exit code 2', async () => {
    expect((await render([join(folder, 'none.yaml'), '-o', 'x.pdf'])).code).toBe(2);
    expect((await render([join(folder, 'report.yaml'), '-o', 'x.pdf', '--at', 'tomorrow'])).code).toBe(2);
  });
});
