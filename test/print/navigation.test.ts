import { describe, expect, test } from 'vitest';
import { onFile, print, wordBoxes } from './printing.ts';

interface QpdfObject {
  readonly value?: Record<string, unknown>;
}

/** The objects of a PDF as qpdf reads them. */
function objectsOf(bytes: Uint8Array): Record<string, QpdfObject> {
  const json = JSON.parse(onFile(bytes, 'qpdf', '--json', '--json-key=qpdf', 'FILE')) as { qpdf: unknown[] };
  return json.qpdf[1] as Record<string, QpdfObject>;
}

const valuesOf = (bytes: Uint8Array): Record<string, unknown>[] =>
  Object.values(objectsOf(bytes)).flatMap(({ value }) => (value !== null && typeof value === 'object' ? [value] : []));

const text = (id: string, name: string, markdown: string) => ({ id, kind: 'text', name, settings: { text: markdown } });

describe('Links inside a document', () => {
  const report = {
    widgets: [
      text('a', 'Overview', 'See [details](#details), [отчёт](#отчёт), [again](#Details-2), [nowhere](#nowhere).'),
      text('b', 'Details', '# Отчёт\n\nText\n\n## Details'),
    ],
  };

  test('lead to places that the document names, and are kids of their Link elements', async () => {
    const { bytes, warnings } = await print(report);
    const values = valuesOf(bytes);
    const links = values.filter((value) => value['/Subtype'] === '/Link');
    expect(links.map((link) => link['/Contents'])).toEqual(['u:details', 'u:отчёт', 'u:again']);
    for (const link of links) expect(link['/StructParent']).toBeTypeOf('number');
    const actions = links.map((link) => link['/A'] as Record<string, unknown>).map((action) => action['/D']);
    const names = values.flatMap((value) => (value['/Dests'] as { '/Names'?: unknown[] })?.['/Names'] ?? []);
    expect(actions).toHaveLength(3);
    for (const name of actions) expect(names).toContain(name);
    expect(warnings.map(({ message }) => message)).toEqual(['no place "nowhere" in the report: not a link']);
  });

  test('cover the words of a line that is read from right to left', async () => {
    const widgets = [text('a', '', 'ראו את [התיעוד המלא](https://example.org/docs) לפני שינוי.')];
    const { bytes } = await print({ widgets });
    const [link] = valuesOf(bytes).filter((value) => value['/Subtype'] === '/Link');
    const [left = 0, , right = 0] = (link?.['/Rect'] ?? []) as number[];
    const words = wordBoxes(bytes).filter((word) => word.x2 > left + 1 && word.x1 < right - 1);
    expect(words.map((word) => [...word.text].reverse().join(''))).toEqual(['המלא', 'התיעוד']);
  });

  test('names are sorted by their bytes, as readers search them', async () => {
    const markdown = ['Zeta', 'alpha', '_x', 'Ёлка', 'яма', 'éa', '1'].map((name) => `# ${name}\n\ntext`).join('\n\n');
    const { bytes } = await print({ widgets: [text('a', '', markdown)] });
    const names = valuesOf(bytes).flatMap((value) => (value['/Dests'] as { '/Names'?: unknown[] })?.['/Names'] ?? []);
    const keys = names.filter((name) => typeof name === 'string').map((name) => keyBytes(name));
    expect(keys).toHaveLength(7);
    expect(keys).toEqual([...keys].sort(Buffer.compare));
  });

  test('the outline is a tree: headings of a text below the heading of its widget', async () => {
    const { bytes } = await print(report);
    const items = valuesOf(bytes).filter((value) => '/Title' in value && '/Parent' in value && '/Dest' in value);
    const titles = new Map(items.map((item) => [item['/Title'], item]));
    const objects = objectsOf(bytes);
    const parentTitle = (title: string): unknown => {
      const parent = titles.get(`u:${title}`)?.['/Parent'];
      return objects[`obj:${String(parent)}`]?.value?.['/Title'];
    };
    expect(items).toHaveLength(4);
    expect(parentTitle('Overview')).toBeUndefined();
    expect(parentTitle('Отчёт')).toBe('u:Details');
  });
});

/** A name as qpdf writes it, `u:text` or `b:hex`, as its bytes. */
function keyBytes(name: string): Buffer {
  return name.startsWith('b:') ? Buffer.from(name.slice(2), 'hex') : Buffer.from(name.slice(2), 'utf8');
}
