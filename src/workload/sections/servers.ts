import { plain, tableBlock, textBlock } from '../block.ts';
import { MEASURE_LABELS, type Measure, measuresOf } from '../compare-measures.ts';
import type { WorkloadFacts } from '../facts.ts';
import { duration, figure, instantText } from '../figures.ts';
import type { Piece } from '../pieces.ts';
import { type Range, rangeOf } from '../range.ts';
import type { Section } from '../section.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  cut: [
    'A failover cuts the range: another server answered, whose counters are its own. What each of them did is per second of the time that its counters cover; {lost} between them are covered by neither.',
    'Переключение делит диапазон: ответил другой сервер, и счётчики у него свои. Работа каждого дана в секунду того времени, которое покрывают его счётчики; {lost} между ними не покрыты никем.',
    '故障切换将范围分开：应答的是另一台服务器，计数器各自独立。各自的工作量按其计数器覆盖时间的每秒计；两者之间有 {lost} 无人覆盖。',
  ],
  measure: ['Measure, per s', 'Показатель, в с', '指标（每秒）'],
  column: ['{node}, {from} – {to}', '{node}, {from} – {to}', '{node}，{from} – {to}'],
  once: [
    'Of {node} there is only one snapshot in the range, which says nothing of what it did.',
    'О {node} в диапазоне есть только один снимок: о работе он ничего не говорит.',
    '{node} 在此范围内只有一个快照，无法得知其工作量。',
  ],
} as const satisfies Record<string, Wording>;

/** Columns that a sheet has room for. */
const MOST_SERVERS = 4;

/** What each server did where a failover cut the range; left out where one server answered all the time. */
export const servers: Section = {
  id: 'servers',
  chapter: 'overview',
  title: { en: 'Before and after the failover', ru: 'До и после переключения', zh: '故障切换前后' },
  blocks: (facts) => {
    const lost = facts.range.pieces.filter(({ kind }) => kind === 'failover');
    if (lost.length === 0) return [];
    const words = wordsIn(WORDS, facts.locale);
    const seconds = lost.reduce(
      (sum, { from, to }) => sum + (to.identity.capturedAt - from.identity.capturedAt) / 1000,
      0,
    );
    const said = [
      filled(words.cut, { lost: duration(seconds, facts.locale) }),
      ...seenOnce(facts.range.pieces).map((node) => filled(words.once, { node })),
    ];
    const heading = servers.title[facts.locale];
    const text = textBlock({ id: servers.id, heading }, plain(said.join(' ')));
    const parts = partsOf(facts.range.pieces).slice(-MOST_SERVERS);
    return parts.length === 0 ? [text] : [text, table(facts, parts)];
  },
};

/** The pieces that one server answered without a break, subtracted by themselves. */
function partsOf(pieces: readonly Piece[]): readonly Range[] {
  const groups: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind === 'failover') groups.push([]);
    else groups.at(-1)?.push(piece);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [rangeOf([first.from, ...group.map(({ to }) => to)])];
  });
}

/** Servers that were seen by one snapshot between failovers, or between one and an end of the range. */
const seenOnce = (pieces: readonly Piece[]): readonly string[] =>
  pieces.flatMap((piece, index) => {
    if (piece.kind !== 'failover') return [];
    const isLone = (neighbour: Piece | undefined): boolean => neighbour === undefined || neighbour.kind === 'failover';
    return [
      ...(index === 0 ? [piece.from.identity.node] : []),
      ...(isLone(pieces[index + 1]) ? [piece.to.identity.node] : []),
    ];
  });

function table({ locale, timeZone }: WorkloadFacts, parts: readonly Range[]) {
  const words = wordsIn(WORDS, locale);
  const sums = parts.map((range) => ({ seconds: range.seconds, of: measuresOf(range) }));
  const measures = (Object.keys(MEASURE_LABELS) as Measure[]).filter((measure) => sums.some(({ of }) => of[measure]));
  const instant = (at: number): string => instantText(at, locale, timeZone);
  return tableBlock(
    { id: 'servers-measures', heading: null },
    [
      { key: 'measure', label: words.measure, type: 'text' },
      ...parts.map(({ start, end }, index) => ({
        ...{ key: `server${index + 1}`, type: 'text' as const, align: 'right' as const },
        label: filled(words.column, {
          node: end.identity.node,
          from: instant(start.identity.capturedAt),
          to: instant(end.identity.capturedAt),
        }),
      })),
    ],
    measures.map((measure) => [
      MEASURE_LABELS[measure][locale],
      ...sums.map(({ seconds, of }) => {
        const sum = of[measure];
        return figure(sum === null || seconds <= 0 ? null : sum / seconds, locale);
      }),
    ]),
    { sortable: false },
  );
}
