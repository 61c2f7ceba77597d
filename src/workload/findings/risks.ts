import { settingOf, type WorkloadFacts } from '../facts.ts';
import type { FindingRule, Severity } from '../section.ts';
import { atEnd, figuresOf, levelOf, type Told, tableName, tell, textIn, userTables } from './evidence.ts';
import { isDisabled } from './vacuum.ts';

const OFF: Told = {
  en: ['{setting} is {value}: {hidden}', 'Switch it on to see what this report cannot show.'],
  ru: ['{setting} = {value}: {hidden}', 'Включите, чтобы увидеть то, чего этот отчёт показать не может.'],
  zh: ['{setting} 为 {value}：{hidden}', '请开启，以显示本报告无法显示的内容。'],
};

type Words = Readonly<Record<'en' | 'ru' | 'zh', string>>;

const HIDDEN: Readonly<Record<string, Words>> = {
  track_counts: {
    en: 'nothing is known of tables and indexes, and autovacuum does not run',
    ru: 'о таблицах и индексах ничего не известно, автоочистка не работает',
    zh: '无法获知表和索引的情况，且自动清理不会运行',
  },
  track_activities: {
    en: 'nothing is known of sessions and their waits',
    ru: 'о сеансах и их ожиданиях ничего не известно',
    zh: '无法获知会话及其等待',
  },
  track_io_timing: {
    en: 'how long reads and writes take is not known',
    ru: 'длительность чтений и записей неизвестна',
    zh: '无法获知读写耗时',
  },
  pg_stat_statements: {
    en: 'nothing is known of statements',
    ru: 'об операторах ничего не известно',
    zh: '无法获知语句的情况',
  },
};

const MISSING: Words = { en: 'not installed', ru: 'не установлено', zh: '未安装' };

const statisticsOff: FindingRule = {
  id: 'STATS-OFF',
  condition:
    'track_counts or track_activities is off (warning); track_io_timing is off, or pg_stat_statements is not loaded or tracks nothing (notice).',
  find: (facts) => {
    const { range, locale } = facts;
    const told = (setting: string, value: string, severity: Severity) =>
      tell(facts, {
        id: 'STATS-OFF',
        severity,
        place: 'settings',
        subject: setting,
        told: OFF,
        values: { setting, value, hidden: HIDDEN[setting]?.[locale] ?? '' },
      });
    const off = (['track_counts', 'track_activities', 'track_io_timing'] as const).flatMap((setting) =>
      settingOf(range, setting) === 'off' ? [told(setting, 'off', setting === 'track_io_timing' ? 3 : 2)] : [],
    );
    const hasStatements = range.end.parts.some(({ view }) => view === 'statements');
    const tracks = settingOf(range, 'pg_stat_statements.track');
    if (range.end.engine !== 'postgres') return off;
    if (tracks === 'none') return [...off, told('pg_stat_statements', 'track = none', 3)];
    return hasStatements ? off : [...off, told('pg_stat_statements', MISSING[locale], 3)];
  },
};

const DURABILITY: Told = {
  en: ['{setting} is {value}: a crash can lose or damage data', 'Restore the default.'],
  ru: ['{setting} = {value}: сбой может потерять или повредить данные', 'Верните значение по умолчанию.'],
  zh: ['{setting} 为 {value}：崩溃可能丢失或损坏数据', '请恢复默认值。'],
};

const LAST_COMMITS: Told = {
  en: ['{setting} is {value}: a crash loses the last commits', 'Keep it if the application can bear that.'],
  ru: ['{setting} = {value}: сбой теряет последние транзакции', 'Оставьте, если приложение это допускает.'],
  zh: ['{setting} 为 {value}：崩溃会丢失最近的提交', '若应用可以承受，则可保留。'],
};

const DANGEROUS: readonly (readonly [setting: string, value: string])[] = [
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
  ['zero_damaged_pages', 'on'],
  ['ignore_checksum_failure', 'on'],
];

const durability: FindingRule = {
  id: 'RISK-DURABILITY',
  condition:
    'fsync or full_page_writes is off, zero_damaged_pages or ignore_checksum_failure is on (critical); synchronous_commit is off (notice).',
  find: (facts) => {
    const told = (setting: string, value: string, severity: Severity, words: Told) =>
      tell(facts, {
        id: 'RISK-DURABILITY',
        severity,
        place: 'settings',
        subject: setting,
        told: words,
        values: { setting, value },
      });
    const dangerous = DANGEROUS.flatMap(([setting, value]) =>
      settingOf(facts.range, setting) === value ? [told(setting, value, 1, DURABILITY)] : [],
    );
    const isLax = settingOf(facts.range, 'synchronous_commit') === 'off';
    return isLax ? [...dangerous, told('synchronous_commit', 'off', 3, LAST_COMMITS)] : dangerous;
  },
};

const AUTOVACUUM: Told = {
  en: ['autovacuum is off: dead rows stay, and transaction ids run out', 'Switch it on.'],
  ru: ['Автоочистка выключена: мёртвые строки остаются, идентификаторы транзакций кончаются', 'Включите её.'],
  zh: ['自动清理已关闭：死元组不会清除，事务 ID 会耗尽', '请开启。'],
};

const TABLE_AUTOVACUUM: Told = {
  en: [
    'Table {table} ({pages} pages) has autovacuum_enabled=false',
    'Switch it on, or vacuum the table by a schedule.',
  ],
  ru: [
    'У таблицы {table} ({pages} страниц) autovacuum_enabled=false',
    'Включите автоочистку или очищайте таблицу по расписанию.',
  ],
  zh: ['表 {table}（{pages} 页）设置了 autovacuum_enabled=false', '请开启，或按计划清理该表。'],
};

const MIDDLE_PAGES = 1000;
const MOST_TABLES = 5;

const autovacuum: FindingRule = {
  id: 'RISK-AUTOVACUUM',
  condition: 'autovacuum is off (critical), or a table of 1 000 pages or more has autovacuum_enabled=false (notice).',
  find: (facts) => {
    const id = 'RISK-AUTOVACUUM';
    const table = facts.range.table('tables');
    const { number } = figuresOf(facts);
    const disabled = userTables(table).filter(
      (row) => isDisabled(table, row) && (levelOf(table, row, 'relpages') ?? 0) >= MIDDLE_PAGES,
    );
    const tables = disabled.slice(0, MOST_TABLES).map((row) => {
      const name = tableName(table, row);
      const values = { table: name, pages: number(levelOf(table, row, 'relpages')) };
      return tell(facts, { id, severity: 3, place: 'vacuum', subject: name, told: TABLE_AUTOVACUUM, values });
    });
    if (settingOf(facts.range, 'autovacuum') !== 'off') return tables;
    return [
      tell(facts, { id, severity: 1, place: 'settings', subject: 'autovacuum', told: AUTOVACUUM, values: {} }),
      ...tables,
    ];
  },
};

const CHECKSUM: Told = {
  en: [
    'Blocks of database {database} did not match their checksums: {count}',
    'Data are damaged: take a copy now, then check the disk and the memory.',
  ],
  ru: [
    'Блоки базы {database} не совпали с контрольными суммами: {count}',
    'Данные повреждены: сделайте копию сейчас, затем проверьте диск и память.',
  ],
  zh: ['数据库 {database} 有 {count} 个块与校验和不符', '数据已损坏：请立即备份，然后检查磁盘和内存。'],
};

const checksums: FindingRule = {
  id: 'CHECKSUM',
  condition: 'A block did not match its checksum in the range.',
  find: (facts) => {
    const table = facts.range.table('database');
    return atEnd(table).flatMap((row) => {
      const count = table.delta(row, 'checksum_failures') ?? 0;
      if (count <= 0) return [];
      const database = textIn(table, row, 'datname');
      const values = { database, count: figuresOf(facts).number(count) };
      return [
        tell(facts, { id: 'CHECKSUM', severity: 1, place: 'databases', subject: database, told: CHECKSUM, values }),
      ];
    });
  },
};

const CRASH: Told = {
  en: [
    'The server recovered from a crash at {at}; what it counted before is lost',
    'Read the server’s log of that time.',
  ],
  ru: ['Сервер восстановился после сбоя {at}; прежние счётчики потеряны', 'Прочитайте журнал сервера за это время.'],
  zh: ['服务器于 {at} 从崩溃中恢复；此前的计数已丢失', '请查看当时的服务器日志。'],
};

const crash: FindingRule = {
  id: 'CRASH',
  condition: 'The server recovered from a crash within the range.',
  find: (facts: WorkloadFacts) =>
    facts.range.events
      .filter(({ kind }) => kind === 'crash')
      .map(({ at }) =>
        tell(facts, {
          id: 'CRASH',
          severity: 1,
          place: 'header',
          subject: null,
          told: CRASH,
          values: { at: figuresOf(facts).instant(at) },
        }),
      ),
};

export const riskRules: readonly FindingRule[] = [crash, checksums, durability, autovacuum, statisticsOff];
