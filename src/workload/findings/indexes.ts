import { indexTextKey } from '../../rows/snapshot.ts';
import { isWhole } from '../delta-row.ts';
import type { DeltaRow, DeltaTable } from '../delta-table.ts';
import { textKey, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { relationSizes } from '../tables.ts';
import { atEnd, figuresOf, levelOf, numberIn, type Told, tableName, tell, textIn } from './evidence.ts';

/** How long an index was not used, by what is known of when it was made. */
type Since =
  /** It was there before. */
  | 'there'
  /** A snapshot before did not have it. */
  | 'young'
  /** The server does not tell when an index was made, and no snapshot is old enough. */
  | 'unknown';

const unusedTold = (en: string, ru: string, zh: string): Told => ({
  en: [
    `Index {index} ({size}) on {table} was not used once since ${en}, while {writes} rows of its table changed in the range`,
    'Drop it after a full business cycle, and after checking standbys, which count on their own.',
  ],
  ru: [
    `Индекс {index} ({size}) таблицы {table} ни разу не использован с ${ru}, а изменено строк таблицы в диапазоне: {writes}`,
    'Удалите его после полного делового цикла и проверки реплик: они считают отдельно.',
  ],
  zh: [
    `表 {table} 的索引 {index}（{size}）自 ${zh} 从未使用，而范围内该表更改了 {writes} 行`,
    '经过一个完整业务周期并检查备库（其统计独立）后可删除。',
  ],
});

const UNUSED: Readonly<Record<Since, Told>> = {
  there: unusedTold('{since}', '{since}', '{since} 起'),
  young: unusedTold(
    'it was first seen on {since}',
    'первого снимка, в котором он есть ({since})',
    '{since} 首次出现在快照中以来',
  ),
  unknown: unusedTold(
    '{since}, or since it was made if that was later',
    '{since} или со своего создания, если оно позже',
    '{since} 起（若创建更晚则自创建起）',
  ),
};

const LARGE_BYTES = 50_000_000;
/** Below this an index costs next to nothing, used or not. */
const LEAST_BYTES = 1_000_000;
const COSTLY_CHANGES = 10_000;
const LONG_MS = 14 * 86_400_000;
const MOST_INDEXES = 5;

export const is = (table: DeltaTable, row: DeltaRow, column: string): boolean => table.last(row, column) === true;

/** The table that an index is on, in the same database. */
export const ownerOf = (tables: DeltaTable, indexes: DeltaTable, row: DeltaRow): DeltaRow | null =>
  tables.rows.find(
    (one) => one.scope === row.scope && String(tables.last(one, 'relid')) === String(indexes.last(row, 'relid')),
  ) ?? null;

/** Bytes at the end, as the lists of indexes have them. */
export const sizeOf = ({ range }: WorkloadFacts, table: DeltaTable, row: DeltaRow): number =>
  relationSizes(range)(table, row, 'indexrelid').end ?? 0;

/** Since when a database counts: its last reset, else the start of the server at the latest. */
function countedSince({ range }: WorkloadFacts, scope: string): number {
  const table = range.table('database');
  const row = table.rows.find((one) => textIn(table, one, 'datname') === scope);
  return (row && numberIn(table.last(row, 'stats_reset'))) ?? range.start.identity.startedAt;
}

/** Since when an index is known to have been of no use: never longer than it may exist, as far as anybody knows. */
function unusedSince(facts: WorkloadFacts, table: DeltaTable, row: DeltaRow): { how: Since; since: number } {
  const { range, texts, trend } = facts;
  const used = numberIn(table.last(row, 'last_idx_scan'));
  if (used !== null) return { how: 'there', since: used };
  const counted = countedSince(facts, row.scope);
  const key = indexTextKey(textIn(table, row, 'indexrelid'), textIn(table, row, 'indexrelname'));
  const seen = texts.get(textKey('index', row.scope, key))?.firstSeenAt?.getTime();
  const first = Math.min(seen ?? range.start.identity.capturedAt, range.start.identity.capturedAt);
  if (first <= counted) return { how: 'there', since: counted };
  // The last of these had it, those before did not; of fewer nothing is known of the time before.
  const until = trend.filter(({ at }) => seen !== undefined && at <= seen);
  return until.length > 1 ? { how: 'young', since: first } : { how: 'unknown', since: counted };
}

const unused: FindingRule = {
  id: 'IDX-UNUSED',
  condition:
    'An index that guards nothing (not unique, no constraint, no replica identity) and was there at both ends was never used (16 and later: not for 14 days) while its table changed: 50 MB or more where statistics are 14 days old and the index is not known to be younger, or 1 MB or more where 10 000 rows changed in the range, which is upkeep whatever the age of the statistics.',
  find: (facts) => {
    const [indexes, tables] = [facts.range.table('indexes'), facts.range.table('tables')];
    const now = facts.range.end.identity.capturedAt;
    const found = atEnd(indexes).flatMap((row) => {
      const guards = ['indisunique', 'indisprimary', 'indisexclusion', 'indisreplident'].some((column) =>
        is(indexes, row, column),
      );
      if (guards || textIn(indexes, row, 'contype') !== '' || !is(indexes, row, 'indisvalid')) return [];
      // One made in the range had no time to be used.
      if (!row.isAtStart) return [];
      const owner = ownerOf(tables, indexes, row);
      if (owner === null || !isWhole(row)) return [];
      const last = numberIn(indexes.last(row, 'last_idx_scan'));
      const scans = levelOf(indexes, row, 'idx_scan') ?? 0;
      const isUnused = scans === 0 || (last !== null && now - last >= LONG_MS);
      if (!isUnused || (indexes.delta(row, 'idx_scan') ?? 0) > 0) return [];
      const { how, since } = unusedSince(facts, indexes, row);
      const changes = ['n_tup_ins', 'n_tup_upd', 'n_tup_del'].reduce(
        (sum, column) => sum + (tables.delta(owner, column) ?? 0),
        0,
      );
      const size = sizeOf(facts, indexes, row);
      const isOld = size >= LARGE_BYTES && changes > 0 && now - since >= LONG_MS;
      const isCostly = size >= LEAST_BYTES && changes >= COSTLY_CHANGES;
      return isOld || isCostly ? [{ row, owner, size, changes, how, since }] : [];
    });
    const { bytes, number, instant } = figuresOf(facts);
    return found
      .sort((a, b) => b.size - a.size)
      .slice(0, MOST_INDEXES)
      .map(({ row, owner, size, changes, how, since }) => {
        const index = tableName(indexes, row);
        const values = { index, size: bytes(size), table: tableName(tables, owner), since: instant(since) };
        return tell(facts, {
          id: 'IDX-UNUSED',
          severity: 3,
          place: 'indexes-unused',
          subject: index,
          told: UNUSED[how],
          values: { ...values, writes: number(changes) },
        });
      });
  },
};

const INVALID: Told = {
  en: [
    'Index {index} ({size}) is invalid: it is written and never read',
    'A concurrent build failed: drop it, or REINDEX INDEX CONCURRENTLY.',
  ],
  ru: [
    'Индекс {index} ({size}) недействителен: он пишется, но не читается',
    'Построение не удалось: удалите его или выполните REINDEX INDEX CONCURRENTLY.',
  ],
  zh: ['索引 {index}（{size}）无效：只写入、从不读取', '并发创建失败：请删除，或执行 REINDEX INDEX CONCURRENTLY。'],
};

const invalid: FindingRule = {
  id: 'IDX-INVALID',
  condition: 'An index is not valid or not ready at both ends of the range.',
  find: (facts) => {
    const table = facts.range.table('indexes');
    const isBad = (value: (row: DeltaRow, column: string) => unknown, row: DeltaRow): boolean =>
      value(row, 'indisvalid') === false || value(row, 'indisready') === false;
    const { bytes } = figuresOf(facts);
    return atEnd(table)
      .filter((row) => row.isAtStart && isBad(table.first, row) && isBad(table.last, row))
      .map((row) => {
        const index = tableName(table, row);
        const values = { index, size: bytes(sizeOf(facts, table, row)) };
        return tell(facts, {
          id: 'IDX-INVALID',
          severity: 2,
          place: 'indexes-invalid',
          subject: index,
          told: INVALID,
          values,
        });
      });
  },
};

export const indexRules: readonly FindingRule[] = [unused, invalid];
