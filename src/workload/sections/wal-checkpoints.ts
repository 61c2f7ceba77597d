import { type Block, chartBlock } from '../block.ts';
import { blockSize, type WorkloadFacts } from '../facts.ts';
import { duration, figure, percent, signed, volume } from '../figures.ts';
import { type Measure, measureBlock } from '../measures.ts';
import type { Section } from '../section.ts';
import { stepPoints, sumsPerStep } from '../steps.ts';
import { changeOf, levelOf } from '../tables.ts';
import { type WalFigures, walFiguresOf } from '../wal.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  walNote: [
    'Full page images are an upper bound: holes and compression are not taken off.',
    'Полные образы — оценка сверху: пустоты и сжатие не вычтены.',
    '整页镜像为上限：未扣除页内空洞与压缩。',
  ],
  checkpoints: ['Checkpoints and buffers written', 'Контрольные точки и запись буферов', '检查点与缓冲写出'],
  checkpointsNote: [
    'Requested ones are those of max_wal_size, of CHECKPOINT by hand and of backups.',
    'По требованию — из-за max_wal_size, команды CHECKPOINT и резервных копий.',
    '请求的检查点来自 max_wal_size、手动 CHECKPOINT 与备份。',
  ],
  rate: ['WAL over time', 'WAL во времени', 'WAL 随时间变化'],
  marks: ['Checkpoints over time', 'Контрольные точки во времени', '检查点随时间变化'],
  checkpointMark: ['checkpoint requested', 'контрольная точка по требованию', '请求的检查点'],
  measure: ['Measure', 'Показатель', '指标'],
  total: ['Total', 'Всего', '总计'],
  second: ['Per second', 'В секунду', '每秒'],
  checkpoint: ['Per checkpoint', 'На контрольную точку', '每检查点'],
  volume: ['WAL written', 'Записано WAL', 'WAL 写入'],
  records: ['Records', 'Записей', '记录数'],
  images: ['Full page images', 'Полных образов страниц', '整页镜像'],
  imageShare: ['Share of full page images, at most', 'Доля полных образов, не более', '整页镜像占比（至多）'],
  full: ['Waits for a full WAL buffer', 'Переполнений буфера WAL', 'WAL 缓冲满次数'],
  writes: ['Writes', 'Записей в файл', '写次数'],
  writeTime: ['Time of writes', 'Время записи', '写耗时'],
  syncs: ['Syncs', 'Синхронизаций', '同步次数'],
  syncTime: ['Time of syncs', 'Время синхронизации', '同步耗时'],
  directory: ['Size of pg_wal at the end', 'Размер pg_wal в конце', '结束时 pg_wal 大小'],
  directoryChange: ['Change of its size', 'Изменение размера', '大小变化'],
  timed: ['Timed checkpoints', 'Контрольных точек по времени', '定时检查点'],
  requested: ['Requested checkpoints', 'Контрольных точек по требованию', '请求检查点'],
  interval: ['Mean interval', 'Средний промежуток', '平均间隔'],
  restartpoints: ['Restartpoints done', 'Выполнено точек перезапуска', '已完成重启点'],
  bufferTime: ['Time of writing buffers', 'Время записи буферов', '缓冲写出耗时'],
  fileTime: ['Time of syncing files', 'Время синхронизации файлов', '文件同步耗时'],
  byCheckpointer: ['Buffers written by the checkpointer', 'Записано процессом checkpointer', '检查点进程写出'],
  byWriter: ['Buffers written by the background writer', 'Записано фоновым процессом', '后台写进程写出'],
  byBackends: ['Buffers written by backends', 'Записано обслуживающими процессами', '后端进程写出'],
  stopped: ['Background writer stopped at its limit', 'Фоновая запись остановлена пределом', '后台写达到上限次数'],
  allocated: ['Buffers allocated', 'Выделено буферов', '分配的缓冲'],
  backendSyncs: ['Syncs by backends', 'Синхронизаций обслуживающими процессами', '后端进程同步次数'],
  perSecond: ['MB/s', 'МБ/с', 'MB/s'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** Write-ahead log and checkpoints: how much, what of it is full page images, who writes buffers. */
export const walCheckpoints: Section = {
  id: 'wal-checkpoints',
  chapter: 'system',
  title: { en: 'WAL and checkpoints', ru: 'WAL и контрольные точки', zh: 'WAL 与检查点' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const wal = walFiguresOf(facts.range);
    return [...walBlocks(facts, words, wal), ...timeCharts(facts, words)];
  },
};

function walBlocks(facts: WorkloadFacts, words: Words, wal: WalFigures): Block[] {
  const { locale, range } = facts;
  const count = (value: number | null): string => figure(value, locale);
  const bytes = (value: number | null): string => volume(value, locale);
  const time = (value: number | null): string => duration(value, locale);
  const per =
    (whole: number, print: (value: number | null) => string) =>
    (value: number | null): string =>
      value === null || whole <= 0 ? '–' : print(value / whole);
  const rate = per(range.seconds, count);
  const size = blockSize(range);
  const heading = walCheckpoints.title[locale];
  const share = wal.bytes === null || wal.images === null || wal.bytes === 0 ? null : (wal.images * size) / wal.bytes;
  const walMeasures: Measure[] = [
    [words.volume, bytes(wal.bytes), per(range.seconds, bytes)(wal.bytes)],
    [words.records, count(wal.records), rate(wal.records)],
    [words.images, count(wal.images), rate(wal.images)],
    [words.imageShare, percent(share === null ? null : Math.min(1, share), locale), ''],
    [words.full, count(wal.buffersFull), rate(wal.buffersFull)],
    [words.writes, count(wal.writes), rate(wal.writes)],
    [words.writeTime, time(wal.writeSeconds), ''],
    [words.syncs, count(wal.syncs), rate(wal.syncs)],
    [words.syncTime, time(wal.syncSeconds), ''],
    ...directoryMeasures(facts, words),
  ];
  const checkpoints = plusCounts(wal.timed, wal.requested);
  const each = (print: (value: number | null) => string) => per(checkpoints ?? 0, print);
  const buffers = (label: string, value: number | null, print = each(bytes)): Measure => [
    label,
    bytes(value === null ? null : value * size),
    print(value === null ? null : value * size),
  ];
  const plainBuffers = (): string => '';
  const checkpointMeasures: Measure[] = [
    [words.timed, count(wal.timed), ''],
    [words.requested, count(wal.requested), ''],
    [words.interval, checkpoints ? time(range.seconds / checkpoints) : '–', ''],
    ...(wal.restartpoints === null ? [] : [[words.restartpoints, count(wal.restartpoints), ''] as const]),
    [words.bufferTime, time(wal.checkpointWriteSeconds), each(time)(wal.checkpointWriteSeconds)],
    [words.fileTime, time(wal.checkpointSyncSeconds), each(time)(wal.checkpointSyncSeconds)],
    buffers(words.byCheckpointer, wal.byCheckpointer),
    buffers(words.byWriter, wal.byWriter, plainBuffers),
    buffers(words.byBackends, wal.byBackends, plainBuffers),
    [words.backendSyncs, count(wal.backendSyncs), ''],
    [words.stopped, count(wal.writerStopped), ''],
    buffers(words.allocated, wal.allocated, plainBuffers),
  ];
  return [
    measureBlock(
      { id: walCheckpoints.id, heading, description: words.walNote, width: 6 },
      [words.measure, words.total, words.second],
      walMeasures,
    ),
    measureBlock(
      { id: 'checkpoints', heading: words.checkpoints, description: words.checkpointsNote, width: 6 },
      [words.measure, words.total, words.checkpoint],
      checkpointMeasures,
    ),
  ];
}

const plusCounts = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : (a ?? 0) + (b ?? 0);

function directoryMeasures({ range, locale }: WorkloadFacts, words: Words): Measure[] {
  const table = range.table('wal_dir');
  const [row] = table.rows;
  if (row === undefined) return [[words.directory, '–', '']];
  const level = levelOf(table, row, 'bytes');
  const change = signed(changeOf(level), (value) => volume(value, locale));
  return [
    [words.directory, volume(level.end, locale), ''],
    [words.directoryChange, change, ''],
  ];
}

const LEAST_STEPS = 3;
const MB = 1_000_000;
const MOST_MARKS = 3;

/** Only where there are snapshots between start and end; a step or bar for what lies between two of them. */
function timeCharts({ range }: WorkloadFacts, words: Words): Block[] {
  if (range.steps.length < LEAST_STEPS) return [];
  const wal = sumsPerStep(range, 'wal', ['wal_bytes']);
  const rates = stepPoints(wal, ({ seconds }, index) => {
    const bytes = wal[index]?.sums[0] ?? null;
    return bytes === null ? null : bytes / seconds / MB;
  });
  const names = range.table('checkpointer').rows.length > 0 ? NEW_COUNTERS : OLD_COUNTERS;
  const steps = sumsPerStep(range, names.view, names.columns);
  const kinds = [words.timed, words.requested];
  const checkpoints = steps.flatMap(({ to, sums }) => sums.map((sum, at) => [to, kinds[at] ?? '', sum ?? 0]));
  const requested = steps.filter(({ sums }) => (sums[1] ?? 0) > 0);
  const annotations = requested.length > MOST_MARKS ? [] : requested.map(({ from, to }) => markOf(from, to, words));
  const columns = [
    { key: 'at', type: 'time' as const },
    { key: 'value', type: 'number' as const },
  ];
  const [at, value] = columns;
  return [
    chartBlock({ id: 'wal-rate', heading: words.rate, kind: 'timeseries', width: 6 }, columns, rates, {
      settings: { type: 'area', lineStyle: 'step-before', unit: words.perSecond, annotations },
    }),
    chartBlock(
      { id: 'checkpoints-time', heading: words.marks, kind: 'timeseries', width: 6 },
      at && value ? [at, { key: 'kind', type: 'text' }, value] : columns,
      checkpoints,
      { settings: { type: 'bar', stack: true } },
    ),
  ];
}

const NEW_COUNTERS = { view: 'checkpointer', columns: ['num_timed', 'num_requested'] };
const OLD_COUNTERS = { view: 'bgwriter', columns: ['checkpoints_timed', 'checkpoints_req'] };

const markOf = (from: number, to: number, words: Words) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  label: words.checkpointMark,
  severity: 'warn',
});
