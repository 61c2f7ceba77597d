import type { DeltaRow, DeltaTable } from '../delta-table.ts';
import { blockSize, settingOf, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { figuresOf, levelOf, liveRows, numberIn, type Told, tableName, tell, textIn, userTables } from './evidence.ts';

const STARVED: Told = {
  en: [
    'Table {table} has {dead} dead rows beside {live} live ones; autovacuum begins at {threshold} and last ran {last}',
    'Autovacuum does not keep up: look at what holds old rows back, at its cost limit and its workers.',
  ],
  ru: [
    'В таблице {table} {dead} мёртвых строк при {live} живых; порог автоочистки {threshold}, последний раз {last}',
    'Автоочистка не успевает: проверьте, что удерживает старые строки, её лимит стоимости и число процессов.',
  ],
  zh: [
    '表 {table} 有 {dead} 行死元组，活元组 {live} 行；自动清理阈值为 {threshold}，上次运行：{last}',
    '自动清理跟不上：请检查阻止清理的会话、成本限制和工作进程数。',
  ],
};

const DISABLED: Told = {
  en: [
    'Table {table} has {dead} dead rows beside {live} live ones, and autovacuum is switched off for it (autovacuum_enabled=false)',
    'Vacuum it now, then switch autovacuum on again, or vacuum the table by a schedule.',
  ],
  ru: [
    'В таблице {table} {dead} мёртвых строк при {live} живых, а автоочистка для неё выключена (autovacuum_enabled=false)',
    'Очистите её сейчас, затем включите автоочистку или очищайте таблицу по расписанию.',
  ],
  zh: [
    '表 {table} 有 {dead} 行死元组，活元组 {live} 行，且该表已关闭自动清理（autovacuum_enabled=false）',
    '请立即清理该表，然后重新开启自动清理，或按计划清理。',
  ],
};

const NEVER = { en: 'never', ru: 'никогда', zh: '从未' } as const;
const DAY_MS = 86_400_000;
const LEAST_DEAD = 10_000;
const MOST_TABLES = 5;

const starved: FindingRule = {
  id: 'VAC-STARVED',
  condition:
    'A table has 10 000 dead rows or more, more than twice autovacuum’s threshold (with the table’s own options), autovacuum has not been there for 24 hours, and it was so at the start of the range too: autovacuum needs its time; or autovacuum is switched off for the table.',
  find: (facts) => {
    const table = facts.range.table('tables');
    const now = facts.range.end.identity.capturedAt;
    const found = userTables(table).flatMap((row) => {
      const dead = levelOf(table, row, 'n_dead_tup') ?? 0;
      const threshold = vacuumThreshold(facts, table, row);
      const isMuch = (rows: number): boolean => rows >= LEAST_DEAD && rows > 2 * threshold;
      const last = numberIn(table.last(row, 'last_autovacuum'));
      const isLate = last === null || now - last >= DAY_MS;
      const isOff = isDisabled(table, row);
      const wasMuch = isMuch(numberIn(table.first(row, 'n_dead_tup')) ?? 0);
      return isMuch(dead) && isLate && (wasMuch || isOff) ? [{ row, dead, threshold, last, isOff }] : [];
    });
    const { number, instant } = figuresOf(facts);
    return found
      .sort((a, b) => b.dead - a.dead)
      .slice(0, MOST_TABLES)
      .map(({ row, dead, threshold, last, isOff }) =>
        tell(facts, {
          id: 'VAC-STARVED',
          severity: 2,
          place: 'vacuum-dead',
          subject: tableName(table, row),
          told: isOff ? DISABLED : STARVED,
          values: {
            table: tableName(table, row),
            dead: number(dead),
            live: number(levelOf(table, row, 'n_live_tup')),
            threshold: number(Math.round(threshold)),
            last: last === null ? NEVER[facts.locale] : instant(last),
          },
        }),
      );
  },
};

/** Dead rows from which on autovacuum comes: threshold + scale factor × rows, at most 18's maximum. */
function vacuumThreshold(facts: WorkloadFacts, table: DeltaTable, row: DeltaRow): number {
  const of = (name: string, fallback: number): number =>
    optionOf(table, row, name) ?? numberIn(settingOf(facts.range, name)) ?? fallback;
  const rows = Math.max(0, liveRows(table, row));
  const threshold = of('autovacuum_vacuum_threshold', 50) + of('autovacuum_vacuum_scale_factor', 0.2) * rows;
  const most = of('autovacuum_vacuum_max_threshold', -1);
  return most >= 0 ? Math.min(threshold, most) : threshold;
}

export const isDisabled = (table: DeltaTable, row: DeltaRow): boolean =>
  /autovacuum_enabled=(?:false|off|0|no)\b/i.test(textIn(table, row, 'reloptions'));

/** A storage parameter of the table: `{autovacuum_enabled=false,…}` as the server writes it. */
function optionOf(table: DeltaTable, row: DeltaRow, name: string): number | null {
  const found = new RegExp(`${name}=([^,}"\\]]+)`).exec(textIn(table, row, 'reloptions'))?.[1];
  return found === undefined ? null : numberIn(found);
}

const VERIFY = {
  en: 'Verify with pgstattuple_approx; then let vacuum catch up, or rewrite the table.',
  ru: 'Проверьте через pgstattuple_approx, затем дайте очистке догнать или перепишите таблицу.',
  zh: '请用 pgstattuple_approx 核实，然后清理或重写该表。',
} as const;

const BLOAT: Told = {
  en: ['Table {table} ({size}) is likely bloated: {share} of its rows are dead', VERIFY.en],
  ru: ['Таблица {table} ({size}), вероятно, раздута: {share} её строк мертвы', VERIFY.ru],
  zh: ['表 {table}（{size}）可能膨胀：{share} 的行是死元组', VERIFY.zh],
};

const GROWN: Told = {
  en: ['Table {table} ({size}) is likely bloated: it grew by {share} while its rows stayed as many', VERIFY.en],
  ru: ['Таблица {table} ({size}), вероятно, раздута: выросла на {share} при том же числе строк', VERIFY.ru],
  zh: ['表 {table}（{size}）可能膨胀：增长 {share} 而行数不变', VERIFY.zh],
};

const NOT_HOT: Told = {
  en: [
    'Only {share} of {updates} updates of table {table} left its indexes alone (HOT): table and indexes bloat',
    'Lower its fillfactor, or drop indexes on columns that change.',
  ],
  ru: [
    'Лишь {share} из {updates} изменений таблицы {table} не тронули индексы (HOT): таблица и индексы раздуваются',
    'Уменьшите fillfactor или удалите индексы по изменяемым столбцам.',
  ],
  zh: [
    '表 {table} 的 {updates} 次更新中仅 {share} 为 HOT：表和索引会膨胀',
    '请降低 fillfactor，或删除常变列上的索引。',
  ],
};

const BLOAT_BYTES = 100_000_000;
const MANY_UPDATES = 1_000_000;

const bloat: FindingRule = {
  id: 'BLOAT-SIGN',
  condition:
    'A table of 100 MB or more of which 20 % of the rows are dead, or that grew by 20 % while its live rows changed by 5 % at most; or of a million updates or more 30 % or less were HOT. Not told of a table that was rewritten in the range, or that VAC-STARVED names.',
  find: (facts) => {
    const table = facts.range.table('tables');
    const named = new Set(starved.find(facts).map(({ subject }) => subject));
    const { share, bytes, number } = figuresOf(facts);
    const block = blockSize(facts.range);
    const found = userTables(table).flatMap((row) => {
      const name = tableName(table, row);
      const sign = row.labels.has('rewritten') || named.has(name) ? null : signOf(table, row, block);
      if (sign === null) return [];
      const size = (levelOf(table, row, 'relpages') ?? 0) * block;
      const updates = table.delta(row, 'n_tup_upd');
      const values = { table: name, size: bytes(size), share: share(sign.share), updates: number(updates) };
      const shared = { id: 'BLOAT-SIGN', severity: 3, place: 'vacuum', subject: name } as const;
      return [{ finding: tell(facts, { ...shared, told: sign.told, values }), size }];
    });
    return found
      .sort((a, b) => b.size - a.size)
      .slice(0, MOST_TABLES)
      .map(({ finding }) => finding);
  },
};

/** The first sign of bloat that a table shows; null for none. */
function signOf(table: DeltaTable, row: DeltaRow, block: number): { told: Told; share: number } | null {
  const [was, is] = [numberIn(table.first(row, 'relpages')) ?? 0, levelOf(table, row, 'relpages') ?? 0];
  // Statistics that began anew know nothing of the rows that were there before.
  const isCounted = !row.labels.has('reset');
  const [before, live] = [numberIn(table.first(row, 'n_live_tup')) ?? 0, levelOf(table, row, 'n_live_tup') ?? 0];
  const dead = levelOf(table, row, 'n_dead_tup') ?? 0;
  const isLarge = is * block >= BLOAT_BYTES;
  const rows = dead + (live > 0 ? live : liveRows(table, row));
  if (isLarge && isCounted && dead > 0 && dead >= 0.2 * rows) return { told: BLOAT, share: dead / rows };
  const isSteady = isCounted && before > 0 && Math.abs(live - before) <= 0.05 * before;
  if (isLarge && isSteady && was > 0 && is >= 1.2 * was) return { told: GROWN, share: is / was - 1 };
  const [updates, hot] = [table.delta(row, 'n_tup_upd') ?? 0, table.delta(row, 'n_tup_hot_upd') ?? 0];
  return updates >= MANY_UPDATES && hot <= 0.3 * updates ? { told: NOT_HOT, share: hot / updates } : null;
}

export const vacuumRules: readonly FindingRule[] = [starved, bloat];
