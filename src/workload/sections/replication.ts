import { type Block, chartBlock, plain, textBlock } from '../block.ts';
import type { DeltaRow } from '../delta-table.ts';
import type { WorkloadFacts } from '../facts.ts';
import { bytesColumn, countColumn, figureColumn, listBlock, textColumn } from '../list.ts';
import { type Replica, replicasOf } from '../replicas.ts';
import { rowNote } from '../row-notes.ts';
import type { Section } from '../section.ts';
import { levelOf } from '../tables.ts';
import { type Wording, wordsIn } from '../wording.ts';
import { archiverBlock } from './archiver.ts';
import { standbyBlocks } from './replication-standby.ts';

const WORDS = {
  nothing: [
    'Nobody receives WAL from this server, and it has no replication slots.',
    'WAL с этого сервера никто не получает, слотов репликации нет.',
    '没有从本服务器接收 WAL 的副本，也没有复制槽。',
  ],
  note: [
    'A dash in seconds means that there was nothing to replay.',
    'Прочерк в секундах — воспроизводить было нечего.',
    '秒数为短横线表示没有需要重放的内容。',
  ],
  chart: ['Behind in replay, MB', 'Отставание воспроизведения, МБ', '重放落后（MB）'],
  slots: ['Replication slots', 'Слоты репликации', '复制槽'],
  decoding: ['Logical decoding', 'Логическое декодирование', '逻辑解码'],
  none: ['None.', 'Нет.', '无。'],
  name: ['Standby', 'Реплика', '副本'],
  address: ['Address', 'Адрес', '地址'],
  state: ['State', 'Состояние', '状态'],
  sync: ['Sync', 'Синхр.', '同步'],
  lagMax: ['Lag at most, s', 'Отставание макс., с', '最大延迟（秒）'],
  lagEnd: ['Lag after, s', 'Отставание после, с', '结束延迟（秒）'],
  bytesStart: ['Behind before', 'Отставание до', '起始落后'],
  bytesMax: ['Behind at most', 'Отставание макс.', '最大落后'],
  bytesEnd: ['Behind after', 'Отставание после', '结束落后'],
  gone: ['gone', 'ушла', '已断开'],
  new: ['new', 'новая', '新'],
  slot: ['Slot', 'Слот', '槽'],
  kind: ['Kind', 'Вид', '类型'],
  active: ['Active', 'Активен', '活动'],
  yes: ['yes', 'да', '是'],
  no: ['no', 'нет', '否'],
  retained: ['WAL retained', 'Удержано WAL', '保留 WAL'],
  retainedBefore: ['Retained before', 'Удержано до', '起始保留'],
  status: ['WAL status', 'Статус WAL', 'WAL 状态'],
  safe: ['Safe to write', 'Запас записи', '安全余量'],
  xmin: ['Oldest transaction', 'Старейшая транзакция', '最旧事务年龄'],
  transactions: ['Transactions', 'Транзакций', '事务'],
  decoded: ['Decoded', 'Декодировано', '解码量'],
  spilled: ['Spilled to disk', 'Сброшено на диск', '落盘量'],
  streamed: ['Streamed', 'Передано по частям', '流式传输量'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** Standbys, slots, the archiver; of a standby what it receives and the conflicts it had. */
export const replication: Section = {
  id: 'replication',
  chapter: 'system',
  title: { en: 'Replication and archiving', ru: 'Репликация и архивация', zh: '复制与归档' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const replicas = replicasOf(facts.range);
    const slots = facts.range.table('slots').rows;
    return [
      replicaList(facts, words, replicas, slots.length > 0),
      ...lagChart(words, replicas),
      ...(slots.length > 0 ? [slotList(facts, words, slots)] : []),
      ...decodingList(facts, words),
      ...standbyBlocks(facts),
      archiverBlock(facts),
    ];
  },
};

function replicaList(facts: WorkloadFacts, words: Words, replicas: readonly Replica[], hasSlots: boolean): Block {
  const place = { id: replication.id, heading: replication.title[facts.locale] };
  if (replicas.length === 0) return textBlock(place, plain(hasSlots ? words.none : words.nothing));
  return listBlock<Replica>({
    ...place,
    description: words.note,
    locale: facts.locale,
    items: replicas.toSorted((a, b) => (b.behindBytes.max ?? 0) - (a.behindBytes.max ?? 0)),
    none: words.nothing,
    note: ({ isAtStart, isAtEnd }) => (isAtEnd ? (isAtStart ? null : words.new) : words.gone),
    columns: [
      textColumn('name', words.name, ({ name }) => name),
      textColumn('address', words.address, ({ address }) => address),
      textColumn('state', words.state, ({ state }) => state),
      textColumn('sync', words.sync, ({ sync }) => sync),
      figureColumn('lag_max', words.lagMax, ({ lagSeconds }) => lagSeconds.max, replicas, { adds: false, decimals: 2 }),
      figureColumn('lag_end', words.lagEnd, ({ lagSeconds }) => lagSeconds.end, replicas, { adds: false, decimals: 2 }),
      bytesColumn('start', words.bytesStart, ({ behindBytes }) => behindBytes.start),
      bytesColumn('max', words.bytesMax, ({ behindBytes }) => behindBytes.max),
      bytesColumn('end', words.bytesEnd, ({ behindBytes }) => behindBytes.end),
    ],
  });
}

const LEAST_POINTS = 3;
const MB = 1_000_000;

function lagChart(words: Words, replicas: readonly Replica[]): Block[] {
  const rows = replicas.flatMap(({ name, address, points }) =>
    points.map(({ at, bytes }) => [at, `${name} ${address}`.trim(), bytes === null ? null : bytes / MB]),
  );
  if (rows.length < LEAST_POINTS || replicas.every(({ points }) => points.length < LEAST_POINTS)) return [];
  const columns = [
    { key: 'at', type: 'time' as const },
    { key: 'standby', type: 'text' as const },
    { key: 'behind', type: 'number' as const },
  ];
  return [chartBlock({ id: 'replication-lag', heading: words.chart, kind: 'timeseries' }, columns, rows)];
}

function slotList({ range, locale }: WorkloadFacts, words: Words, slots: readonly DeltaRow[]): Block {
  const table = range.table('slots');
  const text =
    (column: string) =>
    (row: DeltaRow): string | null => {
      const value = table.last(row, column);
      return value === null ? null : String(value);
    };
  const number =
    (column: string, end: 'start' | 'end' = 'end') =>
    (row: DeltaRow): number | null =>
      levelOf(table, row, column)[end];
  const age = (row: DeltaRow): number | null => {
    const ages = [number('xmin_age')(row), number('catalog_xmin_age')(row)].filter((value) => value !== null);
    return ages.length === 0 ? null : Math.max(...ages);
  };
  return listBlock<DeltaRow>({
    id: 'replication-slots',
    heading: words.slots,
    locale,
    items: slots,
    none: words.none,
    note: (row) => rowNote(row, locale) ?? text('invalidation_reason')(row),
    columns: [
      textColumn('slot', words.slot, text('slot_name')),
      textColumn('kind', words.kind, text('slot_type')),
      textColumn('active', words.active, (row) => (table.last(row, 'active') === true ? words.yes : words.no)),
      bytesColumn('before', words.retainedBefore, number('retained_bytes', 'start')),
      bytesColumn('retained', words.retained, number('retained_bytes')),
      textColumn('status', words.status, text('wal_status')),
      bytesColumn('safe', words.safe, number('safe_wal_size')),
      countColumn('xmin', words.xmin, age),
    ],
  });
}

/** What logical slots decoded (14+). */
function decodingList({ range, locale }: WorkloadFacts, words: Words): Block[] {
  const table = range.table('slot_stats');
  if (table.rows.length === 0) return [];
  const of =
    (column: string) =>
    (row: DeltaRow): number | null =>
      table.delta(row, column);
  const block = listBlock<DeltaRow>({
    id: 'replication-decoding',
    heading: words.decoding,
    locale,
    items: table.rows,
    none: words.none,
    note: (row) => rowNote(row, locale),
    columns: [
      textColumn('slot', words.slot, (row) => String(table.last(row, 'slot_name'))),
      countColumn('transactions', words.transactions, of('total_txns')),
      bytesColumn('decoded', words.decoded, of('total_bytes')),
      bytesColumn('spilled', words.spilled, of('spill_bytes')),
      bytesColumn('streamed', words.streamed, of('stream_bytes')),
    ],
  });
  return [block];
}
