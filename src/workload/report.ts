import type { Locale, Placement } from '../definition/definition.ts';
import type { Block } from './block.ts';
import type { WorkloadFacts } from './facts.ts';
import type { Chapter, Section } from './section.ts';
import { SECTIONS } from './sections.ts';

/** A chapter of a workload report: its heading and what stands below it. */
export interface ReportChapter {
  readonly chapter: Chapter;
  readonly title: string;
  readonly blocks: readonly Block[];
}

const CHAPTERS: Readonly<Record<Chapter, Readonly<Record<Locale, string>>>> = {
  overview: { en: 'Overview', ru: 'Обзор', zh: '概览' },
  statements: { en: 'Statements', ru: 'Операторы', zh: 'SQL 语句' },
  objects: { en: 'Databases, tables and indexes', ru: 'Базы данных, таблицы и индексы', zh: '数据库、表与索引' },
  system: { en: 'Server', ru: 'Сервер', zh: '服务器' },
  texts: { en: 'Statement texts', ru: 'Тексты операторов', zh: '语句文本' },
};

/** Words that a widget's `sections` may hold. */
export const sectionIds = (): readonly string[] => SECTIONS.map(({ id }) => id);

/**
 * A workload report: chapters of blocks, in the order of reading.
 * @param wanted ids of sections; null = all. Unknown ids are passed over.
 */
export function workloadReport(facts: WorkloadFacts, wanted: readonly string[] | null): readonly ReportChapter[] {
  const chosen = SECTIONS.filter(({ id }) => wanted === null || wanted.includes(id));
  const chapters = (Object.keys(CHAPTERS) as Chapter[]).map((chapter) => ({
    chapter,
    title: CHAPTERS[chapter][facts.locale],
    blocks: chosen
      .filter((section) => section.chapter === chapter)
      .flatMap((section: Section) => section.blocks({ ...facts, ...(wanted === null ? {} : { sections: wanted }) }))
      .map((block) => (facts.lists === undefined ? block : (block.recut?.(facts.lists) ?? block))),
  }));
  return chapters.filter(({ blocks }) => blocks.length > 0);
}

const GRID_COLUMNS = 12;

/** Blocks placed on the grid in their order: side by side where they fit into a row, else one below the other. */
export function placeBlocks(blocks: readonly Block[], fromRow = 0): readonly Placement[] {
  let [x, y, highest] = [0, fromRow, 1];
  return blocks.map(({ widget, width, height }) => {
    if (x + width > GRID_COLUMNS) [x, y, highest] = [0, y + highest, 1];
    const placement = { widget, x, y, w: width, h: height, breaks: { before: false, after: false } };
    x += width;
    highest = Math.max(highest, height ?? 1);
    return placement;
  });
}
