import type { Value } from '../../rows/rows.ts';
import { settingOf, type WorkloadFacts } from '../facts.ts';
import { partOf } from '../pieces.ts';
import type { FindingRule } from '../section.ts';
import { sumOf } from '../sums.ts';
import { figuresOf, loadOf, numberIn, type Told, tell, textIn } from './evidence.ts';

/** Sessions as both ends of the range counted them. */
export interface CountedSessions {
  readonly database: string;
  readonly user: string;
  readonly backend: string;
  readonly state: string;
  /** Empty where it waited for nothing. */
  readonly waitClass: string;
  readonly event: string;
  /** When it was counted. */
  readonly end: number;
  readonly sessions: number;
  readonly transactionSeconds: number;
  readonly stateSeconds: number;
}

export function countedSessions({ range }: WorkloadFacts): readonly CountedSessions[] {
  return [range.start, range.end].flatMap((snapshot) => {
    const part = partOf(snapshot, 'activity_counts');
    const place = new Map(part?.columns.map(({ name }, at) => [name, at]));
    const of = (row: readonly Value[], name: string): Value => row[place.get(name) ?? -1] ?? null;
    return (part?.rows ?? []).map((row) => ({
      database: String(of(row, 'datname') ?? ''),
      user: String(of(row, 'usename') ?? ''),
      backend: String(of(row, 'backend_type') ?? ''),
      state: String(of(row, 'state') ?? ''),
      waitClass: String(of(row, 'wait_event_type') ?? ''),
      event: String(of(row, 'wait_event') ?? ''),
      end: snapshot.identity.capturedAt,
      sessions: numberIn(of(row, 'n')) ?? 0,
      transactionSeconds: numberIn(of(row, 'max_xact_s')) ?? 0,
      stateSeconds: numberIn(of(row, 'max_state_s')) ?? 0,
    }));
  });
}

const NEAR_MAX: Told = {
  en: ['{sessions} of {limit} connections were taken', 'Put a connection pooler in front, before clients are refused.'],
  ru: ['Занято {sessions} из {limit} соединений', 'Используйте пул соединений, пока клиентам не начали отказывать.'],
  zh: ['已用连接 {sessions}，上限 {limit}', '请使用连接池，以免客户端被拒绝。'],
};

const nearMax: FindingRule = {
  id: 'CONN-NEAR-MAX',
  condition:
    '85 % or more of the connections that are free for ordinary roles were taken at an end of the range; critical from 95 % on.',
  find: (facts) => {
    const { range } = facts;
    const of = (name: string): number => numberIn(settingOf(range, name)) ?? 0;
    const limit = of('max_connections') - of('superuser_reserved_connections') - of('reserved_connections');
    const table = range.table('database');
    const at = (value: (row: (typeof table.rows)[number]) => Value): number =>
      table.rows.reduce((sum, row) => sum + (numberIn(value(row)) ?? 0), 0);
    const sessions = Math.max(
      at((row) => (row.isAtStart ? table.first(row, 'numbackends') : null)),
      at((row) => (row.isAtEnd ? table.last(row, 'numbackends') : null)),
    );
    if (limit <= 0 || sessions < 0.85 * limit) return [];
    const { number } = figuresOf(facts);
    const values = { sessions: number(sessions), limit: number(limit) };
    const severity = sessions >= 0.95 * limit ? 1 : 2;
    const impact = sessions / limit;
    const subject = 'max_connections';
    return [tell(facts, { id: 'CONN-NEAR-MAX', severity, impact, place: 'sessions', subject, told: NEAR_MAX, values })];
  },
};

const ROLLBACKS: Told = {
  en: [
    '{share} of the transactions in {database} were rolled back, {rate} a second',
    'Find the errors behind the rollbacks in the server’s or the application’s log.',
  ],
  ru: [
    '{share} транзакций базы {database} откатились, {rate} в секунду',
    'Найдите причины откатов в журнале сервера или приложения.',
  ],
  zh: ['{database} 中 {share} 的事务被回滚，每秒 {rate} 次', '请在服务器或应用日志中查找回滚的原因。'],
};

const rollbacks: FindingRule = {
  id: 'ROLLBACK',
  condition:
    '10 % or more of a database’s transactions were rolled back, one a second or more (over a minute at least), and rows were written: some drivers end reads by a rollback.',
  find: (facts) => {
    const table = facts.range.table('database');
    const load = loadOf(facts);
    const { number, share } = figuresOf(facts);
    return table.rows.flatMap((row) => {
      const rolled = table.delta(row, 'xact_rollback') ?? 0;
      const all = rolled + (table.delta(row, 'xact_commit') ?? 0);
      const written = sumOf(table, 'tup_inserted', [row]) ?? 0;
      const changed = (table.delta(row, 'tup_updated') ?? 0) + (table.delta(row, 'tup_deleted') ?? 0);
      if (written + changed <= 0 || load.rate(rolled) < 1 || rolled < 0.1 * all) return [];
      const database = textIn(table, row, 'datname');
      const values = { database, share: share(rolled / all), rate: number(rolled / Math.max(1, load.seconds)) };
      return [
        tell(facts, { id: 'ROLLBACK', severity: 3, place: 'databases', subject: database, told: ROLLBACKS, values }),
      ];
    });
  },
};

export const sessionRules: readonly FindingRule[] = [nearMax, rollbacks];
