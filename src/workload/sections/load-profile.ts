import type { Locale } from '../../definition/definition.ts';
import type { Value } from '../../rows/rows.ts';
import { type Block, type BlockColumn, tableBlock } from '../block.ts';
import { databaseTimeOf } from '../database-time.ts';
import type { WorkloadFacts } from '../facts.ts';
import { figure, percent, signed } from '../figures.ts';
import { type LoadMeasure, type LoadMeasures, loadMeasuresOf, loadOverSteps } from '../load-measures.ts';
import type { Section } from '../section.ts';
import { loadCharts } from './load-charts.ts';

const WORDS = {
  en: {
    columns: {
      measure: 'Measure',
      total: 'Total',
      second: 'Per second',
      transaction: 'Per transaction',
      over: 'Over the range, most a second',
      change: 'Against before',
    },
    measures: {
      time: 'Database time, s',
      transactions: 'Transactions',
      rollbacks: 'Rollbacks',
      calls: 'Statements',
      rows: 'Rows of statements',
      inserted: 'Rows inserted',
      updated: 'Rows updated',
      deleted: 'Rows deleted',
      hit: 'Blocks found in shared buffers',
      read: 'Blocks read',
      readMb: 'Read, MB',
      walMb: 'WAL, MB',
      walRecords: 'WAL records',
      fullPages: 'Full page images',
      tempMb: 'Temporary files, MB',
      sessions: 'Sessions opened',
      deadlocks: 'Deadlocks',
    },
  },
  ru: {
    columns: {
      measure: 'Показатель',
      total: 'Всего',
      second: 'В секунду',
      transaction: 'На транзакцию',
      over: 'В диапазоне, наибольшее в секунду',
      change: 'К прошлому',
    },
    measures: {
      time: 'Время базы данных, с',
      transactions: 'Транзакции',
      rollbacks: 'Откаты',
      calls: 'Операторы',
      rows: 'Строки операторов',
      inserted: 'Вставлено строк',
      updated: 'Изменено строк',
      deleted: 'Удалено строк',
      hit: 'Блоки из общих буферов',
      read: 'Прочитано блоков',
      readMb: 'Прочитано, МБ',
      walMb: 'WAL, МБ',
      walRecords: 'Записи WAL',
      fullPages: 'Полные образы страниц',
      tempMb: 'Временные файлы, МБ',
      sessions: 'Открыто сеансов',
      deadlocks: 'Взаимоблокировки',
    },
  },
  zh: {
    columns: {
      measure: '指标',
      total: '总计',
      second: '每秒',
      transaction: '每事务',
      over: '范围内走势，每秒最大',
      change: '较之前',
    },
    measures: {
      time: '数据库时间（秒）',
      transactions: '事务',
      rollbacks: '回滚',
      calls: '语句执行',
      rows: '语句行数',
      inserted: '插入行',
      updated: '更新行',
      deleted: '删除行',
      hit: '共享缓冲命中块',
      read: '读取块',
      readMb: '读取（MB）',
      walMb: 'WAL（MB）',
      walRecords: 'WAL 记录',
      fullPages: '整页镜像',
      tempMb: '临时文件（MB）',
      sessions: '新建会话',
      deadlocks: '死锁',
    },
  },
} as const satisfies Record<Locale, unknown>;

/** What the server did, in total, per second and per transaction, how it went over the range, and what changed. */
export const loadProfile: Section = {
  id: 'load-profile',
  chapter: 'overview',
  title: { en: 'Load profile', ru: 'Профиль нагрузки', zh: '负载概况' },
  blocks: (facts) => [profileTable(facts), ...loadCharts(facts)],
};

const LEAST_STEPS = 3;

function profileTable(facts: WorkloadFacts): Block {
  const { columns: labels, measures } = WORDS[facts.locale];
  const { range, locale } = facts;
  const all = loadMeasuresOf(facts);
  const before = measuresBefore(facts);
  const hasSteps = range.steps.length >= LEAST_STEPS;
  const overSteps = hasSteps ? loadOverSteps(facts) : () => [];
  const columns: BlockColumn[] = [
    { key: 'measure', label: labels.measure, type: 'text' },
    { key: 'total', label: labels.total, type: 'text', align: 'right' },
    { key: 'second', label: labels.second, type: 'text', align: 'right' },
    ...(hasSteps ? [{ key: 'over', label: labels.over, type: 'text', mark: 'line', width: OVER_WIDTH } as const] : []),
    { key: 'transaction', label: labels.transaction, type: 'text', align: 'right' },
    ...(before === null ? [] : [{ key: 'change', label: labels.change, type: 'text', align: 'right' } as const]),
  ];
  const rows = (Object.keys(measures) as LoadMeasure[]).flatMap((measure): (readonly Value[])[] => {
    const total = all[measure];
    if (total === null) return [];
    const transactions = measure === 'transactions' ? 0 : (all.transactions ?? 0);
    return [
      [
        measures[measure],
        figure(total, locale),
        rateText(range.seconds > 0 ? total / range.seconds : null, locale),
        ...(hasSteps ? [listOf(overSteps(measure))] : []),
        rateText(transactions > 0 ? total / transactions : null, locale),
        ...(before === null ? [] : [changeOf(facts, before, measure, total)]),
      ],
    ];
  });
  const block = { id: loadProfile.id, heading: loadProfile.title[locale] };
  return tableBlock(block, columns, rows, { sortable: false });
}

const OVER_WIDTH = 130;
const LEAST_RATE = 0.001;

/** What happens less often than once in a thousand is not told in more digits. */
const rateText = (rate: number | null, locale: Locale): string =>
  rate !== null && rate > 0 && rate < LEAST_RATE ? `< ${figure(LEAST_RATE, locale)}` : figure(rate, locale);

/** Numbers as the mark `line` of a table reads them; a dash stands where nothing is known. */
const listOf = (values: readonly (number | null)[]): string | null =>
  values.every((value) => value === null)
    ? null
    : values.map((value) => (value === null ? '-' : String(Number(value.toPrecision(4))))).join(' ');

/** Of the range before; without database time where that was measured in another way. */
function measuresBefore({ range, minutes, baseline }: WorkloadFacts): LoadMeasures | null {
  if (baseline === null) return null;
  const found = loadMeasuresOf({ range: baseline, minutes: [] });
  const isSame = databaseTimeOf(baseline, [])?.source === databaseTimeOf(range, minutes)?.source;
  return isSame ? found : { ...found, time: null };
}

/** Fewer of them say nothing of a change. */
const LEAST_EVENTS = 30;

/** Change per second against the range before, where both have enough to compare. */
function changeOf(
  { range, baseline, locale }: WorkloadFacts,
  before: LoadMeasures,
  measure: LoadMeasure,
  total: number,
): string {
  const earlier = before[measure];
  const isCounted = measure !== 'time' && !measure.endsWith('Mb');
  const least = isCounted ? LEAST_EVENTS : 1;
  if (earlier === null || baseline === null || earlier < least || total < least) return '–';
  const ratio = total / range.seconds / (earlier / baseline.seconds);
  if (!Number.isFinite(ratio)) return '–';
  return ratio >= 10 ? `× ${figure(ratio, locale)}` : signed(ratio - 1, (change) => percent(change, locale));
}
