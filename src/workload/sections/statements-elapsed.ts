import type { Locale } from '../../definition/definition.ts';
import { type Block, chartBlock, textBlock } from '../block.ts';
import { settingOf, shortId, type WorkloadFacts } from '../facts.ts';
import { duration, figure, percent } from '../figures.ts';
import { partOf } from '../pieces.ts';
import { NESTED, RANKINGS, TOP_BARS } from '../rankings.ts';
import type { Section } from '../section.ts';
import { excerpt, statementList } from '../statement-table.ts';
import { type Statements, statementsOf } from '../statements.ts';

const WORDS = {
  en: {
    notRead: 'Statements are not counted here: pg_stat_statements is not installed, or could not be read.',
    nothing: 'No statement ended in this range.',
    covered: (time: string, share: string) =>
      `Statements that ended in the range took ${time}, ${share} of the database time.`,
    unexplained: (share: string) =>
      `${share} of the database time belongs to no listed statement: statements still running, evicted ones, or work between statements.`,
    evicted: (count: string) =>
      `**Entries were evicted** (${count} passes): shares are of what was seen, and ≥ marks lower bounds. Raise pg_stat_statements.max.`,
    maybeNested:
      'This version does not tell statements within functions from those that clients sent, and pg_stat_statements.track is “all”: sums may count time twice.',
    maximum:
      'Max is the longest execution since the entry was made or its extremes were reset, not only in this range.',
    list: 'Statements that took most',
    perCall: 'What one call of them takes',
    chart: 'Time by statement',
    chartNote: 'Percent are of what all statements took.',
    reset:
      'Statistics of a database began anew in the range, and with them its time: shares of database time are too high.',
    nested: 'Statements within functions',
    nestedNote: 'Their time is part of the statements that called them, above.',
  },
  ru: {
    notRead: 'Операторы не учитываются: pg_stat_statements не установлено или не прочитано.',
    nothing: 'За это время не завершился ни один оператор.',
    covered: (time: string, share: string) =>
      `Завершённые за это время операторы заняли ${time}, ${share} времени базы данных.`,
    unexplained: (share: string) =>
      `${share} времени базы данных не относится ни к одному оператору: ещё выполняются, вытеснены или это работа между операторами.`,
    evicted: (count: string) =>
      `**Записи вытеснялись** (проходов: ${count}): доли относятся к тому, что видно, ≥ отмечает нижние границы. Увеличьте pg_stat_statements.max.`,
    maybeNested:
      'Эта версия не отличает операторы внутри функций от операторов клиентов, а pg_stat_statements.track равно «all»: время может быть посчитано дважды.',
    maximum: 'Макс. — самое долгое выполнение с появления записи или сброса крайних значений, не только за это время.',
    list: 'Операторы, занявшие больше всего',
    perCall: 'Сколько занимает один их вызов',
    chart: 'Время по операторам',
    chartNote: 'Проценты — от времени всех операторов.',
    reset: 'Статистика базы данных в диапазоне началась заново, с ней и её время: доли времени базы завышены.',
    nested: 'Операторы внутри функций',
    nestedNote: 'Их время входит во время вызвавших их операторов выше.',
  },
  zh: {
    notRead: '此处未统计语句：未安装 pg_stat_statements，或无法读取。',
    nothing: '此时段内没有语句结束。',
    covered: (time: string, share: string) => `时段内结束的语句共耗时 ${time}，占数据库时间的 ${share}。`,
    unexplained: (share: string) => `数据库时间的 ${share} 不属于任何语句：仍在运行、已被淘汰，或语句之间的工作。`,
    evicted: (count: string) =>
      `**有条目被淘汰**（${count} 次）：占比只针对所见部分，≥ 表示下限。请增大 pg_stat_statements.max。`,
    maybeNested: '此版本无法区分函数内的语句与客户端语句，而 pg_stat_statements.track 为 “all”：时间可能重复计算。',
    maximum: '最大值为自条目建立或极值重置以来的最长一次执行，不限于本时段。',
    list: '耗时最多的语句',
    perCall: '每次执行的开销',
    chart: '按语句的耗时',
    chartNote: '百分比为占全部语句耗时的比例。',
    reset: '范围内某数据库的统计被重置，其时间重新计数：占数据库时间的比例偏高。',
    nested: '函数内的语句',
    nestedNote: '其耗时已包含在上面调用它们的语句中。',
  },
} as const satisfies Record<Locale, unknown>;

/** Below this part of the database time the rest is worth a sentence. */
const WELL_COVERED = 0.8;
const LABEL = 34;
/** Beside the list by time and not in it: a row of all of these would need smaller type. */
const PER_CALL = ['mean', 'stddev', 'max', 'rowsPerCall', 'getsPerCall'] as const;

/** The statements that took most of the time: with their shares, and what the list cannot show. */
export const statementsElapsed: Section = {
  id: 'statements-elapsed',
  chapter: 'statements',
  title: { en: 'Statements by time', ru: 'Операторы по времени', zh: '按耗时排序的语句' },
  blocks: (facts) => {
    const words = WORDS[facts.locale];
    const { id } = statementsElapsed;
    const heading = statementsElapsed.title[facts.locale];
    const statements = statementsOf(facts);
    if (partOf(facts.range.end, 'statements') === null) return [textBlock({ id, heading }, words.notRead)];
    if (statements.all.length === 0) return [textBlock({ id, heading }, words.nothing)];
    const ranking = RANKINGS.find((one) => one.id === id);
    if (ranking === undefined) return [];
    const blocks = [
      textBlock({ id, heading }, remarks(facts, statements).join('\n\n')),
      pareto(facts, statements),
      statementList(facts, { ...ranking, id: `${id}-list`, heading: words.list, place: id }),
      statementList(facts, {
        ...{ ...ranking, id: `${id}-per-call`, heading: words.perCall, description: words.maximum },
        ...{ adds: false, columns: PER_CALL, isBrief: true },
      }),
    ];
    if (statements.nested.length === 0) return blocks;
    const nested = { ...ranking, id: NESTED, heading: words.nested, description: words.nestedNote };
    return [...blocks, statementList(facts, nested, statements.nested)];
  },
};

function remarks(facts: WorkloadFacts, { whole, databaseSeconds, evictions, isNestingKnown }: Statements): string[] {
  const words = WORDS[facts.locale];
  const { locale, range } = facts;
  const covered = databaseSeconds !== null && databaseSeconds > 0 ? whole.seconds / databaseSeconds : null;
  const isDatabaseReset = range.events.some(({ kind }) => kind === 'database reset');
  const isAllTracked = settingOf(range, 'pg_stat_statements.track') === 'all';
  return [
    words.covered(duration(whole.seconds, locale), percent(covered, locale)),
    ...(covered !== null && covered < WELL_COVERED ? [words.unexplained(percent(1 - covered, locale))] : []),
    ...(covered !== null && covered > 1 && isDatabaseReset ? [words.reset] : []),
    ...(evictions > 0 ? [words.evicted(figure(evictions, locale))] : []),
    ...(!isNestingKnown && isAllTracked ? [words.maybeNested] : []),
  ];
}

function pareto(facts: WorkloadFacts, { outer }: Statements): Block {
  const { chart, chartNote } = WORDS[facts.locale];
  return chartBlock(
    { id: 'statements-elapsed-chart', heading: chart, description: chartNote, kind: 'toplist' },
    [
      { key: 'statement', type: 'text' },
      { key: 'seconds', type: 'number' },
    ],
    outer.map(({ queryId, seconds }) => [`${shortId(queryId)}  ${excerpt(facts, queryId, LABEL)}`, seconds]),
    { settings: { limit: TOP_BARS, other: true, unit: 's' } },
  );
}
