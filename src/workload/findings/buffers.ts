import { isWhole } from '../delta-row.ts';
import type { DeltaRow, DeltaTable } from '../delta-table.ts';
import { blockSize, settingOf, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { sumOf } from '../sums.ts';
import { figuresOf, loadOf, type Told, tell, textIn } from './evidence.ts';

const CACHE: Told = {
  en: [
    '{share} of block requests were found in shared buffers; {rate} a second were read, {each} a block',
    'Look at the statements that read most first, then at memory.',
  ],
  ru: [
    'В общих буферах нашлось {share} запрошенных блоков; читалось {rate} в секунду, {each} на блок',
    'Сначала смотрите операторы с наибольшим чтением, потом память.',
  ],
  zh: ['{share} 的块请求命中共享缓冲；每秒读取 {rate}，每块 {each}', '请先检查读取最多的语句，再考虑内存。'],
};

const MB = 1_000_000;
const CACHED_BY_SYSTEM_S = 0.0001;

const cacheLow: FindingRule = {
  id: 'CACHE-LOW',
  condition:
    'Less than 90 % of block requests were found in shared buffers while 20 MB/s or more were read (over a minute at least), and reading took 10 % of database time. Without track_io_timing a notice. Reads of 0.1 ms or less come from the operating system’s cache and are passed over.',
  find: (facts) => {
    const table = facts.range.table('database');
    const [hit, read] = [sumOf(table, 'blks_hit') ?? 0, sumOf(table, 'blks_read') ?? 0];
    const load = loadOf(facts);
    const bytes = read * blockSize(facts.range);
    if (hit + read <= 0 || hit / (hit + read) >= 0.9 || load.rate(bytes) < 20 * MB) return [];
    const isTimed = settingOf(facts.range, 'track_io_timing') === 'on';
    const seconds = (sumOf(table, 'blk_read_time') ?? 0) / 1000;
    const impact = load.share(seconds) ?? 0;
    if (isTimed && (impact < 0.1 || seconds / read <= CACHED_BY_SYSTEM_S)) return [];
    const { share, time, bytes: volume } = figuresOf(facts);
    const values = {
      share: share(hit / (hit + read)),
      rate: volume(bytes / Math.max(1, load.seconds)),
      each: isTimed ? time(seconds / read) : '–',
    };
    const severity = isTimed ? 2 : 3;
    return [
      tell(facts, { id: 'CACHE-LOW', severity, impact, place: 'efficiency', subject: null, told: CACHE, values }),
    ];
  },
};

const SLOW: Told = {
  en: [
    '{kind} of {backend}: {each} each, over {count}',
    'Storage is slow: compare with the volume’s limits, and with other loads on it.',
  ],
  ru: [
    '{kind}, {backend}: {each} на операцию, всего {count}',
    'Хранилище медленное: сравните с его пределами и другой нагрузкой.',
  ],
  zh: ['{backend} 的{kind}：每次 {each}，共 {count} 次', '存储较慢：请对照卷的限额及其上的其他负载。'],
};

const READS = { en: 'Reads', ru: 'Чтения', zh: '读取' } as const;
const FSYNCS = { en: 'Syncs', ru: 'Синхронизации', zh: '同步' } as const;
const ALL = { en: 'all sessions', ru: 'все сеансы', zh: '所有会话' } as const;
const SLOW_READ_MS = 10;
const SLOW_FSYNC_MS = 50;
const LEAST_READS = 10_000;
const LEAST_FSYNCS = 100;

const slow: FindingRule = {
  id: 'IO-SLOW',
  condition:
    'Reads took 10 ms or more each over 10 000 reads, or syncs 50 ms over 100; by kind of backend from 16 on, without large sequential reads.',
  find: (facts) => {
    const io = facts.range.table('io');
    const { time, number } = figuresOf(facts);
    const told = (kind: string, backend: string, count: number, ms: number, place: string) =>
      tell(facts, {
        id: 'IO-SLOW',
        severity: 2,
        impact: loadOf(facts).share((ms * count) / 1000) ?? 0,
        place,
        subject: backend,
        told: SLOW,
        values: { kind, backend, each: time(ms / 1000), count: number(count) },
      });
    if (io.rows.length === 0) {
      const table = facts.range.table('database');
      const [reads, ms] = [sumOf(table, 'blks_read') ?? 0, sumOf(table, 'blk_read_time') ?? 0];
      const isSlow = reads >= LEAST_READS && ms / reads >= SLOW_READ_MS;
      return isSlow ? [told(READS[facts.locale], ALL[facts.locale], reads, ms / reads, 'statements-io')] : [];
    }
    return io.rows.filter(isWhole).flatMap((row) => {
      const of = (column: string): number => io.delta(row, column) ?? 0;
      const backend = textIn(io, row, 'backend_type');
      const [reads, fsyncs] = [of('reads'), of('fsyncs')];
      const isBulk = textIn(io, row, 'context') === 'bulkread';
      const isSlowRead = !isBulk && reads >= LEAST_READS && of('read_time') / reads >= SLOW_READ_MS;
      const isSlowSync = fsyncs >= LEAST_FSYNCS && of('fsync_time') / fsyncs >= SLOW_FSYNC_MS;
      return [
        ...(isSlowRead ? [told(READS[facts.locale], backend, reads, of('read_time') / reads, 'io')] : []),
        ...(isSlowSync ? [told(FSYNCS[facts.locale], backend, fsyncs, of('fsync_time') / fsyncs, 'io')] : []),
      ];
    });
  },
};

const BACKEND: Told = {
  en: [
    'Sessions wrote {share} of the {count} buffers that were written',
    'Let the background writer do more (bgwriter_lru_maxpages), or give shared buffers more room.',
  ],
  ru: [
    'Сеансы сами записали {share} из {count} буферов',
    'Дайте фоновому писателю больше работы (bgwriter_lru_maxpages) или увеличьте общие буферы.',
  ],
  zh: [
    '会话自行写出了 {count} 个缓冲块中的 {share}',
    '请让后台写进程多做一些（bgwriter_lru_maxpages），或增大共享缓冲。',
  ],
};

interface Written {
  readonly own: number;
  readonly all: number;
  /** Of the share of `own` from which on it is told. */
  readonly limit: number;
  readonly fsyncs: number;
}

const LEAST_BUFFERS = 100_000;

/** Who wrote buffers: from pg_stat_io where it is there (16+), else from the background writer's counters. */
function writtenBy({ range }: WorkloadFacts): Written {
  const io = range.table('io');
  if (io.rows.length > 0) {
    const isClient = (row: DeltaRow): boolean => textIn(io, row, 'backend_type') === 'client backend';
    const relation = io.rows.filter((row) => textIn(io, row, 'object') === 'relation' && isWhole(row));
    const ordinary = relation.filter((row) => textIn(io, row, 'context') !== 'bulkwrite');
    const sum = (rows: readonly DeltaRow[], column: string): number => sumOf(io, column, rows) ?? 0;
    const normal = ordinary.filter((row) => isClient(row) && textIn(io, row, 'context') === 'normal');
    return {
      own: sum(normal, 'writes'),
      all: sum(ordinary, 'writes'),
      limit: 0.3,
      fsyncs: sum(relation.filter(isClient), 'fsyncs'),
    };
  }
  const table: DeltaTable = range.table('bgwriter');
  const sum = (column: string): number => sumOf(table, column) ?? 0;
  const own = sum('buffers_backend');
  return {
    own,
    all: own + sum('buffers_checkpoint') + sum('buffers_clean'),
    limit: 0.5,
    fsyncs: sum('buffers_backend_fsync'),
  };
}

const backendWrites: FindingRule = {
  id: 'BACKEND-WRITE',
  condition:
    'Of 100 000 buffers or more, sessions wrote 30 % themselves (16 and later: ordinary writes), or 50 % (15 and older, where new blocks count as well).',
  find: (facts) => {
    const { own, all, limit } = writtenBy(facts);
    if (all < LEAST_BUFFERS || own / all < limit) return [];
    const { number, share } = figuresOf(facts);
    const values = { share: share(own / all), count: number(all) };
    const place = 'wal-checkpoints';
    return [tell(facts, { id: 'BACKEND-WRITE', severity: 3, place, subject: null, told: BACKEND, values })];
  },
};

const FSYNC: Told = {
  en: [
    'Sessions had to sync files themselves {count} times: the checkpointer’s queue was full',
    'Raise shared_buffers (the queue is as long), or look at storage that stalls.',
  ],
  ru: [
    'Сеансы сами синхронизировали файлы {count} раз: очередь контрольных точек переполнена',
    'Увеличьте shared_buffers (от него длина очереди) или проверьте хранилище.',
  ],
  zh: ['会话自行同步文件 {count} 次：检查点进程的队列已满', '请增大 shared_buffers（决定队列长度），或检查存储停顿。'],
};

const backendSyncs: FindingRule = {
  id: 'BACKEND-FSYNC',
  condition: 'A session had to sync a file of a relation itself.',
  find: (facts) => {
    const { fsyncs } = writtenBy(facts);
    if (fsyncs <= 0) return [];
    const values = { count: figuresOf(facts).number(fsyncs) };
    const place = 'wal-checkpoints';
    return [tell(facts, { id: 'BACKEND-FSYNC', severity: 1, place, subject: null, told: FSYNC, values })];
  },
};

export const bufferRules: readonly FindingRule[] = [cacheLow, slow, backendWrites, backendSyncs];
