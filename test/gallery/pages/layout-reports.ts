import { pngDataUrl } from '../../definition/pictures.ts';
import { rowsOf, type TestReport, type TestWidget } from '../../print/printing.ts';

type Language = 'en' | 'ru' | 'zh';

const DAY = 86_400_000;
/** Midnight in Moscow. */
const START = Date.UTC(2026, 2, 31, 21);

/** A wave with a trend: the same in every run. */
const wave = (step: number, base: number, swing: number, turn: number): number =>
  Math.round(
    (base + step * base * 0.004 + Math.sin(step / 4 + turn) * swing + Math.cos(step / 1.7) * swing * 0.3) * 10,
  ) / 10;

/** The words of the report in one language; the numbers are the same. */
interface Words {
  readonly name: string;
  readonly subtitle: string;
  readonly cover: string;
  readonly header: string;
  readonly pages: readonly [string, string];
  readonly summary: string;
  readonly numbers: readonly [string, string, string, string];
  readonly compared: string;
  readonly traffic: readonly [string, string];
  readonly series: readonly [string, string];
  readonly stations: string;
  readonly shares: string;
  readonly places: readonly string[];
  readonly kinds: readonly string[];
  readonly notes: string;
  readonly table: readonly [string, string];
  readonly columns: readonly [string, string, string, string];
  readonly states: readonly [string, string];
}

const ENGLISH: Words = {
  name: 'Weather service, April 2026',
  subtitle: 'Monthly report of the northern stations',
  cover:
    'Prepared for the **board of the weather service**. Figures are preliminary until the *quality review* of 15 May.',
  header: 'Weather service',
  pages: ['Overview', 'Stations'],
  summary: [
    'April was warmer and drier than usual. The mean temperature of all stations was **8.4 °C**, 1.2 °C above the mean of the thirty years before, and the rain of the month fell on six days. Details stand under [Stations](#stations).',
    '## What stood out',
    '- The warm days around the 12th broke the record of 1962 at three stations.',
    '- Two stations were silent for a day; their gaps are shown as gaps.',
    '- The new radar has delivered **99.97 %** of its pictures.',
    '## How to read this report',
    'Numbers are means of a day unless it is said otherwise. A change is against the same days of March. Times are those of Moscow.',
  ].join('\n\n'),
  numbers: ['Mean temperature', 'Rain', 'Readings', 'Missing'],
  compared: 'against March',
  traffic: ['Temperature', 'Highest and lowest of the day, all stations'],
  series: ['highest', 'lowest'],
  stations: 'Readings by station',
  shares: 'Kind of weather, days',
  places: ['Tver', 'Pskov', 'Vologda', 'Kostroma', 'Novgorod', 'Yaroslavl'],
  kinds: ['sun', 'clouds', 'rain', 'fog', 'snow'],
  notes: [
    'All stations are of the second class, at a height of two metres above short grass.',
    '### Changes in April',
    '1. Pskov has a new thermometer since the 3rd.',
    '2. Vologda moved by forty metres; the old place is measured for another year.',
    '3. Kostroma sends every minute instead of every ten.',
    '> Readings of a moved station are not joined to its old ones: they make a series of their own.',
    'The query behind the table:',
    '```\nselect day, station, temperature, rain\nfrom readings\nwhere day >= $period_from and day < $period_to\n```',
  ].join('\n\n'),
  table: ['Readings', 'One row a day and station'],
  columns: ['Day', 'Station', 'Temperature, °C', 'State'],
  states: ['complete', 'one hour is missing; filled from the neighbours'],
};

const RUSSIAN: Words = {
  name: 'Метеослужба, апрель 2026 года',
  subtitle: 'Ежемесячный отчёт северных станций',
  cover: 'Подготовлено для **правления метеослужбы**. До *проверки качества* 15 мая данные предварительные.',
  header: 'Метеослужба',
  pages: ['Обзор', 'Станции'],
  summary: [
    'Апрель был теплее и суше обычного. Средняя температура всех станций составила **8,4 °C**, на 1,2 °C выше среднего за прошлые тридцать лет, а дождь шёл только шесть дней. Подробности в разделе [Станции](#станции).',
    '## Что заметно',
    '- Тёплые дни около 12-го числа побили рекорд 1962 года на трёх станциях.',
    '- Две станции молчали по одному дню; пропуски так и показаны пропусками.',
    '- Новый радар передал **99,97 %** снимков.',
    '## Как читать отчёт',
    'Если не сказано иного, числа означают среднее за сутки. Изменение дано к тем же дням марта. Время московское.',
  ].join('\n\n'),
  numbers: ['Средняя температура', 'Осадки', 'Измерения', 'Пропуски'],
  compared: 'к марту',
  traffic: ['Температура', 'Наибольшая и наименьшая за день, все станции'],
  series: ['наибольшая', 'наименьшая'],
  stations: 'Измерения по станциям',
  shares: 'Погода по дням',
  places: ['Тверь', 'Псков', 'Вологда', 'Кострома', 'Новгород', 'Ярославль'],
  kinds: ['солнце', 'облачно', 'дождь', 'туман', 'снег'],
  notes: [
    'Все станции второго класса, на высоте двух метров над стриженой травой.',
    '### Изменения в апреле',
    '1. В Пскове с 3-го числа новый термометр.',
    '2. Станция в Вологде перенесена на сорок метров; на старом месте измерения идут ещё год.',
    '3. Кострома передаёт данные каждую минуту, а не раз в десять минут.',
    '> Измерения перенесённой станции не продолжают прежний ряд: это новый ряд.',
    'Запрос, по которому построена таблица:',
    '```\nselect day, station, temperature, rain\nfrom readings\nwhere day >= $period_from and day < $period_to\n```',
  ].join('\n\n'),
  table: ['Измерения', 'Одна строка на день и станцию'],
  columns: ['День', 'Станция', 'Температура, °C', 'Состояние'],
  states: ['полные', 'нет одного часа; дополнено по соседним станциям'],
};

const CHINESE: Words = {
  name: '气象服务 2026 年 4 月报告',
  subtitle: '北部气象站月度报告',
  cover: '为**气象服务理事会**编制。5 月 15 日*质量审查*之前的数据均为初步数据。',
  header: '气象服务',
  pages: ['概览', '气象站'],
  summary: [
    '四月比往年更暖、更干燥。所有气象站的平均气温为 **8.4 °C**，比过去三十年的平均值高 1.2 °C，全月仅有六天降雨。详情见[气象站](#气象站)。',
    '## 要点',
    '- 12 日前后的温暖天气打破了三个气象站自 1962 年以来的纪录。',
    '- 两个气象站各有一天没有数据；图中以空缺表示。',
    '- 新雷达送达了 **99.97 %** 的图像。',
    '## 如何阅读本报告',
    '除另有说明外，数值均为日平均值。变化是与三月同期相比。时间为莫斯科时间。',
  ].join('\n\n'),
  numbers: ['平均气温', '降水量', '读数', '缺失'],
  compared: '与三月相比',
  traffic: ['气温', '所有气象站的日最高和日最低'],
  series: ['最高', '最低'],
  stations: '各气象站读数',
  shares: '天气类型（天）',
  places: ['特维尔', '普斯科夫', '沃洛格达', '科斯特罗马', '诺夫哥罗德', '雅罗斯拉夫尔'],
  kinds: ['晴', '多云', '雨', '雾', '雪'],
  notes: [
    '所有气象站均为二级站，距短草地面两米高。',
    '### 四月的变化',
    '1. 普斯科夫自 3 日起使用新温度计。',
    '2. 沃洛格达站迁移了四十米；旧址将继续观测一年。',
    '3. 科斯特罗马由每十分钟改为每分钟发送一次。',
    '> 迁移后的读数不与原有序列相连，而是新的序列。',
    '表格所用的查询：',
    '```\nselect day, station, temperature, rain\nfrom readings\nwhere day >= $period_from and day < $period_to\n```',
  ].join('\n\n'),
  table: ['读数', '每天每站一行'],
  columns: ['日期', '气象站', '气温（°C）', '状态'],
  states: ['完整', '缺少一小时；由邻近气象站补齐'],
};

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ru: RUSSIAN, zh: CHINESE };

function numberWidgets(words: Words): TestWidget[] {
  const units = ['°C', 'mm', '', 'percent'];
  return words.numbers.map((name, index) => ({
    id: `n${index}`,
    kind: 'metric',
    name,
    sql: `number${index}`,
    settings: { unit: units[index] ?? '', better: index === 3 ? 'down' : 'up' },
    mappings: { field: 'value', xAxis: { field: 'at' } },
  }));
}

/** A whole report as an organisation would send it, in one of the three languages. */
export function annualReport(language: Language, settings: Record<string, unknown> = {}): TestReport {
  const words = WORDS[language];
  const days = Array.from({ length: 30 }, (_, day) => day);
  const at = (day: number): number => START + day * DAY;
  const number = (base: number, swing: number, turn: number) =>
    rowsOf(
      'at:time value:number',
      days.map((day) => [at(day), wave(day, base, swing, turn)]),
    );
  return {
    name: words.name,
    locale: language,
    settings: {
      general: { period: ['2026-04-01', '2026-04-30'] },
      cover: { show: true, subtitle: words.subtitle, text: words.cover, image: pngDataUrl(120, 40, { alpha: true }) },
      contents: { show: true, depth: 3 },
      header: { show: true, text: words.header },
      footer: { show: true, text: words.name, show_page_number: true },
      ...settings,
    },
    pages: [
      {
        title: words.pages[0],
        items: [
          { widget_id: 'summary', y: 0 },
          ...[0, 1, 2, 3].map((index) => ({ widget_id: `n${index}`, x: index * 3, y: 1, w: 3, h: 2 })),
          { widget_id: 'line', x: 0, y: 3, w: 12, h: 5 },
          { widget_id: 'bars', x: 0, y: 8, w: 7, h: 5 },
          { widget_id: 'pie', x: 7, y: 8, w: 5, h: 5 },
        ],
      },
      {
        title: words.pages[1],
        items: [
          { widget_id: 'notes', y: 0 },
          { widget_id: 'table', y: 1 },
        ],
      },
    ],
    widgets: [
      { id: 'summary', kind: 'text', settings: { text: words.summary } },
      ...numberWidgets(words),
      { id: 'line', kind: 'timeseries', name: words.traffic[0], description: words.traffic[1], sql: 'line' },
      { id: 'bars', kind: 'histogram', name: words.stations, sql: 'bars' },
      { id: 'pie', kind: 'pie', name: words.shares, sql: 'pie' },
      { id: 'notes', kind: 'text', settings: { text: words.notes } },
      { id: 'table', kind: 'table', name: words.table[0], description: words.table[1], sql: 'table' },
    ],
    answers: {
      number0: number(8.4, 1.1, 0),
      number1: number(3.1, 1.4, 1),
      number2: number(8640, 40, 2),
      number3: number(1.2, 0.4, 3),
      line: rowsOf(
        `at:time ${words.series[0]}:number ${words.series[1]}:number`,
        days.map((day) => [at(day), wave(day, 14, 4, 0), wave(day, 4, 3, 0.6)]),
      ),
      bars: rowsOf(
        'station count:number',
        words.places.map((place, index) => [place, 8640 - index * 620]),
      ),
      pie: rowsOf(
        'kind days:number',
        words.kinds.map((kind, index) => [kind, [11, 8, 6, 3, 2][index] ?? 1]),
      ),
      table: rowsOf(
        'day:date station temperature:number state',
        days.flatMap((day) =>
          words.places
            .slice(0, 3)
            .map((place, index) => [
              new Date(at(day) + DAY / 2).toISOString().slice(0, 10),
              place,
              wave(day, 8 + index, 3, index),
              (day + index) % 7 === 3 ? words.states[1] : words.states[0],
            ]),
        ),
      ),
    },
  };
}
