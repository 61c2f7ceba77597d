import { blockSize, settingOf, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { sumOf } from '../sums.ts';
import { rowsOf } from './ages.ts';
import { figuresOf, loadOf, numberIn, type Told, tell } from './evidence.ts';

const CHECKPOINTS: Told = {
  en: [
    '{requested} of {all} checkpoints were requested, one every {every} (max_wal_size is {size})',
    'Raise max_wal_size. Checkpoints by hand and by base backups count as requested too.',
  ],
  ru: [
    '{requested} из {all} контрольных точек запрошены, одна за {every} (max_wal_size: {size})',
    'Увеличьте max_wal_size. Ручные контрольные точки и базовые копии тоже считаются запрошенными.',
  ],
  zh: [
    '{all} 次检查点中有 {requested} 次为请求触发，平均间隔 {every}（max_wal_size 为 {size}）',
    '请提高 max_wal_size。手动检查点和基础备份也计为请求触发。',
  ],
};

/** Checkpoints of the range, on time and requested: of the checkpointer's view since 17, else of the background writer's. */
function checkpointsOf({ range }: WorkloadFacts): { readonly timed: number; readonly requested: number } | null {
  const [own, old] = [range.table('checkpointer'), range.table('bgwriter')];
  const timed = sumOf(own, 'num_timed') ?? sumOf(old, 'checkpoints_timed');
  const requested = sumOf(own, 'num_requested') ?? sumOf(old, 'checkpoints_req');
  return timed === null || requested === null ? null : { timed, requested };
}

const checkpoints: FindingRule = {
  id: 'CKPT-FREQ',
  condition: 'Of four checkpoints or more, half were requested and they came every 5 minutes or faster.',
  find: (facts) => {
    const found = checkpointsOf(facts);
    if (found === null) return [];
    const all = found.timed + found.requested;
    if (all < 4 || found.requested / all < 0.5 || facts.range.seconds / all > 300) return [];
    const { number, time } = figuresOf(facts);
    const size = settingOf(facts.range, 'max_wal_size');
    const values = {
      requested: number(found.requested),
      all: number(all),
      every: time(facts.range.seconds / all),
      size: size === null ? '–' : `${size} MB`,
    };
    const shared = { id: 'CKPT-FREQ', severity: 2, place: 'wal-checkpoints' } as const;
    return [tell(facts, { ...shared, subject: 'max_wal_size', told: CHECKPOINTS, values })];
  },
};

const FULL_PAGES: Told = {
  en: [
    'Images of whole pages are about {share} of {bytes} of WAL',
    'Space checkpoints further apart, or switch wal_compression on.',
  ],
  ru: [
    'Полные образы страниц составляют около {share} из {bytes} WAL',
    'Увеличьте расстояние между контрольными точками или включите wal_compression.',
  ],
  zh: ['整页镜像约占 {bytes} WAL 的 {share}', '请拉大检查点间隔，或开启 wal_compression。'],
};

const fullPages: FindingRule = {
  id: 'WAL-FPI',
  condition:
    'Images of whole pages are 60 % or more of the WAL (at most: holes and compression are not seen), at 1 MB/s or more (over a minute at least).',
  find: (facts) => {
    const { range } = facts;
    const [wal, statements] = [range.table('wal'), range.table('statements')];
    const outer = statements.rows.filter((row) => statements.last(row, 'toplevel') !== false);
    const of = (column: string): number => sumOf(wal, column) ?? sumOf(statements, column, outer) ?? 0;
    const [bytes, pages] = [of('wal_bytes'), of('wal_fpi')];
    const share = bytes <= 0 ? 0 : Math.min(1, (pages * blockSize(range)) / bytes);
    if (share < 0.6 || loadOf(facts).rate(bytes) < 1_000_000) return [];
    const figures = figuresOf(facts);
    const values = { share: figures.share(share), bytes: figures.bytes(bytes) };
    const place = 'wal-checkpoints';
    return [tell(facts, { id: 'WAL-FPI', severity: 3, place, subject: null, told: FULL_PAGES, values })];
  },
};

const ARCHIVE: Told = {
  en: [
    'Archiving is behind: {failed} failures in the range, {ready} files wait',
    'Repair archive_command: pg_wal grows until the disk is full.',
  ],
  ru: [
    'Архивирование отстаёт: {failed} сбоев в диапазоне, ждут {ready} файлов',
    'Исправьте archive_command: pg_wal растёт до заполнения диска.',
  ],
  zh: [
    '归档落后：范围内失败 {failed} 次，等待文件 {ready} 个',
    '请修复 archive_command：pg_wal 会一直增长直到磁盘写满。',
  ],
};

const archive: FindingRule = {
  id: 'ARCHIVE-FAIL',
  condition:
    'Archiving failed in the range and has not succeeded since, or 100 files or more wait and they become more.',
  find: (facts) => {
    const { range } = facts;
    const [end] = rowsOf(range.end, 'archiver');
    const [start] = rowsOf(range.start, 'archiver');
    if (end === undefined) return [];
    const failed = sumOf(range.table('archiver'), 'failed_count') ?? 0;
    const last = (column: string): number => numberIn(end(column)) ?? 0;
    const isFailing = failed > 0 && last('last_failed_time') > last('last_archived_time');
    const ready = last('ready_files');
    const isBehind = ready >= 100 && ready > (numberIn(start?.('ready_files') ?? null) ?? 0);
    if (!isFailing && !isBehind) return [];
    const { number } = figuresOf(facts);
    const values = { failed: number(failed), ready: number(ready) };
    const subject = 'archive_command';
    return [tell(facts, { id: 'ARCHIVE-FAIL', severity: 1, place: 'replication', subject, told: ARCHIVE, values })];
  },
};

export const walRules: readonly FindingRule[] = [checkpoints, fullPages, archive];
