import type { Locale } from '../definition/definition.ts';

/** Words that only the document without pages has. */
export interface WebWords {
  /** Above the words that stand for a chart. */
  readonly inWords: string;
  /** Said after the rows of a table that has more of them than a browser should hold. */
  readonly mostRows: (limit: string) => string;
  readonly skip: string;
}

const WORDS: Readonly<Record<Locale, WebWords>> = {
  en: {
    inWords: 'This chart in words',
    mostRows: (limit) => `this page shows at most ${limit} rows of a table`,
    skip: 'Skip to the report',
  },
  ru: {
    inWords: 'График словами',
    mostRows: (limit) => `на этой странице не более ${limit} строк одной таблицы`,
    skip: 'Перейти к отчёту',
  },
  zh: {
    inWords: '图表的文字说明',
    mostRows: (limit) => `此页面每个表最多显示 ${limit} 行`,
    skip: '跳到报表',
  },
};

export const webWords = (locale: Locale): WebWords => WORDS[locale];
