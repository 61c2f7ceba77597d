import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseReportFile } from '../../src/definition/report-file.ts';
import { reportJsonSchema } from '../../src/definition/report-json-schema.ts';

const YAML = `
name: Weather
name_mask: "{report} {from}"
period: last month
time_zone: Europe/Berlin
locale: ru
sources:
  main: { url: postgres://reader@localhost/weather }
widgets:
  temperature:
    kind: timeseries
    heading: Temperature
    sql: select at, maximum from weather where at >= $period_from
    settings: { showDots: true }
    mappings: { xAxis: { field: at } }
  stations:
    kind: table
    series:
      - source: other
        query: { dataset: stations, fields: [{ field: name }], limit: 5, order_by: [{ field: name, direction: desc }] }
  words: { kind: markdown, text: "# Hello" }
pages:
  - - { widget: temperature, w: 12, h: 5 }
    - { widget: stations, x: 6, y: 5, w: 6 }
  - - { widget: words }
header: { text: Head, text_align: center }
style: { orientation: landscape, paper: Letter }
`;

describe('a report as code', () => {
  const file = parseReportFile(parse(YAML));

  test('becomes the same definition as a stored report', () => {
    const { definition } = file;
    expect(definition).toMatchObject({ name: 'Weather', nameMask: '{report} {from}', period: ['last month'] });
    expect(
      definition.pages.map((page) => page.map(({ widget, x, y, w, h }) => [widget.id, widget.kind, x, y, w, h])),
    ).toEqual([
      [
        ['temperature', 'timeseries', 0, 0, 12, 5],
        ['stations', 'table', 6, 5, 6, null],
      ],
      [['words', 'text', 0, 0, 12, null]],
    ]);
    const [temperature, stations] = definition.pages.flat().map(({ widget }) => widget);
    expect(temperature?.series).toMatchObject([{ name: 'Temperature', mode: 'sql', source: 'main' }]);
    expect(stations?.series).toMatchObject([
      { mode: 'query', source: 'other', query: { limit: 5, orderBy: [{ direction: 'desc' }] } },
    ]);
    expect(definition.header).toMatchObject({ show: true, text: 'Head', textAlign: 'center' });
    expect(definition.footer.show).toBe(false);
    expect(definition.style).toMatchObject({ orientation: 'landscape', paper: 'Letter' });
    expect(file).toMatchObject({
      timeZone: 'Europe/Berlin',
      locale: 'ru',
      sources: { main: 'postgres://reader@localhost/weather' },
      warnings: [],
    });
  });

  test.each([
    [{}, /name: .*widgets: /],
    [{ name: 'x', widgets: {}, colour: 'red' }, /colour/],
    [{ name: 'x', widgets: { a: { kind: 'map' } } }, /widgets\.a\.kind: unknown kind/],
    [
      { name: 'x', widgets: { a: { kind: 'table' } }, pages: [[{ widget: 'b' }]] },
      /pages\.0\.0\.widget: no widget "b"/,
    ],
    ['text', /not a report file/],
    [null, /not a report file/],
  ])('what is wrong is named with its path: %j', (content, message) => {
    expect(() => parseReportFile(content)).toThrow(message);
  });

  test('the published JSON Schema is the one that validates', () => {
    const published = readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published), 'run: npm run docs').toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  });
});

test('a cover, contents, headings of pages, page breaks and a palette come with their defaults', () => {
  const { definition, warnings } = parseReportFile({
    name: 'Sales',
    widgets: { a: { kind: 'text', text: 'A' }, b: { kind: 'text', text: 'B', settings: { pageBreak: 'after' } } },
    pages: [{ title: 'First', items: [{ widget: 'a', page_break: 'before' }] }, [{ widget: 'b' }]],
    cover: { subtitle: 'April' },
    contents: {},
    style: { theme: 'print', palette: 'roma' },
  });
  expect(warnings).toEqual([]);
  expect(definition.pageTitles).toEqual(['First', null]);
  expect(definition.pages.map(([item]) => item?.breaks)).toEqual([
    { before: true, after: false },
    { before: false, after: true },
  ]);
  expect(definition.cover).toMatchObject({
    show: true,
    title: null,
    subtitle: 'April',
    showPeriod: true,
    showDate: true,
  });
  expect(definition.contents).toEqual({ show: true, depth: 2 });
  expect(definition.style).toMatchObject({ theme: 'print', palette: 'roma' });
});
