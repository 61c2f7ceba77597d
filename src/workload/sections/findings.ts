import type { Locale } from '../../definition/definition.ts';
import { plain, textBlock } from '../block.ts';
import { shortId, type WorkloadFacts } from '../facts.ts';
import { figure } from '../figures.ts';
import { findingsOf, PRINTED_IDS } from '../findings.ts';
import type { Finding, Section, Severity } from '../section.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  severity: ['Severity', 'Важность', '级别'],
  evidence: ['Evidence', 'Где видно', '依据'],
  finding: ['What was found, and what to do', 'Что обнаружено и что делать', '发现与建议'],
  further: [
    'Further findings ({count}) stand at the end of this chapter.',
    'Остальные находки ({count}) — в конце этой главы.',
    '其余发现（{count}）见本章末尾。',
  ],
  none: [
    'Nothing to look at: no rule found anything in this range.',
    'Смотреть не на что: ни одно правило ничего не нашло в этом диапазоне.',
    '无需关注：本范围内没有任何规则触发。',
  ],
} as const satisfies Record<string, Wording>;

const SEVERITIES: Readonly<Record<Severity, Wording>> = {
  1: ['●\u00a0Critical', '●\u00a0Критично', '●\u00a0严重'],
  2: ['▲\u00a0Warning', '▲\u00a0Внимание', '▲\u00a0警告'],
  3: ['○\u00a0Notice', '○\u00a0Заметка', '○\u00a0提示'],
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
  settings: ['Settings', 'Параметры', '设置'],
};

const MOST_ON_FIRST_PAGE = 12;
const PLACES: Readonly<Record<Locale, 0 | 1 | 2>> = { en: 0, ru: 1, zh: 2 };

/** The first page also has the load over time: notices beside many warnings stand further back. */
const MOST_WITH_NOTICES = 5;

/** Those of the first page, and the rest. */
function parted(facts: WorkloadFacts): readonly [shown: readonly Finding[], rest: readonly Finding[]] {
  const all = findingsOf(facts);
  const urgent = all.filter(({ severity }) => severity < 3).length;
  const count = Math.min(MOST_ON_FIRST_PAGE, Math.max(urgent, MOST_WITH_NOTICES));
  return [all.slice(0, count), all.slice(count)];
}

/** What to look at, the most severe first; each with its proof. */
export const findings: Section = {
  id: 'findings',
  chapter: 'overview',
  title: { en: 'What to look at', ru: 'На что смотреть', zh: '关注要点' },
  blocks: (facts) => {
    const [shown, rest] = parted(facts);
    const block = { id: findings.id, heading: findings.title[facts.locale] };
    const words = wordsIn(WORDS, facts.locale);
    if (shown.length === 0) return [textBlock(block, words.none)];
    const count = figure(rest.length, facts.locale);
    const further = rest.length === 0 ? '' : `\n\n${linked(words.further, furtherFindings.id, count)}`;
    return [textBlock(block, `${findingTable(facts, shown)}${further}`)];
  },
};

const linked = (sentence: string, place: string, count: string): string =>
  `[${plain(filled(sentence, { count }))}](#${place})`;

/** Findings that the first page has no room for. */
export const furtherFindings: Section = {
  id: 'further-findings',
  chapter: 'overview',
  title: { en: 'Further findings', ru: 'Прочие находки', zh: '其他发现' },
  blocks: (facts) => {
    const [, rest] = parted(facts);
    const { id, title } = furtherFindings;
    return rest.length === 0 ? [] : [textBlock({ id, heading: title[facts.locale] }, findingTable(facts, rest))];
  },
};

/** Markdown, since a cell holds words and links. */
function findingTable(facts: WorkloadFacts, shown: readonly Finding[]): string {
  const { locale } = facts;
  const ids = knownStatements(facts);
  const said = (sentence: string): string =>
    plain(sentence).replaceAll(PRINTED_IDS, (word) => (ids.has(word) ? `[${word}](#sql-${word})` : word));
  const words = wordsIn(WORDS, locale);
  const at = PLACES[locale];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = shown.map(({ severity, sentence, advice, place }) => {
    // A place within a section has the section's name.
    const name = EVIDENCE[place] ?? Object.entries(EVIDENCE).find(([id]) => place.startsWith(`${id}-`))?.[1];
    const evidence = `[${plain(name?.[at] ?? place)}](#${place})`;
    return line([
      `**${SEVERITIES[severity][at]}**`,
      `${said(sentence)}${closing(sentence, locale)}*${plain(advice)}*`,
      evidence,
    ]);
  });
  return [line([words.severity, words.finding, words.evidence]), line(['---', '---', '---']), ...rows].join('\n');
}

/** What ends a sentence; the dots of a statement that was cut do so too. */
function closing(sentence: string, locale: Locale): string {
  if (sentence.endsWith('…')) return ' ';
  return locale === 'zh' ? '。' : '. ';
}

/** Printed ids of statements whose texts are known: they lead there. */
const knownStatements = ({ texts }: WorkloadFacts): ReadonlySet<string> =>
  new Set([...texts.values()].flatMap(({ kind, key }) => (kind === 'sql' ? [shortId(key)] : [])));
