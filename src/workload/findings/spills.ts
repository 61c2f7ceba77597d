import { settingOf, statementText, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { statementLoads } from '../statement-loads.ts';
import { sumOf } from '../sums.ts';
import { excerpt, figuresOf, isMaintenance, loadOf, numberIn, type Told, tell } from './evidence.ts';

const TEMP: Told = {
  en: [
    'Statement {id} wrote {bytes} of temporary files in {calls} calls (work_mem is {setting}): {text}',
    'Raise work_mem for this role or statement, or give its sorts and hashes less to do.',
  ],
  ru: [
    'Оператор {id} записал {bytes} временных файлов за {calls} вызовов (work_mem: {setting}): {text}',
    'Увеличьте work_mem для этой роли или уменьшите объём сортировок и хешей.',
  ],
  zh: [
    '语句 {id} 在 {calls} 次调用中写入 {bytes} 临时文件（work_mem 为 {setting}）：{text}',
    '请为该角色提高 work_mem，或减少排序与哈希的输入。',
  ],
};

const TEMP_TOTAL: Told = {
  en: [
    'Temporary files: {bytes} were written, {rate} a second (work_mem is {setting})',
    'Find the statements that sort and hash the most, and raise work_mem for their roles.',
  ],
  ru: [
    'Временные файлы: записано {bytes}, {rate} в секунду (work_mem: {setting})',
    'Найдите операторы с большими сортировками и хешами, увеличьте work_mem для их ролей.',
  ],
  zh: [
    '临时文件：写入 {bytes}，每秒 {rate}（work_mem 为 {setting}）',
    '请找出排序和哈希最多的语句，并为其角色提高 work_mem。',
  ],
};

const GB = 1_000_000_000;
const MB = 1_000_000;

const tempSpill: FindingRule = {
  id: 'TEMP-SPILL',
  condition:
    'Temporary files of 10 MB/s or more (over a minute at least), or a statement that wrote 1 GB, or 100 MB while it took 10 % of database time. Statements that build indexes or maintain tables are passed over.',
  find: (facts) => {
    const load = loadOf(facts);
    const { bytes, number } = figuresOf(facts);
    const setting = withUnit(facts, 'work_mem');
    const spilled = statementLoads(facts)
      .filter(({ queryId }) => !isMaintenance(statementText(facts, queryId)))
      .toSorted((a, b) => b.tempWritten - a.tempWritten);
    const total = sumOf(facts.range.table('database'), 'temp_bytes') ?? 0;
    const isHeavy = load.rate(total) >= 10 * MB;
    const named = spilled.filter(
      ({ tempWritten: temp, seconds }, index) =>
        temp >= GB ||
        (temp >= 100 * MB && (load.share(seconds) ?? 0) >= 0.1) ||
        (isHeavy && index === 0 && temp >= total / 4),
    );
    const findings = named.slice(0, 3).map(({ id, queryId, tempWritten: temp, seconds, calls }) => {
      const values = { id, bytes: bytes(temp), calls: number(calls), setting, text: excerpt(facts, queryId) };
      const impact = load.share(seconds) ?? 0;
      return tell(facts, {
        id: 'TEMP-SPILL',
        severity: 2,
        impact,
        place: 'statements-temp',
        subject: id,
        told: TEMP,
        values,
      });
    });
    if (findings.length > 0 || !isHeavy) return findings;
    const values = { bytes: bytes(total), rate: bytes(total / Math.max(1, load.seconds)), setting };
    return [
      tell(facts, {
        id: 'TEMP-SPILL',
        severity: 2,
        place: 'statements-temp',
        subject: null,
        told: TEMP_TOTAL,
        values,
      }),
    ];
  },
};

/** A setting as its server prints it: `4096 kB`. */
function withUnit({ range }: WorkloadFacts, name: string): string {
  const part = range.end.parts.find(({ view }) => view === 'settings');
  const at = (column: string): number => part?.columns.findIndex((one) => one.name === column) ?? -1;
  const row = part?.rows.find((one) => one[at('name')] === name);
  const [value, unit] = [row?.[at('setting')] ?? null, row?.[at('unit')] ?? null];
  return value === null ? '–' : `${value}${unit === null ? '' : ` ${unit}`}`;
}

const EVICTED: Told = {
  en: [
    'pg_stat_statements threw entries out {passes} times; it holds {count} of at most {most}',
    'Raise pg_stat_statements.max, or make statements that differ in literals use parameters.',
  ],
  ru: [
    'pg_stat_statements вытеснял записи {passes} раз; в нём {count} из не более {most}',
    'Увеличьте pg_stat_statements.max или замените литералы параметрами.',
  ],
  zh: [
    'pg_stat_statements 淘汰条目 {passes} 次；现有 {count}，上限 {most}',
    '请提高 pg_stat_statements.max，或用参数代替字面量。',
  ],
};

const evicted: FindingRule = {
  id: 'PGSS-EVICT',
  condition: 'pg_stat_statements threw entries out (14 and later), or holds 95 % of pg_stat_statements.max.',
  find: (facts) => {
    const { range } = facts;
    const info = sumOf(range.table('stmt_info'), 'dealloc') ?? 0;
    const noted = range.events
      .filter(({ kind }) => kind === 'evictions')
      .reduce((sum, { detail }) => sum + Number(detail ?? 0), 0);
    const passes = Math.max(info, noted);
    const most = numberIn(settingOf(range, 'pg_stat_statements.max'));
    const count = range.table('statements').rows.filter(({ isAtEnd }) => isAtEnd).length;
    if (passes < 1 && (most === null || count < 0.95 * most)) return [];
    const { number } = figuresOf(facts);
    const values = { passes: number(passes), count: number(count), most: number(most) };
    const subject = 'pg_stat_statements.max';
    return [tell(facts, { id: 'PGSS-EVICT', severity: 3, place: 'settings', subject, told: EVICTED, values })];
  },
};

export const spillRules: readonly FindingRule[] = [tempSpill, evicted];
