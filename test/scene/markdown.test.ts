import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { themeOf } from '../../src/charts/theme.ts';
import { collectAnchors, safeLink } from '../../src/scene/anchors.ts';
import { heightOf, takeFragment } from '../../src/scene/flow.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { markdownFlow } from '../../src/scene/markdown.ts';
import { isPiece, type Mark, type Piece } from '../../src/scene/scene.ts';
import { createRuler } from '../../src/scene/text.ts';

const ruler = createRuler(createFontRegistry());
const flowOf = (source: string, width = 300) =>
  markdownFlow(source, {
    theme: themeOf(null),
    ruler,
    family: null,
    width,
    id: 'x',
    section: 'x',
    headingLevel: 2,
    isHeaded: true,
    anchors: collectAnchors([
      { section: 'x', heading: null, anchor: null, content: { kind: 'text', markdown: source } },
    ]),
  });

function* marksOf(content: Iterable<Mark | Piece>): Iterable<Mark> {
  for (const item of content) {
    if (isPiece(item)) yield* marksOf(item.content);
    else yield item;
  }
}
function* tagsOf(content: Iterable<Mark | Piece>): Iterable<string> {
  for (const item of content) {
    if (!isPiece(item)) continue;
    yield item.tag;
    yield* tagsOf(item.content);
  }
}
const textOf = (pieces: Iterable<Piece>): string =>
  [...marksOf(pieces)]
    .map((mark) => (mark.kind === 'text' ? mark.line.runs.map((run) => run.text).join('') : ''))
    .join('|');

describe('Markdown on the page', () => {
  test('headings begin one level below the heading above and never skip one', () => {
    const flow = flowOf('### deep first\n\n# top\n\n#### deeper');
    expect([...tagsOf(flow.paint(0, flow.count, 0, 0))]).toEqual(['H3', 'H3', 'H4']);
    const equal = flowOf('## one\n\n## two\n\n#### below\n\n### above\n\n## three');
    expect([...tagsOf(equal.paint(0, equal.count, 0, 0))]).toEqual(['H3', 'H3', 'H4', 'H4', 'H3']);
  });

  test('lists, quotations, tables and code become their elements', () => {
    const flow = flowOf('- a\n  1. b\n\n> q\n\n| h | i |\n|---|--:|\n| 1 | 2 |\n\n```\nx  y\n```\n\n---');
    const tags = [...tagsOf(flow.paint(0, flow.count, 0, 0))];
    for (const tag of ['L', 'LI', 'Lbl', 'LBody', 'Table', 'TR', 'TH', 'TD', 'Artifact', 'P'])
      expect(tags).toContain(tag);
    expect(textOf(flow.paint(0, flow.count, 0, 0))).toMatch(/•\|a\|.*1\.\|b\|.*q\|.*h\|i\|1\|2\|.*x\u00a0\u00a0y/);
  });

  test('only addresses that are safe to follow are links', () => {
    expect(safeLink('https://example.org/a b')).toBe('https://example.org/a%20b');
    expect(safeLink('mailto:a@example.org')).toBe('mailto:a@example.org');
    for (const href of [
      'javascript:alert(1)',
      ' JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'vbscript:x',
      '//x',
      '/x',
      '',
      'java\nscript:x',
    ]) {
      expect(safeLink(href)).toBeNull();
    }
  });

  test('a heading is never the last of its page', () => {
    const flow = flowOf('text\n\n# Heading\n\nmore text');
    const before = heightOf(flow, 0, 2);
    expect(takeFragment(flow, 0, before + 3, true)?.to).toBe(1);
  });

  test('the first and the last line of a paragraph are never alone', () => {
    const flow = flowOf('word '.repeat(60), 200);
    const line = flow.height(0);
    expect(flow.count).toBeGreaterThan(4);
    expect(takeFragment(flow, 0, line * 1.5, false)).toBeNull();
    expect(takeFragment(flow, 0, line * (flow.count - 0.5), true)?.to).toBe(flow.count - 2);
  });

  test('a table that goes on at the top of a page has its header again, as decoration', () => {
    const rows = Array.from({ length: 30 }, (_, index) => `| row ${index} | ${index} |`).join('\n');
    const flow = flowOf(`Before\n\n| name | count |\n| --- | --- |\n${rows}`);
    const first = takeFragment(flow, 0, 150, true);
    const second = takeFragment(flow, first?.to ?? 0, 150, true);
    const pieces = [...flow.paint(second?.from ?? 0, second?.to ?? 0, 0, 0)];
    expect(pieces[0]?.tag).toBe('Artifact');
    expect(textOf(pieces.slice(0, 1))).toContain('name');
    const [height, painted] = [second?.height ?? 0, [...marksOf(pieces)]];
    expect(Math.max(...painted.map((mark) => ('y' in mark ? mark.y : mark.y2)))).toBeLessThanOrEqual(height + 0.01);
    expect(heightOf(flow, 0, first?.to ?? 0)).toBe(first?.height);
  });

  test('fragments of any height together have every slice once, and fit', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('# h\n\n', 'word '.repeat(30), '\n\n', '- item\n', '| a |\n|---|\n| b |\n\n', '> q\n\n'),
          { maxLength: 12 },
        ),
        fc.integer({ min: 60, max: 300 }),
        (parts, room) => {
          const flow = flowOf(parts.join(''));
          let from = 0;
          while (from < flow.count) {
            const fragment = takeFragment(flow, from, room, true);
            if (fragment === null) throw new Error('no fragment');
            expect(fragment.from).toBe(from);
            expect(fragment.to).toBeGreaterThan(from);
            expect(fragment.height).toBeLessThanOrEqual(room + 0.02);
            from = fragment.to;
          }
        },
      ),
    );
  });
});
