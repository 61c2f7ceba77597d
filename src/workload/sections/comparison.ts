import type { Locale } from '../../definition/definition.ts';
import type { Value } from '../../rows/rows.ts';
import { type Block, type BlockColumn, chartBlock, listTable, textBlock } from '../block.ts';
import { type Comparison, compareRanges, notableChanges, type StatementChange } from '../compare.ts';
import { caveatsOf } from '../compare-caveats.ts';
import { shortId, type WorkloadFacts } from '../facts.ts';
import { figure, instantText } from '../figures.ts';
import type { WholeList } from '../list-cut.ts';
import { TOP_BARS } from '../rankings.ts';
import type { Section } from '../section.ts';
import { excerpt } from '../statement-table.ts';
import { meanMs } from '../statements.ts';
import { measureTable } from './comparison-measures.ts';

const WORDS = {
  en: {
    none: 'There are no snapshots of a range of the same length before this one to compare with.',
    before: (from: string, to: string) => `Compared with the range before: ${from} to ${to}.`,
    load: (before: string, after: string) => `On average ${before} sessions worked then, ${after} now.`,
    chart: 'What changed the load: seconds of work per second, by statement',
    parts: { volume: 'more or fewer calls', cost: 'dearer or cheaper calls' },
    others: 'others',
    unexplained: 'no listed statement',
    statements: 'Statements that changed the load most',
    statementsNote: 'Change, calls and cost are seconds of work per second; calls + cost = change.',
    list: {
      ...{ id: 'SQL id', kind: 'What happened', change: 'Change', volume: 'by calls', cost: 'by cost' },
      ...{ callsBefore: 'Calls/s before', callsAfter: 'now', meanBefore: 'Mean ms before', meanAfter: 'now' },
      ...{ ratio: 'Times', chance: 'By chance', text: 'Statement' },
    },
    calls: 'Their calls before and now',
    chanceNote: 'By chance: how likely pieces of both ranges differ so much by themselves (Mann-Whitney rank test).',
    kinds: {
      ...{ new: 'new', gone: 'gone', 'more traffic': 'more traffic', 'less traffic': 'less traffic' },
      ...{ slower: 'slower', faster: 'faster', 'more data': 'more data', steady: 'steady' },
    },
    significant: 'significant',
  },
  ru: {
    none: 'Нет снимков предыдущего промежутка той же длины, чтобы сравнить.',
    before: (from: string, to: string) => `Сравнение с предыдущим промежутком: с ${from} по ${to}.`,
    load: (before: string, after: string) => `В среднем тогда работало сеансов: ${before}, сейчас: ${after}.`,
    chart: 'Что изменило нагрузку: секунды работы в секунду, по операторам',
    parts: { volume: 'число вызовов', cost: 'цена вызова' },
    others: 'остальные',
    unexplained: 'вне операторов',
    statements: 'Операторы, больше всего изменившие нагрузку',
    statementsNote: 'Разница, вызовы и цена — секунды работы в секунду; вызовы + цена = разница.',
    list: {
      ...{ id: 'SQL id', kind: 'Что произошло', change: 'Разница', volume: 'вызовы', cost: 'цена' },
      ...{
        callsBefore: 'Вызовов/с раньше',
        callsAfter: 'сейчас',
        meanBefore: 'Среднее, мс раньше',
        meanAfter: 'сейчас',
      },
      ...{ ratio: 'Раз', chance: 'Случайно', text: 'Оператор' },
    },
    calls: 'Их вызовы раньше и сейчас',
    chanceNote:
      'Случайно: вероятность того, что отрезки двух промежутков так различаются сами собой (ранговый тест Манна — Уитни).',
    kinds: {
      ...{ new: 'новый', gone: 'исчез', 'more traffic': 'вызовов больше', 'less traffic': 'вызовов меньше' },
      ...{ slower: 'медленнее', faster: 'быстрее', 'more data': 'больше данных', steady: 'без изменений' },
    },
    significant: 'значимо',
  },
  zh: {
    none: '之前没有同样长度时段的快照可供对比。',
    before: (from: string, to: string) => `与之前的时段对比：${from} 至 ${to}。`,
    load: (before: string, after: string) => `当时平均有 ${before} 个会话在工作，现在为 ${after} 个。`,
    chart: '负载变化的来源：每秒工作秒数，按语句',
    parts: { volume: '执行次数', cost: '单次成本' },
    others: '其他',
    unexplained: '不属于语句',
    statements: '对负载变化影响最大的语句',
    statementsNote: '变化、次数、成本均为每秒工作秒数；次数 + 成本 = 变化。',
    list: {
      ...{ id: 'SQL id', kind: '变化类型', change: '变化', volume: '次数', cost: '成本' },
      ...{ callsBefore: '之前次/秒', callsAfter: '现在', meanBefore: '之前平均毫秒', meanAfter: '现在' },
      ...{ ratio: '倍数', chance: '偶然概率', text: '语句' },
    },
    calls: '这些语句之前与现在的调用',
    chanceNote: '偶然概率：两个时段的各片段仅因偶然而有如此差异的可能性（曼-惠特尼秩检验）。',
    kinds: {
      ...{ new: '新增', gone: '消失', 'more traffic': '调用增多', 'less traffic': '调用减少' },
      ...{ slower: '变慢', faster: '变快', 'more data': '数据增多', steady: '稳定' },
    },
    significant: '显著',
  },
} as const satisfies Record<Locale, unknown>;

/** This range beside the one before it: what grew, and which statements did it by more calls or by dearer ones. */
export const comparison: Section = {
  id: 'comparison',
  chapter: 'overview',
  title: { en: 'Compared with before', ru: 'Сравнение с прошлым', zh: '与之前对比' },
  blocks: (facts) => {
    const words = WORDS[facts.locale];
    const head = { id: comparison.id, heading: comparison.title[facts.locale] };
    const { baseline, locale, timeZone } = facts;
    const found = compareRanges(facts);
    // Who watches for a moment has nothing stored, and need not be told so.
    if (baseline === null && facts.trend.length === 0) return [];
    if (baseline === null || found === null) return [textBlock({ ...head, width: 6 }, words.none)];
    const [from, to] = [baseline.start, baseline.end].map(({ identity }) =>
      instantText(identity.capturedAt, locale, timeZone),
    );
    const sentences = [
      words.before(from ?? '', to ?? ''),
      ...(found.load === null ? [] : [words.load(figure(found.load.before, locale), figure(found.load.after, locale))]),
      ...caveatsOf(facts, baseline),
    ];
    const changes = notableChanges(facts);
    return [
      textBlock(head, sentences.join('\n\n')),
      measureTable(facts),
      ...(changes.length === 0
        ? []
        : [waterfall(facts, found, changes), changeTable(facts, changes), callTable(facts, changes)]),
    ];
  },
};

/** Bars left and right of zero, each of two parts; all of them together are the change of the load. */
function waterfall(facts: WorkloadFacts, found: Comparison, changes: readonly StatementChange[]): Block {
  const words = WORDS[facts.locale];
  const rest = changes.slice(TOP_BARS);
  const sum = (part: 'volume' | 'cost'): number => rest.reduce((total, one) => total + one[part], 0);
  const bars = changes
    .slice(0, TOP_BARS)
    .map((one) => ({ label: `${shortId(one.queryId)}  ${excerpt(facts, one.queryId, LABEL)}`, ...one }));
  const rows = [
    ...bars,
    ...(rest.length === 0 ? [] : [{ label: words.others, volume: sum('volume'), cost: sum('cost') }]),
    ...(found.unexplained === null ? [] : [{ label: words.unexplained, volume: found.unexplained, cost: 0 }]),
  ];
  return chartBlock(
    { id: 'comparison-chart', heading: words.chart, kind: 'histogram' },
    [
      { key: 'statement', type: 'text' },
      { key: 'part', type: 'text' },
      { key: 'change', type: 'number' },
    ],
    rows.flatMap(({ label, volume, cost }): readonly Value[][] => [
      [label, words.parts.volume, volume],
      [label, words.parts.cost, cost],
    ]),
    {
      settings: { orientation: 'horizontal', stack: true },
      mappings: { xAxis: { field: 'statement' }, yAxis: { field: 'change', groupingField: 'part' } },
    },
  );
}

const LABEL = 26;

function changeTable(facts: WorkloadFacts, changes: readonly StatementChange[]): Block {
  const words = WORDS[facts.locale];
  const { list } = words;
  const id = 'comparison-statements';
  return listTable(
    { id, heading: words.statements, description: words.statementsNote },
    [
      idColumn(list.id),
      { key: 'kind', label: list.kind, type: 'text', width: 84 },
      ...(['change', 'volume', 'cost'] as const).map((key) => ({ ...numberColumn(key, list[key], 3), sign: true })),
      { key: 'text', label: list.text, type: 'text', width: 190 },
    ],
    listOf(changes, (one) => [
      shortId(one.queryId),
      words.kinds[one.kind] + (one.isRegression ? `, ${words.significant}` : ''),
      ...[one.change, one.volume, one.cost],
      excerpt(facts, one.queryId),
    ]),
    { rowAnchor: `${id}-{id}` },
  );
}

/** The same statements, by what a call was and is. */
function callTable(facts: WorkloadFacts, changes: readonly StatementChange[]): Block {
  const words = WORDS[facts.locale];
  const { list } = words;
  const [before, after] = [facts.baseline?.seconds ?? 0, facts.range.seconds];
  const isTested = changes.some(({ chance }) => chance !== null);
  const figures = (one: StatementChange): readonly Value[] => [
    ...[one.before && one.before.calls / before, one.after && one.after.calls / after],
    ...[one.before && meanMs(one.before), one.after && meanMs(one.after), one.ratio],
  ];
  return listTable(
    { id: 'comparison-calls', heading: words.calls, description: isTested ? words.chanceNote : null },
    [
      idColumn(list.id),
      ...[numberColumn('callsBefore', list.callsBefore, 1), numberColumn('callsAfter', list.callsAfter, 1)],
      ...[numberColumn('meanBefore', list.meanBefore, 2), numberColumn('meanAfter', list.meanAfter, 2)],
      numberColumn('ratio', list.ratio, 2),
      ...(isTested ? [{ ...numberColumn('chance', list.chance, 2), unit: 'ratio' }] : []),
      { key: 'text', label: list.text, type: 'text', width: 130 },
    ],
    listOf(changes, (one) => [
      shortId(one.queryId),
      ...figures(one),
      ...(isTested ? [one.chance] : []),
      excerpt(facts, one.queryId, LABEL),
    ]),
  );
}

const idColumn = (label: string): BlockColumn => ({ key: 'id', label, type: 'text', link: '#sql-{id}', width: 58 });
const numberColumn = (key: string, label: string, decimals: number): BlockColumn => {
  return { key, label, type: 'number', decimals };
};

const listOf = (changes: readonly StatementChange[], row: (one: StatementChange) => readonly Value[]): WholeList => ({
  count: changes.length,
  row: (index) => changes.slice(index, index + 1).flatMap(row),
  rest: () => null,
});
