import { rowsOf, type TestReport } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The start of a Monday in the reports' zone, Europe/Moscow. */
const MONDAY = Date.UTC(2026, 3, 26, 21);

/** Numbers between 0 and 1 that look random and are the same everywhere (Park and Miller's generator). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const bands = (header: string, footer: string) => ({
  header: { show: true, text: header },
  footer: { show: true, text: footer, show_date: true, date_align: 'center', show_page_number: true },
});

function weeklySales(): TestReport {
  const next = dice(7);
  const days = Array.from({ length: 28 }, (_, day) => {
    const weekday = [0.9, 0.95, 1, 1.05, 1.3, 1.6, 0.7][day % 7] ?? 1;
    const base = 1_900 * weekday * (1 + day / 120);
    return [
      MONDAY - (21 - day) * DAY,
      Math.round(base * (0.94 + next() * 0.12)),
      Math.round(base * 0.42 * (0.9 + next() * 0.2)),
    ];
  });
  const products = ['Espresso beans 1 kg', 'Filter papers', 'Hand grinder', 'Milk jug'];
  return {
    name: 'Sales of the week',
    settings: bands('Kaffeehaus Nord · Online shop', 'For the sales team'),
    widgets: [
      { id: 'revenue', kind: 'metric', name: 'Revenue', sql: 'revenue', settings: { unit: '€' } },
      { id: 'orders', kind: 'metric', name: 'Orders', sql: 'orders' },
      { id: 'returns', kind: 'metric', name: 'Returns', sql: 'returns', settings: { unit: 'percent' } },
      { id: 'days', kind: 'timeseries', name: 'Revenue per day', sql: 'days' },
      { id: 'regions', kind: 'histogram', name: 'Orders by region', sql: 'regions' },
      { id: 'payment', kind: 'pie', name: 'How people pay', sql: 'payment' },
      {
        id: 'notes',
        kind: 'text',
        name: 'What happened',
        settings: {
          text: 'The **spring sale** ran from Thursday to Saturday and brought 31 % more orders than the week before. Grinders were sold out on Friday; 64 orders wait for the delivery of [4 May](https://example.org/deliveries).',
        },
      },
      { id: 'products', kind: 'table', name: 'Best-selling products', sql: 'products' },
    ],
    pages: [
      [
        { widget_id: 'revenue', x: 0, y: 0, w: 4, h: 2 },
        { widget_id: 'orders', x: 4, y: 0, w: 4, h: 2 },
        { widget_id: 'returns', x: 8, y: 0, w: 4, h: 2 },
        { widget_id: 'days', x: 0, y: 2, w: 12, h: 3 },
        { widget_id: 'regions', x: 0, y: 5, w: 6, h: 4 },
        { widget_id: 'payment', x: 6, y: 5, w: 6, h: 4 },
        { widget_id: 'notes', x: 0, y: 9, w: 12 },
        { widget_id: 'products', x: 0, y: 11, w: 12 },
      ],
    ],
    answers: {
      revenue: rowsOf('at:time revenue:number', [
        [MONDAY - 7 * DAY, 14_210],
        [MONDAY, 17_944],
      ]),
      orders: rowsOf('at:time orders:number', [
        [MONDAY - 7 * DAY, 412],
        [MONDAY, 540],
      ]),
      returns: rowsOf('at:time returns:number', [
        [MONDAY - 7 * DAY, 3.4],
        [MONDAY, 2.9],
      ]),
      days: rowsOf('day:time shop:number marketplace:number', days),
      regions: rowsOf('region orders:number', [
        ['Hamburg', 148],
        ['Schleswig-Holstein', 121],
        ['Lower Saxony', 97],
        ['Bremen', 61],
        ['Mecklenburg', 44],
        ['Elsewhere', 69],
      ]),
      payment: rowsOf('method orders:number', [
        ['Card', 251],
        ['Transfer', 142],
        ['Invoice', 98],
        ['Voucher', 49],
      ]),
      products: rowsOf(
        'Product Sold:number Revenue,\u00a0€:number In\u00a0stock:number Next\u00a0delivery:date',
        products.map((product, at) => {
          const sold = Math.round(140 / (at + 1.2) + next() * 12);
          return [
            product,
            sold,
            Math.round(sold * (9 + next() * 60) * 100) / 100,
            Math.round(next() * 200),
            MONDAY + at * DAY + 3 * HOUR,
          ];
        }),
      ),
    },
  };
}

function serverHealth(): TestReport {
  const next = dice(11);
  const hours = Array.from({ length: 168 }, (_, hour) => {
    const load = 0.35 + 0.3 * Math.max(0, Math.sin(((hour % 24) - 7) / 4.5));
    return [
      MONDAY + hour * HOUR,
      ...[1, 0.8, 0.55].map((share) => Math.round(1_000 * load * share * (0.9 + next() * 0.2)) / 10),
    ];
  });
  return {
    name: 'Состояние серверов за неделю',
    locale: 'ru',
    settings: bands('Эксплуатация', 'Внутренний документ'),
    widgets: [
      { id: 'cpu', kind: 'timeseries', name: 'Загрузка процессоров', sql: 'cpu', settings: { unit: 'percent' } },
      { id: 'errors', kind: 'histogram', name: 'Ошибки по службам', sql: 'errors' },
      { id: 'answer', kind: 'metric', name: 'Медианное время ответа', sql: 'answer', settings: { unit: 'ms' } },
      { id: 'uptime', kind: 'metric', name: 'Доступность', sql: 'uptime', settings: { unit: 'percent' } },
      { id: 'disks', kind: 'table', name: 'Диски', sql: 'disks' },
    ],
    pages: [
      [
        { widget_id: 'cpu', x: 0, y: 0, w: 12, h: 5 },
        { widget_id: 'errors', x: 0, y: 5, w: 8, h: 4 },
        { widget_id: 'answer', x: 8, y: 5, w: 4, h: 2 },
        { widget_id: 'uptime', x: 8, y: 7, w: 4, h: 2 },
        { widget_id: 'disks', x: 0, y: 9, w: 12 },
      ],
    ],
    answers: {
      cpu: rowsOf('час:time база:number приложение:number очередь:number', hours),
      errors: rowsOf('служба ошибок:number', [
        ['Платёжный шлюз', 412],
        ['Поиск', 187],
        ['Уведомления', 96],
        ['Личный кабинет', 41],
      ]),
      answer: rowsOf('at:time ms:number', [
        [MONDAY - 7 * DAY, 148],
        [MONDAY, 131],
      ]),
      uptime: rowsOf('at:time percent:number', [
        [MONDAY - 7 * DAY, 99.91],
        [MONDAY, 99.97],
      ]),
      disks: rowsOf(
        'сервер раздел объём_bytes:number занято_percent:number проверен:time',
        ['альфа', 'бета', 'гамма', 'дельта'].flatMap((server) =>
          ['/', '/var', '/srv/данные'].map((path) => [
            server,
            path,
            Math.round((next() * 3 + 0.2) * 2 ** 40),
            Math.round(next() * 900) / 10,
            MONDAY + Math.floor(next() * 7 * 24) * HOUR,
          ]),
        ),
      ),
    },
  };
}

function stockList(): TestReport {
  const next = dice(23);
  const cities = ['上海', '北京', '广州', '成都', '杭州'];
  const goods = [
    '无线键盘',
    '机械键盘（红轴）',
    '蓝牙耳机',
    '移动硬盘 1TB',
    '显示器支架',
    '笔记本电脑包',
    '高清摄像头',
  ];
  return {
    name: '库存月报',
    locale: 'zh',
    settings: bands('华东仓储中心', '内部资料'),
    widgets: [
      { id: 'value', kind: 'histogram', name: '各仓库库存金额', sql: 'value' },
      { id: 'stock', kind: 'table', name: '库存明细', sql: 'stock' },
    ],
    pages: [
      [
        { widget_id: 'value', x: 0, y: 0, w: 12, h: 4 },
        { widget_id: 'stock', x: 0, y: 4, w: 12 },
      ],
    ],
    answers: {
      value: rowsOf(
        '仓库 金额:number',
        cities.map((city) => [city, Math.round(next() * 900_000 + 100_000)]),
      ),
      stock: rowsOf(
        '编号:number 仓库 商品 数量:number 单价:number 更新日期:date',
        Array.from({ length: 60 }, (_, at) => [
          10_001 + at,
          cities[at % 5] ?? '',
          goods[at % 7] ?? '',
          Math.floor(next() * 900),
          Math.round(next() * 90_000) / 100,
          MONDAY + 3 * HOUR - at * DAY,
        ]),
      ),
    },
  };
}

/** Reports as people send them: shown in the docs beside what a browser prints of the same definition and rows. */
export const wholeReports: readonly GalleryPage[] = [
  { name: 'weekly-sales', shows: 'a weekly report with numbers, charts, text and a table', report: weeklySales },
  { name: 'server-health-ru', shows: 'a report in Russian, with units and a week of hours', report: serverHealth },
  { name: 'stock-list-zh', shows: 'a report in Chinese, its table over pages', report: stockList },
];
