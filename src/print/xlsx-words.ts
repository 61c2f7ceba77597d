interface Words {
  readonly contents: string;
  readonly period: string;
  readonly timeZone: string;
  readonly madeFor: string;
  readonly sheet: string;
  readonly data: string;
  readonly rows: string;
  readonly remark: string;
  readonly cutColumns: (kept: number, count: number) => string;
  readonly cutCells: (count: number) => string;
  /** The source had more than was read. */
  readonly truncated: (limit: number, by: 'rows' | 'bytes') => string;
}

/** What the sheet of contents says, by locale. */
export const WORKBOOK_WORDS: Readonly<Record<'en' | 'ru' | 'zh', Words>> = {
  en: {
    contents: 'Contents',
    period: 'Period',
    timeZone: 'Time zone of all times',
    madeFor: 'Made for',
    sheet: 'Sheet',
    data: 'Data',
    rows: 'Rows',
    remark: 'Remark',
    cutColumns: (kept, count) => `only the first ${kept} of ${count} columns: a sheet holds no more`,
    cutCells: (count) => `texts cut to 32767 characters: ${count}`,
    truncated: (limit, by) => `the source had more: limit of ${limit} ${by} applied`,
  },
  ru: {
    contents: 'Содержание',
    period: 'Период',
    timeZone: 'Часовой пояс',
    madeFor: 'Составлен на',
    sheet: 'Лист',
    data: 'Данные',
    rows: 'Строк',
    remark: 'Примечание',
    cutColumns: (kept, count) => `только первые ${kept} из ${count} столбцов: больше лист не вмещает`,
    cutCells: (count) => `тексты обрезаны до 32767 знаков: ${count}`,
    truncated: (limit, by) =>
      `в источнике есть ещё данные: применён предел, ${by === 'rows' ? 'строк' : 'байт'}: ${limit}`,
  },
  zh: {
    contents: '目录',
    period: '期间',
    timeZone: '时间所用时区',
    madeFor: '生成时间',
    sheet: '工作表',
    data: '数据',
    rows: '行数',
    remark: '备注',
    cutColumns: (kept, count) => `仅前 ${kept} 列（共 ${count} 列）：工作表容量所限`,
    cutCells: (count) => `截断为 32767 个字符的文本：${count}`,
    truncated: (limit, by) => `数据源还有更多数据：已应用限制 ${limit} ${by === 'rows' ? '行' : '字节'}`,
  },
};
