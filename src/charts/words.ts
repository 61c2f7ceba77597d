import type { Locale } from '../definition/definition.ts';

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
  readonly cut: (limit: string) => string;
  readonly total: string;
  readonly charts: Readonly<Record<'line' | 'area' | 'bar' | 'pie' | 'metric' | 'table' | 'image', string>>;
  readonly series: (count: number) => string;
  readonly categories: (count: number) => string;
  readonly slices: (count: number) => string;
  readonly highest: (value: string, where: string) => string;
  readonly lowest: (value: string, where: string) => string;
  readonly latest: (value: string) => string;
  readonly share: (name: string, value: string, share: string) => string;
  readonly tableOf: (columns: number, rows: string) => string;
  readonly against: (change: string) => string;
  readonly badImage: (problem: string) => string;
  readonly unknownKind: (kind: string) => string;
}

const plural =
  (locale: Locale, forms: Partial<Record<Intl.LDMLPluralRule, string>>) =>
  (count: number): string => {
    const rule = new Intl.PluralRules(locale).select(count);
    return `${new Intl.NumberFormat(locale).format(count)} ${forms[rule] ?? forms.other ?? ''}`;
  };

const EN: ChartWords = {
  other: 'Other',
  noName: '(none)',
  yes: 'Yes',
  no: 'No',
  empty: 'No data for this period',
  noNumbers: 'The query returned no numbers to draw',
  noColumn: (name) => `The query returned no column “${name}”`,
  topCategories: (shown, all) => `The ${shown} largest of ${all} categories`,
  topAndOther: (shown, all) => `The ${shown} largest of ${all} categories; the rest is “Other”`,
  topSeries: (shown, all) => `The ${shown} largest of ${all} series`,
  thinned: (all, shown) => `${all} points thinned to ${shown}; highs and lows kept`,
  leftOut: (count) => `Values below zero left out: ${count}`,
  cut: (limit) => `Limit of ${limit} rows applied`,
  total: 'Total',
  charts: {
    line: 'Line chart',
    area: 'Area chart',
    bar: 'Bar chart',
    pie: 'Pie chart',
    metric: 'Metric',
    table: 'Table',
    image: 'Image',
  },
  series: plural('en', { one: 'series', other: 'series' }),
  categories: plural('en', { one: 'category', other: 'categories' }),
  slices: plural('en', { one: 'slice', other: 'slices' }),
  highest: (value, where) => `highest ${value}${where && ` (${where})`}`,
  lowest: (value, where) => `lowest ${value}${where && ` (${where})`}`,
  latest: (value) => `latest ${value}`,
  share: (name, value, share) => `${name} ${value} (${share})`,
  tableOf: (columns, rows) => `${columns} columns, ${rows} rows`,
  against: (change) => `${change} against the value before`,
  badImage: (problem) => `The image can't be shown: ${problem}.`,
  unknownKind: (kind) => (kind === '' ? 'This widget names no kind.' : `Widgets of the kind “${kind}” are not known.`),
};

const RU: ChartWords = {
  other: 'Прочее',
  noName: '(не указано)',
  yes: 'Да',
  no: 'Нет',
  empty: 'За этот период нет данных',
  noNumbers: 'Запрос не вернул чисел для построения',
  noColumn: (name) => `Запрос не вернул столбец «${name}»`,
  topCategories: (shown, all) => `Показано ${shown} крупнейших категорий из ${all}`,
  topAndOther: (shown, all) => `Показано ${shown} крупнейших категорий из ${all}; остальные — «Прочее»`,
  topSeries: (shown, all) => `${shown} крупнейших рядов из ${all}`,
  thinned: (all, shown) => `${all} точек прорежены до ${shown}; максимумы и минимумы сохранены`,
  leftOut: (count) => `Отрицательные значения не показаны: ${count}`,
  cut: (limit) => `Применён предел: ${limit} строк`,
  total: 'Всего',
  charts: {
    line: 'Линейный график',
    area: 'Диаграмма с областями',
    bar: 'Столбчатая диаграмма',
    pie: 'Круговая диаграмма',
    metric: 'Показатель',
    table: 'Таблица',
    image: 'Изображение',
  },
  series: plural('ru', { one: 'ряд', few: 'ряда', many: 'рядов', other: 'ряда' }),
  categories: plural('ru', { one: 'категория', few: 'категории', many: 'категорий', other: 'категории' }),
  slices: plural('ru', { one: 'доля', few: 'доли', many: 'долей', other: 'доли' }),
  highest: (value, where) => `максимум ${value}${where && ` (${where})`}`,
  lowest: (value, where) => `минимум ${value}${where && ` (${where})`}`,
  latest: (value) => `последнее значение ${value}`,
  share: (name, value, share) => `${name} ${value} (${share})`,
  tableOf: (columns, rows) => `столбцов: ${columns}, строк: ${rows}`,
  against: (change) => `${change} к предыдущему значению`,
  badImage: (problem) => `Изображение нельзя показать: ${problem}.`,
  unknownKind: (kind) => (kind === '' ? 'Вид виджета не указан.' : `Вид виджета «${kind}» неизвестен.`),
};

const ZH: ChartWords = {
  other: '其他',
  noName: '（无）',
  yes: '是',
  no: '否',
  empty: '该时段没有数据',
  noNumbers: '查询没有返回可绘制的数值',
  noColumn: (name) => `查询没有返回列“${name}”`,
  topCategories: (shown, all) => `共 ${all} 个类别，显示最大的 ${shown} 个`,
  topAndOther: (shown, all) => `共 ${all} 个类别，显示最大的 ${shown} 个，其余归入“其他”`,
  topSeries: (shown, all) => `共 ${all} 个系列，显示最大的 ${shown} 个`,
  thinned: (all, shown) => `${all} 个点抽取为 ${shown} 个，保留最高和最低值`,
  leftOut: (count) => `未显示负值：${count} 个`,
  cut: (limit) => `已应用 ${limit} 行的限制`,
  total: '合计',
  charts: {
    line: '折线图',
    area: '面积图',
    bar: '柱状图',
    pie: '饼图',
    metric: '指标',
    table: '表格',
    image: '图片',
  },
  series: plural('zh', { other: '个系列' }),
  categories: plural('zh', { other: '个类别' }),
  slices: plural('zh', { other: '个扇区' }),
  highest: (value, where) => `最高 ${value}${where && `（${where}）`}`,
  lowest: (value, where) => `最低 ${value}${where && `（${where}）`}`,
  latest: (value) => `最新 ${value}`,
  share: (name, value, share) => `${name} ${value}（${share}）`,
  tableOf: (columns, rows) => `${columns} 列，${rows} 行`,
  against: (change) => `较前值 ${change}`,
  badImage: (problem) => `无法显示图片：${problem}。`,
  unknownKind: (kind) => (kind === '' ? '未指定组件类型。' : `未知的组件类型“${kind}”。`),
};

const BY_LOCALE: Readonly<Record<Locale, ChartWords>> = { en: EN, ru: RU, zh: ZH };

export const chartWords = (locale: Locale): ChartWords => BY_LOCALE[locale];
