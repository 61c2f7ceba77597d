import { expect, test } from 'vitest';
import { needs } from '../harness/needs.ts';
import { print, rowsOf, wordBoxes } from './printing.ts';

const paragraphs = (count: number): string => Array.from({ length: count }, () => 'Filler.').join('\n\n');

/** Pages of a heading, of the text below it, and of the chart that stands below both. */
async function pagesOf(above: number, lines: number): Promise<readonly (number | undefined)[]> {
  const { bytes } = await print({
    widgets: [
      { id: 'above', kind: 'text', settings: { text: paragraphs(above) } },
      { id: 'lead', kind: 'text', name: 'LEADHEADING', settings: { text: `LEADTEXT\n\n${paragraphs(lines - 1)}` } },
      { id: 'chart', kind: 'toplist', name: 'CHARTNAME', sql: 'rows' },
    ],
    answers: {
      rows: rowsOf('city orders:number', [
        ['A', 3],
        ['B', 2],
      ]),
    },
  });
  const words = wordBoxes(bytes);
  return ['LEADHEADING', 'LEADTEXT', 'CHARTNAME'].map((text) => words.find((word) => word.text === text)?.page);
}

needs('pdftotext')('a heading with a few lines', () => {
  test('stands on the page of what it leads to, however full the page before is', async () => {
    const seen = new Set<number | undefined>();
    for (let above = 14; above < 36; above += 1) {
      const [heading, text, chart] = await pagesOf(above, 1);
      expect([heading, text], `${above} paragraphs above`).toEqual([chart, chart]);
      seen.add(heading);
    }
    expect(seen).toEqual(new Set([0, 1]));
  });

  test('is a text of its own with more lines than three, and stays where it has room', async () => {
    const parted: boolean[] = [];
    for (let above = 14; above < 36; above += 1) {
      const [heading, , chart] = await pagesOf(above, 5);
      parted.push(heading !== chart);
    }
    expect(parted).toContain(true);
  });
});
