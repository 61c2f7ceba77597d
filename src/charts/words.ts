import type { Locale } from '../definition/definition.ts';
import { EN } from './words-en.ts';
import { RU } from './words-ru.ts';
import { ZH } from './words-zh.ts';

export type ChartWord =
  | 'line'
  | 'area'
  | 'bar'
  | 'pie'
  | 'metric'
  | 'table'
  | 'image'
  | 'toplist'
  | 'heatmap'
  | 'gauge'
  | 'timeline';

/** What charts say of themselves, by locale: captions, legends, alternative text. Numbers come ready formatted. */
export interface ChartWords {
  readonly other: string;
  readonly noName: string;
  readonly yes: string;
  readonly no: string;
  readonly empty: string;
  readonly noNumbers: string;
  readonly noColumn: (name: string) => string;
  readonly topCategories: (shown: string, all: string) => string;
  readonly topAndOther: (shown: string, all: string) => string;
  readonly topSeries: (shown: string, all: string) => string;
  readonly thinned: (all: string, shown: string) => string;
  readonly leftOut: (count: string) => string;
  /** Values of 1E300 and more. */
  readonly tooLarge: (count: string) => string;
  /** Of a change with its sign. */
  readonly percentagePoints: (change: string) => string;
  readonly logLeftOut: (count: string) => string;
  readonly logarithmic: string;
  readonly outsidePeriod: (count: string) => string;
  readonly topSeriesAndOther: (shown: string, all: string) => string;
  readonly asLines: (count: string) => string;
  readonly mixedUnits: (units: string) => string;
  /** Thresholds that would press the data together. */
  readonly outside: (names: string) => string;
  readonly dashed: (name: string) => string;
  readonly calcs: Readonly<Record<'min' | 'max' | 'avg' | 'last' | 'total', string>>;
  readonly cut: (limit: string) => string;
  readonly total: string;
  readonly totalOf: (name: string) => string;
  readonly totalOfFirst: (rows: string) => string;
  readonly charts: Readonly<Record<ChartWord, string>>;
  readonly series: (count: number) => string;
  readonly categories: (count: number) => string;
  readonly slices: (count: number) => string;
  readonly highest: (value: string, where: string) => string;
  readonly lowest: (value: string, where: string) => string;
  readonly latest: (value: string) => string;
  readonly share: (name: string, value: string, share: string) => string;
  readonly tableOf: (columns: number, rows: string) => string;
  readonly against: (change: string) => string;
  readonly againstPeriod: (change: string) => string;
  readonly since: (change: string, when: string) => string;
  readonly entities: (count: number) => string;
  readonly states: (parts: string) => string;
  readonly range: (from: string, to: string) => string;
  readonly thresholds: (names: string) => string;
  readonly annotations: (names: string) => string;
  readonly rank: (place: number, name: string, value: string) => string;
  readonly cells: (columns: number, rows: number) => string;
  readonly count: string;
  readonly badImage: (problem: string) => string;
  readonly unknownKind: (kind: string) => string;
}

const BY_LOCALE: Readonly<Record<Locale, ChartWords>> = { en: EN, ru: RU, zh: ZH };

export const chartWords = (locale: Locale): ChartWords => BY_LOCALE[locale];
