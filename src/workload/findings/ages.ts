import type { Value } from '../../rows/rows.ts';
import type { Snapshot } from '../../rows/snapshot.ts';
import { settingOf } from '../facts.ts';
import { partOf } from '../pieces.ts';
import type { FindingRule } from '../section.ts';
import { atEnd, figuresOf, levelOf, numberIn, type Told, tell, textIn } from './evidence.ts';

const WRAPAROUND: Told = {
  en: [
    'Database {database}: the oldest transaction id is {age} transactions old; writes stop at 2.1 billion',
    'Freeze its oldest tables with VACUUM (FREEZE) before writes stop.',
  ],
  ru: [
    'База {database}: старейшему идентификатору {age} транзакций; запись остановится на 2,1 млрд',
    'Заморозьте старейшие таблицы командой VACUUM (FREEZE) до остановки записи.',
  ],
  zh: [
    '数据库 {database}：最旧事务 ID 的年龄为 {age}；达到 21 亿时将停止写入',
    '请在停止写入前对最旧的表执行 VACUUM (FREEZE)。',
  ],
};

const OLD = 1e9;
const VERY_OLD = 1.5e9;

const wraparound: FindingRule = {
  id: 'WRAPAROUND',
  condition:
    'The oldest transaction id (or multixact) of a database is a billion old, or 1.5 times its …freeze_max_age; critical from 1.5 billion on.',
  find: (facts) => {
    const table = facts.range.table('database');
    const most = (name: string): number => numberIn(settingOf(facts.range, name)) ?? Number.POSITIVE_INFINITY;
    const [xidMost, multiMost] = [most('autovacuum_freeze_max_age'), most('autovacuum_multixact_freeze_max_age')];
    const { number } = figuresOf(facts);
    return atEnd(table).flatMap((row) => {
      const [xid, multi] = [levelOf(table, row, 'xid_age') ?? 0, levelOf(table, row, 'mxid_age') ?? 0];
      const age = Math.max(xid, multi);
      if (age < OLD && xid < 1.5 * xidMost && multi < 1.5 * multiMost) return [];
      const database = textIn(table, row, 'datname');
      const values = { database, age: number(age) };
      const severity = age >= VERY_OLD ? 1 : 2;
      const impact = age / 2_147_483_648;
      return [
        tell(facts, {
          id: 'WRAPAROUND',
          severity,
          impact,
          place: 'vacuum',
          subject: database,
          told: WRAPAROUND,
          values,
        }),
      ];
    });
  },
};

const HORIZON: Told = {
  en: [
    'The {kind} {name} holds back what vacuum may remove, by {age} transactions and growing',
    'End this holder: until then dead rows stay in all tables it may see.',
  ],
  ru: [
    '{kind} {name} удерживает горизонт очистки на {age} транзакций, и он растёт',
    'Завершите её держателя: до этого мёртвые строки остаются во всех видимых ему таблицах.',
  ],
  zh: ['{kind} {name} 阻止清理，已达 {age} 个事务且仍在增长', '请结束该持有者：在此之前其可见表中的死元组都会保留。'],
};

const HOLDERS: Readonly<Record<string, { readonly en: string; readonly ru: string; readonly zh: string }>> = {
  session: { en: 'session', ru: 'Сеанс', zh: '会话' },
  slot: { en: 'replication slot', ru: 'Слот репликации', zh: '复制槽' },
  standby: { en: 'standby', ru: 'Реплика', zh: '备库' },
  prepared: { en: 'prepared transaction', ru: 'Подготовленная транзакция', zh: '预备事务' },
};

const HORIZON_AGE = 10_000_000;

const horizon: FindingRule = {
  id: 'HORIZON',
  condition:
    'A session, slot, standby or prepared transaction holds back vacuum by 10 million transactions or more, and by more than at the start of the range.',
  find: (facts) => {
    const [was] = oldestHolders(facts.range.start);
    const [now] = oldestHolders(facts.range.end);
    if (now === undefined || now.age < HORIZON_AGE || now.age <= (was?.age ?? 0)) return [];
    const { number } = figuresOf(facts);
    const kind = HOLDERS[now.holder]?.[facts.locale] ?? now.holder;
    const name = [now.id, now.who].filter((word) => word !== '').join(' ');
    const values = { kind, name, age: number(now.age) };
    return [tell(facts, { id: 'HORIZON', severity: 2, place: 'vacuum', subject: now.id, told: HORIZON, values })];
  },
};

function oldestHolders(snapshot: Snapshot) {
  return rowsOf(snapshot, 'horizon')
    .map((of) => ({
      holder: String(of('holder')),
      id: String(of('id') ?? ''),
      who: String(of('who') ?? ''),
      age: numberIn(of('xid_age')) ?? 0,
    }))
    .sort((a, b) => b.age - a.age);
}

/** The rows of a view, each as a function from a column's name to its value. */
export function rowsOf(snapshot: Snapshot, view: string): readonly ((column: string) => Value)[] {
  const part = partOf(snapshot, view);
  const place = new Map(part?.columns.map(({ name }, at) => [name, at]));
  return (part?.rows ?? []).map(
    (row) =>
      (column: string): Value =>
        row[place.get(column) ?? -1] ?? null,
  );
}

const SEQUENCE: Told = {
  en: [
    'Sequence {sequence} ({type}) has used {share} of its numbers',
    'Move it and its column to bigint before it ends.',
  ],
  ru: [
    'Последовательность {sequence} ({type}) израсходовала {share} своих чисел',
    'Переведите её и её столбец на bigint, пока она не кончилась.',
  ],
  zh: ['序列 {sequence}（{type}）已用去 {share}', '请在用尽之前将其及对应列改为 bigint。'],
};

const sequences: FindingRule = {
  id: 'SEQ-EXHAUST',
  condition:
    'A sequence that does not cycle has used 75 % of its numbers; critical from 90 % on. pg_monitor alone may not see how far sequences are.',
  find: (facts) => {
    const table = facts.range.table('sequences');
    const { share } = figuresOf(facts);
    return atEnd(table).flatMap((row) => {
      const of = (column: string): number | null => levelOf(table, row, column);
      const [last, min, max] = [of('last_value'), of('min_value'), of('max_value')];
      if (last === null || min === null || max === null || max <= min || table.last(row, 'cycle') === true) return [];
      const upward = (last - min) / (max - min);
      const used = (of('increment_by') ?? 1) < 0 ? 1 - upward : upward;
      if (used < 0.75) return [];
      const sequence = `${textIn(table, row, 'schemaname')}.${textIn(table, row, 'sequencename')}`;
      const values = { sequence, type: textIn(table, row, 'data_type'), share: share(Math.min(1, used)) };
      const severity = used >= 0.9 ? 1 : 2;
      const shared = { id: 'SEQ-EXHAUST', severity, impact: Math.min(1, used), place: 'tables' } as const;
      return [tell(facts, { ...shared, subject: sequence, told: SEQUENCE, values })];
    });
  },
};

export const ageRules: readonly FindingRule[] = [wraparound, horizon, sequences];
