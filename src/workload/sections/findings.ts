import type { Locale } from '../../definition/definition.ts';
import { type Block, plain, textBlock } from '../block.ts';
import type { WorkloadFacts } from '../facts.ts';
import { findingsOf } from '../findings.ts';
import type { Finding, Section, Severity } from '../section.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  severity: ['Severity', 'Важность', '级别'],
  finding: ['What was found', 'Что обнаружено', '发现'],
  advice: ['What to do', 'Что делать', '建议'],
  evidence: ['Evidence', 'Подробности', '依据'],
  none: [
    'Nothing to look at: no rule found anything in this range.',
    'Смотреть не на что: ни одно правило ничего не нашло в этом диапазоне.',
    '无需关注：本范围内没有任何规则触发。',
  ],
} as const satisfies Record<string, Wording>;

const SEVERITIES: Readonly<Record<Severity, Wording>> = {
  1: ['● Critical', '● Критично', '● 严重'],
  2: ['▲ Warning', '▲ Внимание', '▲ 警告'],
  3: ['○ Notice', '○ Заметка', '○ 提示'],
};

/** Short names of the sections that have the evidence. */
const EVIDENCE: Readonly<Record<string, Wording>> = {
  header: ['Server and range', 'Сервер и диапазон', '服务器与范围'],
  efficiency: ['Efficiency', 'Эффективность', '效率'],
  'statements-elapsed': ['SQL by time', 'SQL по времени', 'SQL 用时'],
  'statements-calls': ['SQL by calls', 'SQL по вызовам', 'SQL 调用'],
  'statements-io': ['SQL by I/O', 'SQL по вводу-выводу', 'SQL I/O'],
  'statements-temp': ['SQL by temporary files', 'SQL по временным файлам', 'SQL 临时文件'],
  'statements-planning': ['SQL by planning', 'SQL по планированию', 'SQL 规划'],
  databases: ['Databases', 'Базы данных', '数据库'],
  tables: ['Tables', 'Таблицы', '表'],
  indexes: ['Indexes', 'Индексы', '索引'],
  vacuum: ['Vacuum', 'Очистка', '清理'],
  'wal-checkpoints': ['WAL and checkpoints', 'WAL и контрольные точки', 'WAL 与检查点'],
  io: ['I/O', 'Ввод-вывод', 'I/O'],
  replication: ['Replication', 'Репликация', '复制'],
  locks: ['Locks', 'Блокировки', '锁'],
  sessions: ['Sessions', 'Сеансы', '会话'],
  settings: ['Settings', 'Настройки', '设置'],
};

const MOST_ON_FIRST_PAGE = 12;
const PLACES: Readonly<Record<Locale, 0 | 1 | 2>> = { en: 0, ru: 1, zh: 2 };

/** What to look at, the most severe first; each with its proof. */
export const findings: Section = {
  id: 'findings',
  chapter: 'overview',
  title: { en: 'What to look at', ru: 'На что смотреть', zh: '关注要点' },
  blocks: (facts) => {
    const shown = findingsOf(facts).slice(0, MOST_ON_FIRST_PAGE);
    const heading = findings.title[facts.locale];
    if (shown.length > 0) return [findingTable(facts, findings.id, heading, shown)];
    return [textBlock({ id: findings.id, heading }, wordsIn(WORDS, facts.locale).none)];
  },
};

/** Findings that the first page has no room for. */
export const furtherFindings: Section = {
  id: 'further-findings',
  chapter: 'overview',
  title: { en: 'Further findings', ru: 'Прочие находки', zh: '其他发现' },
  blocks: (facts) => {
    const rest = findingsOf(facts).slice(MOST_ON_FIRST_PAGE);
    const { id, title } = furtherFindings;
    return rest.length === 0 ? [] : [findingTable(facts, id, title[facts.locale], rest)];
  },
};

/** Markdown, since a cell holds words and links. */
function findingTable(facts: WorkloadFacts, id: string, heading: string, shown: readonly Finding[]): Block {
  const { locale } = facts;
  const words = wordsIn(WORDS, locale);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = shown.map(({ severity, sentence, advice, place }) =>
    line([
      `**${SEVERITIES[severity][PLACES[locale]]}**`,
      plain(sentence),
      plain(advice),
      `[${plain(EVIDENCE[place]?.[PLACES[locale]] ?? place)}](#${place})`,
    ]),
  );
  const names = [words.severity, words.finding, words.advice, words.evidence];
  return textBlock({ id, heading }, [line(names), line(names.map(() => '---')), ...rows].join('\n'));
}
