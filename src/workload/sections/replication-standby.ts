import type { Block } from '../block.ts';
import type { DeltaRow } from '../delta-table.ts';
import type { WorkloadFacts } from '../facts.ts';
import { duration, figure, volume } from '../figures.ts';
import { countColumn, listBlock, textColumn } from '../list.ts';
import { type Measure, measureBlock } from '../measures.ts';
import { partRows } from '../part-rows.ts';
import type { Section } from '../section.ts';
import { sumOf } from '../sums.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  receiver: ['As a standby, at the end', 'В роли реплики, в конце периода', '作为备库（结束时）'],
  measure: ['Measure', 'Показатель', '指标'],
  value: ['Value', 'Значение', '值'],
  status: ['Receiver', 'Приёмник', '接收进程'],
  from: ['From', 'Откуда', '来源'],
  behind: ['Received and not replayed', 'Получено и не воспроизведено', '已接收未重放'],
  age: ['Age of the last transaction replayed', 'Возраст последней воспроизведённой транзакции', '最近重放事务的时延'],
  paused: ['Replay paused', 'Воспроизведение приостановлено', '重放已暂停'],
  yes: ['yes', 'да', '是'],
  no: ['no', 'нет', '否'],
  prefetched: ['Blocks prefetched', 'Блоков прочитано заранее', '预取块'],
  prefetchHits: ['Found in buffers before', 'Уже были в буферах', '已在缓冲中'],
  conflicts: ['Conflicts with replay', 'Конфликты с воспроизведением', '与重放的冲突'],
  noConflicts: ['No query was ended by replay.', 'Воспроизведение не прерывало запросов.', '没有查询因重放被终止。'],
  database: ['Database', 'База данных', '数据库'],
  lock: ['Locks', 'Блокировки', '锁'],
  snapshot: ['Old snapshots', 'Старые снимки', '旧快照'],
  pin: ['Pinned buffers', 'Закреплённые буферы', '缓冲固定'],
  deadlock: ['Deadlocks', 'Взаимоблокировки', '死锁'],
  tablespace: ['Tablespaces', 'Табличные пространства', '表空间'],
  subscriptions: ['Subscriptions', 'Подписки', '订阅'],
  subscription: ['Subscription', 'Подписка', '订阅'],
  applyErrors: ['Apply errors', 'Ошибок применения', '应用错误'],
  syncErrors: ['Sync errors', 'Ошибок синхронизации', '同步错误'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** The parts that only a receiving server has: a standby's receiver and conflicts, a subscriber's errors. */
export function standbyBlocks(facts: WorkloadFacts): ReturnType<Section['blocks']> {
  const words = wordsIn(WORDS, facts.locale);
  const isStandby = facts.range.end.identity.inRecovery;
  return [
    ...(isStandby ? [receiverBlock(facts, words), conflictList(facts, words)] : []),
    ...subscriptionList(facts, words),
  ];
}

function receiverBlock({ range, locale }: WorkloadFacts, words: Words): Block {
  const [receiver] = partRows(range.end, 'wal_receiver');
  const [flushed, replayed] = [receiver?.number('flushed_pos') ?? null, receiver?.number('replay_pos') ?? null];
  const at = receiver?.number('last_xact_replayed_at') ?? null;
  const from = [receiver?.text('sender_host'), receiver?.text('sender_port')].filter((word) => word != null).join(':');
  const prefetch = range.table('recovery_prefetch');
  const lines: Measure[] = [
    [words.status, receiver?.text('status') ?? null],
    [words.from, from === '' ? null : from],
    [words.behind, volume(flushed === null || replayed === null ? null : Math.max(0, flushed - replayed), locale)],
    [words.age, duration(at === null ? null : Math.max(0, range.end.identity.capturedAt - at) / 1000, locale)],
    [words.paused, receiver === undefined ? null : receiver.value('paused') === true ? words.yes : words.no],
    [words.prefetched, figure(sumOf(prefetch, 'prefetch'), locale)],
    [words.prefetchHits, figure(sumOf(prefetch, 'hit'), locale)],
  ];
  return measureBlock(
    { id: 'replication-standby', heading: words.receiver, width: 6 },
    [words.measure, words.value],
    lines,
  );
}

function conflictList({ range, locale }: WorkloadFacts, words: Words): Block {
  const table = range.table('conflicts');
  const of =
    (column: string) =>
    (row: DeltaRow): number | null =>
      table.delta(row, column);
  const kinds = ['confl_lock', 'confl_snapshot', 'confl_bufferpin', 'confl_deadlock', 'confl_tablespace'];
  return listBlock<DeltaRow>({
    id: 'replication-conflicts',
    heading: words.conflicts,
    locale,
    width: 6,
    items: table.rows,
    rank: (row) => kinds.reduce((sum, kind) => sum + (of(kind)(row) ?? 0), 0),
    none: words.noConflicts,
    columns: [
      textColumn('database', words.database, (row) => String(table.last(row, 'datname'))),
      countColumn('lock', words.lock, of('confl_lock')),
      countColumn('snapshot', words.snapshot, of('confl_snapshot')),
      countColumn('pin', words.pin, of('confl_bufferpin')),
      countColumn('deadlock', words.deadlock, of('confl_deadlock')),
      countColumn('tablespace', words.tablespace, of('confl_tablespace')),
    ],
  });
}

function subscriptionList({ range, locale }: WorkloadFacts, words: Words): Block[] {
  const table = range.table('subscription_stats');
  if (table.rows.length === 0) return [];
  const block = listBlock<DeltaRow>({
    id: 'replication-subscriptions',
    heading: words.subscriptions,
    locale,
    width: 6,
    items: table.rows,
    none: words.noConflicts,
    columns: [
      textColumn('name', words.subscription, (row) => String(table.last(row, 'subname'))),
      countColumn('apply', words.applyErrors, (row) => table.delta(row, 'apply_error_count')),
      countColumn('sync', words.syncErrors, (row) => table.delta(row, 'sync_error_count')),
    ],
  });
  return [block];
}
