import type { Locale } from '../../definition/definition.ts';
import { plain, textBlock } from '../block.ts';
import { shortId, textKey, type WorkloadFacts } from '../facts.ts';
import { figure } from '../figures.ts';
import { USUAL_BOUNDS } from '../list-cut.ts';
import { BLOCKERS, FINDINGS, NESTED, RANKINGS, type RankedPlace, rankedPlaces } from '../rankings.ts';
import type { Section } from '../section.ts';

const WORDS = {
  en: {
    none: 'No statement is named in this report.',
    note: 'The statements that this report names. Constants are parameters ($1), passwords are masked.',
    cut: (more: string) => `… (${more} more characters)`,
    noText: '(its text was not read)',
    nested: 'within functions',
    comparison: 'comparison',
    blockers: 'Who held others up',
    findings: 'What to look at',
  },
  ru: {
    none: 'В этом отчёте не назван ни один оператор.',
    note: 'Операторы, названные в этом отчёте. Константы заменены параметрами ($1), пароли скрыты.',
    cut: (more: string) => `… (ещё символов: ${more})`,
    noText: '(текст не прочитан)',
    nested: 'внутри функций',
    comparison: 'сравнение',
    blockers: 'Кто задерживал других',
    findings: 'На что смотреть',
  },
  zh: {
    none: '本报告未提及任何语句。',
    note: '本报告提及的语句。常量为参数（$1），密码已屏蔽。',
    cut: (more: string) => `…（另有 ${more} 个字符）`,
    noText: '（未读取文本）',
    nested: '函数内',
    comparison: '对比',
    blockers: '阻塞源',
    findings: '关注要点',
  },
} as const satisfies Record<Locale, unknown>;

/** Characters of one text; a page of them. Generated statements run to megabytes. */
const MOST = 5000;
/** Characters of all texts together, beyond which each is cut much shorter. */
const MOST_IN_ALL = 120_000;
const MOST_IN_HTML = 1_000_000;
const SHORT = 400;

/** The full texts of the statements that the report names, each with links to where it does. */
export const texts: Section = {
  id: 'texts',
  chapter: 'texts',
  title: { en: 'Statement texts', ru: 'Тексты операторов', zh: '语句文本' },
  blocks: (facts) => {
    const words = WORDS[facts.locale];
    const { paper, web } = facts.lists ?? USUAL_BOUNDS;
    const onPaper = rankedPlaces(facts, paper);
    const onWeb = rankedPlaces(facts, web);
    const ids = [...new Set([...onPaper.keys(), ...onWeb.keys()])];
    if (ids.length === 0) return [textBlock({ id: texts.id, heading: null }, words.none)];
    const [room, roomInHtml] = [roomOf(facts, MOST_IN_ALL), roomOf(facts, MOST_IN_HTML)];
    const blocks = ids
      .map((queryId) => ({ queryId, id: shortId(queryId) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ queryId, id }) => {
        const named = onPaper.get(queryId);
        const namedInHtml = onWeb.get(queryId) ?? [];
        const inHtml = textOf(facts, queryId, namedInHtml, roomInHtml(queryId));
        const place = { id: `sql-${id}`, heading: null };
        if (named === undefined) return textBlock(place, inHtml, { hidden: true, inHtml: { hidden: false } });
        const text = textOf(facts, queryId, named, room(queryId));
        return textBlock(place, text, inHtml === text ? {} : { inHtml: { text: inHtml } });
      });
    return [textBlock({ id: texts.id, heading: null }, words.note), ...blocks];
  },
};

/** Hands out room for texts, one after another, until all of it is taken. */
function roomOf({ texts: known }: WorkloadFacts, inAll: number): (queryId: string) => number {
  let left = inAll;
  return (queryId) => {
    const room = left > 0 ? MOST : SHORT;
    left -= Math.min(room, known.get(textKey('sql', '', queryId))?.text.length ?? 0);
    return room;
  };
}

/** One statement: its id, links to where it is named, its text. */
function textOf(facts: WorkloadFacts, queryId: string, places: readonly RankedPlace[], room: number): string {
  const id = shortId(queryId);
  const links = places.map((place) => `[${plain(placeName(place, facts.locale))}](#${linkOf(place, id)})`).join(', ');
  const text = fullText(facts, queryId, room);
  // A fence longer than any within, so that no text ends it.
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `**${id}** · ${links}\n\n${fence}sql\n${text}\n${fence}`;
}

/** Lists of statements name their rows; those of blockers and of findings do not. */
const linkOf = (place: RankedPlace, id: string): string =>
  [BLOCKERS, FINDINGS].includes(place.id) ? place.id : `${place.id}-${id}`;

function placeName({ id, rank }: RankedPlace, locale: Locale): string {
  const words = WORDS[locale];
  const ranking = RANKINGS.find((one) => one.id === id);
  const others: Readonly<Record<string, string>> = {
    [NESTED]: words.nested,
    [BLOCKERS]: words.blockers,
    [FINDINGS]: words.findings,
  };
  const name = ranking?.heading[locale] ?? others[id] ?? words.comparison;
  return `${name} (${rank})`;
}

/** As it was written, with its lines; what was cut, at capture or here, is said. */
function fullText(facts: WorkloadFacts, queryId: string, room: number): string {
  const words = WORDS[facts.locale];
  const found = facts.texts.get(textKey('sql', '', queryId));
  if (found === undefined) return words.noText;
  const text = found.text.slice(0, room).trimEnd();
  const more = Math.max(found.fullLength, found.text.length) - text.length;
  return more > 0 && found.text.length > 0 && text !== found.text.trimEnd()
    ? `${text}${words.cut(figure(more, facts.locale))}`
    : text;
}
