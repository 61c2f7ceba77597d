import { describe, expect, test } from 'vitest';
import { bytesColumn, changeColumn, countColumn, listBlock, ratioColumn, textColumn } from '../../src/workload/list.ts';
import { linesOf, textIn } from './printed.ts';

interface Item {
  readonly name: string;
  readonly work: number;
  readonly note?: string;
}

const listOf = (items: readonly Item[]) => [
  listBlock<Item>({
    id: 'list',
    heading: 'List',
    locale: 'en',
    items,
    rank: ({ work }) => work,
    none: 'Nothing happened (yet).',
    note: ({ note }) => note ?? null,
    columns: [
      textColumn('name', 'Name', ({ name }) => name),
      countColumn('work', 'Work', ({ work }) => work),
      bytesColumn('bytes', 'Bytes', ({ work }) => work * 10),
      ratioColumn(
        'share',
        'Share',
        ({ work }) => work,
        () => 100,
      ),
      changeColumn('change', 'Change', ({ work }) => ({ start: work, end: 0 })),
    ],
  }),
];
const many = (count: number): Item[] => Array.from({ length: count }, (_, at) => ({ name: `n${at}`, work: at + 1 }));

describe('a list', () => {
  test('names the ten largest and adds the others up', () => {
    const lines = linesOf(listOf(many(30)), 'list');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatchObject({ name: 'n29', work: 30, change: -30 });
    expect(lines.at(-1)).toMatchObject({ name: 'others (20)', work: 210, bytes: 2100 });
    expect(lines.reduce((sum, { work }) => sum + Number(work), 0)).toBe(465);
  });

  test('shows more on a screen than on paper, and gives data files all', () => {
    const [block] = listOf(many(30));
    expect(linesOf(listOf(many(30)), 'list', 'web')).toHaveLength(21);
    const cut = block?.recut?.({ paper: 3, web: 4, data: 25 });
    const blocks = cut === undefined ? [] : [cut];
    expect(linesOf(blocks, 'list').map(({ work }) => work)).toEqual([30, 29, 28, 378]);
    expect(linesOf(blocks, 'list', 'web')).toHaveLength(5);
    expect(cut?.series[0]?.rows.values).toHaveLength(25);
    expect(cut?.series[0]?.rows.truncation).toEqual({ by: 'rows', limit: 25 });
  });

  test('never says “others” for one', () => {
    expect(linesOf(listOf(many(11)), 'list').map(({ name }) => name)).not.toContain('others (1)');
  });

  test('leaves out others that did nothing, and items of zero', () => {
    const idle = Array.from({ length: 3 }, (_, at): Item => ({ name: `idle${at}`, work: 0 }));
    expect(linesOf(listOf([...many(2), ...idle]), 'list').map(({ name }) => name)).toEqual(['n1', 'n0']);
  });

  test('is one line where its whole is nothing', () => {
    expect(textIn(listOf([{ name: 'idle', work: 0 }]), 'list')).toBe('Nothing happened (yet).');
  });

  test('has a column of notes only where there is one', () => {
    expect(linesOf(listOf([{ name: 'a', work: 1 }]), 'list')[0]).not.toHaveProperty('note');
    expect(linesOf(listOf([{ name: 'a', work: 1, note: 'new' }]), 'list')[0]).toHaveProperty('note', 'new');
  });
});
