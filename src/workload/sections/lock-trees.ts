import type { Value } from '../../rows/rows.ts';
import type { SampledLock } from '../../rows/session-samples.ts';
import { type Block, type BlockColumn, tableBlock } from '../block.ts';
import { shortId, statementText, type WorkloadFacts } from '../facts.ts';
import { duration, figure, instantText } from '../figures.ts';
import { type LockTree, shownTrees } from '../lock-trees.ts';
import { relationName } from '../locks.ts';
import { filled, type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  heading: ['Who waited behind whom', 'Кто за кем ждал', '谁在等待谁'],
  seen: [
    '{count} waited behind {root} when looked at on {at}. Each stands below the one it waited for.',
    'За {root} ждали: {count} (наблюдение {at}). Каждый стоит под тем, кого ждал.',
    '{at} 观察时有 {count} 个会话在 {root} 之后等待；每个会话列在其所等待的会话之下。',
  ],
  prepared: ['prepared transaction', 'подготовленная транзакция', '预备事务'],
  session: ['Session', 'Сеанс', '会话'],
  behind: ['Behind', 'За кем', '排在其后'],
  waits: ['Waits for', 'Чего ждёт', '等待对象'],
  waited: ['Waited', 'Ждёт', '已等待'],
  transaction: ['open for {time}', 'открыта {time}', '已开启 {time}'],
  runs: ['SQL id', 'SQL id', 'SQL id'],
  statement: ['Statement', 'Оператор', '语句'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

const TEXT_LENGTH = 90;
/** Keeps a name in its place in the tree: plain spaces at the start of a line are not printed. */
const INDENT = '\u2003';

/** The trees of waiters, the deepest first: root, those behind it, and what each of them runs and waits for. */
export function lockTreeBlocks(facts: WorkloadFacts): readonly Block[] {
  const words = wordsIn(WORDS, facts.locale);
  return shownTrees(facts.minutes).map((tree, index) => treeTable(facts, words, tree, index));
}

function treeTable(facts: WorkloadFacts, words: Words, tree: LockTree, index: number): Block {
  const { root, waiters, at } = tree;
  const { locale, timeZone } = facts;
  const columns: readonly BlockColumn[] = [
    { key: 'session', label: words.session, type: 'text' },
    { key: 'behind', label: words.behind, type: 'text', align: 'right' },
    { key: 'waited', label: words.waited, type: 'text', align: 'right' },
    { key: 'waits', label: words.waits, type: 'text' },
    { key: 'sql', label: words.runs, type: 'text', link: '#sql-{sql}' },
    { key: 'statement', label: words.statement, type: 'text' },
  ];
  const rootName = sessionName(root.blockerPid, root.blockerUser, words);
  const open = filled(words.transaction, { time: duration(root.transactionSeconds, locale) });
  const rootRow = [rootName, '', '', [root.blockerState ?? '', open].filter((part) => part !== '').join(', ')];
  const rows: (readonly Value[])[] = [
    [...rootRow, ...statementCells(facts, root.blockerQueryId)],
    ...waiters.map(({ edge, depth }) => [
      `${INDENT.repeat(depth - 1)}└ ${sessionName(edge.waiterPid, edge.waiterUser, words)}`,
      edge.blockerPid === 0 ? words.prepared : String(edge.blockerPid),
      duration(edge.waitSeconds, locale),
      wantedLock(facts, edge),
      ...statementCells(facts, edge.waiterQueryId),
    ]),
  ];
  const description = filled(words.seen, {
    ...{ count: figure(waiters.length, locale), root: rootName, at: instantText(at, locale, timeZone) },
  });
  const heading = index === 0 ? words.heading : null;
  const block = { id: index === 0 ? 'locks-tree' : `locks-tree-${index + 1}`, heading, description };
  // Sorted by a column, waiters would no longer stand below those they wait for.
  return tableBlock(block, columns, rows, { sortable: false });
}

const sessionName = (pid: number, user: string | null, words: Words): string =>
  pid === 0 ? words.prepared : `${pid} ${user ?? ''}`.trim();

/** What it waits for, in the server's own words: `stock, tuple ExclusiveLock`. */
function wantedLock({ range }: WorkloadFacts, edge: SampledLock): string {
  const lock = [edge.lockType, edge.mode ?? ''].join(' ').trim();
  const relation = relationName(range, edge);
  return relation === null ? lock : `${relation}, ${lock}`;
}

function statementCells(facts: WorkloadFacts, queryId: string | null): readonly [string, string] {
  if (queryId === null) return ['', ''];
  return [shortId(queryId), statementText(facts, queryId)?.slice(0, TEXT_LENGTH) ?? ''];
}
