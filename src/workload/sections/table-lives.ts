import type { WorkloadFacts } from '../facts.ts';
import { figure } from '../figures.ts';
import type { TableFigures } from '../tables.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  dropped: ['Dropped in the range: {names}.', 'Удалены за период: {names}.', '区间内删除：{names}。'],
  recreated: [
    'Dropped and created again under the same name: {names}.',
    'Удалены и созданы заново под тем же именем: {names}.',
    '区间内删除并以同名重建：{names}。',
  ],
  created: ['Created in the range: {names}.', 'Созданы за период: {names}.', '区间内新建：{names}。'],
  more: ['{names} and {count} more', '{names} и ещё {count}', '{names} 等另外 {count} 个'],
} as const satisfies Record<string, Wording>;

const MOST_NAMES = 8;

/** Which tables of users came and went, in a few sentences; lists name only those that did something. Empty for none. */
export function livesOfTables({ locale }: WorkloadFacts, all: readonly TableFigures[]): string {
  const words = wordsIn(WORDS, locale);
  const users = all.filter(({ schema }) => !/^(?:pg_|information_schema$)/.test(schema));
  const recreated = new Set(users.filter(({ row }) => row.labels.has('recreated')).map(nameOf));
  const said = (sentence: string, names: ReadonlySet<string>): readonly string[] => {
    if (names.size === 0) return [];
    const shown = [...names].toSorted().slice(0, MOST_NAMES).join(', ');
    const rest = names.size - MOST_NAMES;
    const count = figure(rest, locale);
    return [filled(sentence, { names: rest > 0 ? filled(words.more, { names: shown, count }) : shown })];
  };
  const labelled = (label: 'gone' | 'new'): ReadonlySet<string> => {
    const found = users.filter(({ row }) => row.labels.has(label)).map(nameOf);
    return new Set(found.filter((name) => !recreated.has(name)));
  };
  return [
    ...said(words.dropped, labelled('gone')),
    ...said(words.recreated, recreated),
    ...said(words.created, labelled('new')),
  ].join(' ');
}

const nameOf = ({ database, schema, name }: TableFigures): string => `${database}.${schema}.${name}`;
