import { rowsOf, type TestReport, type TestWidget } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const SENTENCES = [
  'The night shift saw three alerts, all of them from the same rack.',
  'Each was closed within ten minutes, and none of them reached a customer.',
  'The cause was a fan that had begun to fail the week before; it was replaced in the morning.',
  'Nothing else was found, but the thresholds of the other racks have been lowered for a month.',
  'A longer look at the temperatures shows that the room is warmer than it was a year ago.',
];

const paragraph = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => SENTENCES[(from + index) % SENTENCES.length]).join(' ');

const chapters = (count: number): string =>
  Array.from({ length: count }, (_, chapter) =>
    [
      `## Chapter ${chapter + 1}`,
      paragraph(chapter, 4 + (chapter % 4)),
      `### What was done`,
      `- ${SENTENCES[chapter % 5]}\n- ${SENTENCES[(chapter + 2) % 5]}`,
      paragraph(chapter + 1, 3 + (chapter % 3)),
      ...(chapter % 3 === 1
        ? ['| rack | alerts | minutes |\n|---|--:|--:|\n| A | 3 | 21 |\n| B | 0 | 0 |\n| C | 1 | 4 |']
        : []),
      ...(chapter % 4 === 2 ? [`> ${paragraph(chapter + 2, 2)}`] : []),
    ].join('\n\n'),
  ).join('\n\n');

const text = (id: string, name: string, markdown: string): TestWidget => ({
  id,
  kind: 'text',
  name,
  settings: { text: markdown },
});

const footer = { show: true, show_page_number: true };

/** A chart that does not fit below the heading at the foot of the first page. */
function keptReport(): TestReport {
  return {
    name: 'Headings stay with what they head',
    settings: { footer },
    widgets: [
      { id: 'filler', kind: 'table', name: 'Hosts', sql: 'hosts' },
      text('heading', '', '## A chapter begins here'),
      { id: 'chart', kind: 'histogram', name: 'Alerts by rack', sql: 'racks' },
    ],
    pages: [
      [
        { widget_id: 'filler', y: 0 },
        { widget_id: 'heading', y: 1 },
        { widget_id: 'chart', y: 2, h: 6 },
      ],
    ],
    answers: {
      hosts: rowsOf(
        'host alerts:number',
        Array.from({ length: 27 }, (_, row) => [`host-${row}`, (row * 7) % 5]),
      ),
      racks: rowsOf('rack alerts:number', [
        ['A', 3],
        ['B', 1],
        ['C', 4],
      ]),
    },
  };
}

/** More headings than one page of contents has room for. */
function longContents(): TestReport {
  const names = Array.from({ length: 36 }, (_, index) => `Section ${index + 1}`);
  return {
    name: 'Handbook of the night shift',
    settings: { contents: { show: true, depth: 2 }, footer, style: { show_title: true } },
    widgets: names.map((name, index) =>
      text(
        `s${index}`,
        `${name}: ${SENTENCES[index % 5]}`,
        `${paragraph(index, 1)}\n\n## Steps\n\n${paragraph(index + 1, 1)}\n\n## Checks\n\n${paragraph(index + 3, 1)}`,
      ),
    ),
  };
}

function brokenPages(): TestReport {
  return {
    name: 'Page breaks',
    settings: { footer },
    widgets: [
      text(
        'one',
        'Before',
        `${paragraph(0, 4)}\n\n<!-- pagebreak -->\n\nThis paragraph begins a page: the text asked for it.\n\n\\newpage\n\nAnd so does this one.`,
      ),
      text('two', 'After', 'This widget begins a page: its place on the page asked for it.'),
    ],
    pages: [
      [
        { widget_id: 'one', y: 0 },
        { widget_id: 'two', y: 1, page_break: 'before' },
      ],
    ],
  };
}

const CODE = [
  'Text may hold `code`, **bold**, *italic*, ~~struck~~ and [links](https://example.org), and links to [a place below](#a-place-below).',
  '```\nselect region,\n       count(*) as orders   -- one row a region\nfrom orders\ngroup by 1\n```',
  '1. First\n   - nested, with `code`\n   - nested again\n2. Second',
  '> A quotation over more than one line: it has a bar at its left, and its text is a little fainter than that of the page around it, but never too faint.',
  '| Left | Right | Middle |\n|:--|--:|:-:|\n| `a` | 1 | **b** |\n| c | 2 200 | d |',
  '---',
  '### A place below',
  'The link above leads here.',
].join('\n\n');

export const textPages: readonly GalleryPage[] = [
  {
    name: 'long-text',
    shows: 'a text over pages: no heading left alone, no paragraph with one line on a page',
    report: () => ({
      name: 'Logbook',
      settings: { footer, contents: { show: true } },
      widgets: [text('log', '', chapters(14))],
    }),
  },
  {
    name: 'markdown',
    shows: 'what a text may hold',
    report: () => ({ name: 'Text', widgets: [text('t', 'Notes', CODE)] }),
  },
  {
    name: 'markdown-print',
    shows: 'the same in the print design',
    report: () => ({ name: 'Text', settings: { style: { theme: 'print' } }, widgets: [text('t', 'Notes', CODE)] }),
  },
  { name: 'kept-heading', shows: 'a heading goes to the next page with its chart', report: keptReport },
  { name: 'contents-over-pages', shows: 'contents of two pages, with the right page numbers', report: longContents },
  { name: 'page-breaks', shows: 'pages that author and text asked for', report: brokenPages },
];
