import { rowsOf } from '../../print/printing.ts';
import type { GalleryPage } from '../gallery.ts';

/** Words of one script in every place that text can stand in. */
interface Script {
  readonly name: string;
  readonly shows: string;
  readonly title: string;
  /** Markdown: paragraphs, a list, emphasis. */
  readonly text: string;
  /** The table's header. */
  readonly columns: readonly [string, string];
  /** Names of what is counted: table cells, axis labels, legend. */
  readonly labels: readonly string[];
}

const VALUES = [1204, 873, 651, 402, 198];
const DAY = 86_400_000;
const MAY = Date.parse('2026-05-01T00:00Z');

const scriptPage = ({ name, shows, title, text, columns, labels }: Script): GalleryPage => ({
  name: `script-${name}`,
  shows,
  report: () => ({
    name: title,
    settings: { header: { show: true, text: title }, footer: { show: true, text: labels.join(' · ') } },
    pages: [
      [
        { widget_id: 'text', x: 0, y: 0, w: 12, h: 4 },
        { widget_id: 'bars', x: 0, y: 4, w: 6, h: 4 },
        { widget_id: 'share', x: 6, y: 4, w: 6, h: 4 },
        { widget_id: 'table', x: 0, y: 8, w: 6, h: 4 },
        { widget_id: 'lines', x: 6, y: 8, w: 6, h: 4 },
      ],
    ],
    widgets: [
      { id: 'text', kind: 'text', name: title, settings: { text } },
      {
        id: 'bars',
        kind: 'bar',
        name: columns[0],
        sql: 'counts',
        mappings: { dimensions: ['name'], values: ['count'] },
      },
      {
        id: 'share',
        kind: 'pie',
        name: columns[1],
        sql: 'counts',
        mappings: { dimensions: ['name'], values: ['count'] },
      },
      { id: 'table', kind: 'table', name: title, sql: 'table' },
      {
        id: 'lines',
        kind: 'timeseries',
        name: columns.join(', '),
        sql: 'days',
        mappings: { time: ['at'], dimensions: ['name'], values: ['count'] },
      },
    ],
    answers: {
      counts: rowsOf(
        'name count:number',
        labels.map((label, index) => [label, VALUES[index] ?? 100]),
      ),
      table: {
        columns: [
          { name: columns[0], type: 'text' },
          { name: columns[1], type: 'number' },
        ],
        values: labels.map((label, index) => [label, VALUES[index] ?? 100]),
        truncation: null,
      },
      days: rowsOf(
        'at:time name count:number',
        [0, 1, 2, 3, 4].flatMap((day) =>
          labels
            .slice(0, 3)
            .map((label, index) => [MAY + day * DAY, label, (VALUES[index] ?? 100) * (1 + Math.sin(day + index) / 4)]),
        ),
      ),
    },
  }),
});

const SCRIPTS: readonly Script[] = [
  {
    name: 'latin',
    shows: 'Latin with diacritics, Vietnamese, combining marks',
    title: 'Příliš žluťoučký kůň',
    text: 'Zażółć gęślą jaźń. Ærøskøbing, Ålesund, Íslenska þjóðin, İstanbul’da ışık, Çok güzel.\n\nTiếng Việt: *Những ngày đầu tháng*, **được cập nhật** mỗi giờ. Combined: e\u0301, n\u0303, x\u0323\u0302, q\u0307.\n\n- Größe und Straße\n- Ναι, όχι — “quotes”, ‘more’, «et encore»',
    columns: ['Città', 'Größe'],
    labels: ['Łódź', 'Zürich', 'Đà Nẵng', 'São Paulo', 'Besançon'],
  },
  {
    name: 'cyrillic',
    shows: 'Cyrillic: Russian, Ukrainian, Serbian, Kazakh',
    title: 'Отчёт о нагрузке',
    text: 'Съешь же ещё этих мягких французских булок, да выпей чаю. **Їжак** і *ґанок*; Љубав, Ђорђе; қазақ тілі, ұлттық өнер.\n\n- Объём запросов\n- Число сессий',
    columns: ['Служба', 'Запросы'],
    labels: ['Веб-сервер', 'Очередь', 'Склад', 'Ќерка', 'Әлем'],
  },
  {
    name: 'greek',
    shows: 'Greek, with accents of old',
    title: 'Μηνιαία αναφορά',
    text: 'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. **Πολυτονικό**: ᾿Εν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν.\n\n- Αθήνα\n- Θεσσαλονίκη',
    columns: ['Πόλη', 'Πλήθος'],
    labels: ['Αθήνα', 'Πάτρα', 'Ηράκλειο', 'Βόλος', 'Χανιά'],
  },
  {
    name: 'chinese',
    shows: 'Chinese, broken by the rules of its punctuation',
    title: '数据库月度报告',
    text: '本报告统计了生产环境中各个服务的请求数量、平均响应时间和错误率（不含测试环境）。五月一日至五月十五日期间，系统整体运行平稳；**高峰时段**的请求量比上月增长了12.5%，主要来自“订单服务”与“支付服务”。\n\n- 订单服务：请求量最大\n- 支付服务：响应最快',
    columns: ['服务', '请求数'],
    labels: ['订单服务', '支付服务', '库存服务', '用户中心', '网关'],
  },
  {
    name: 'japanese',
    shows: 'Japanese: kana, and Han characters in their Japanese forms',
    title: '月次レポート',
    text: '本レポートは、本番環境における各サービスのリクエスト数とエラー率をまとめたものです。「注文サービス」の処理件数は前月比で増加しました。直近の骨格・角度・今・令和の表記も確認してください。\n\n- データベースの応答時間\n- キャッシュのヒット率（％）',
    columns: ['サービス名', '件数'],
    labels: ['注文サービス', '決済サービス', '在庫管理', 'ユーザー', 'ゲートウェイ'],
  },
  {
    name: 'korean',
    shows: 'Korean: lines end between words; syllables that were spelt letter by letter are whole',
    title: '월간 보고서',
    text: `이 보고서는 2026년 5월 한 달 동안 각 서비스가 처리한 요청 수(단위: 천 건)를 요약합니다. 데이터베이스 서버는 안정적으로 작동하였으며, **평균 응답 시간은 지난달보다 12.5% 개선되었습니다**. 자세한 내용은 「운영 지침」을 참고하십시오.\n\nPostgreSQL 18의 캐시 적중률은 99.2%, 漢字와 함께: 大韓民國. ${'자모로 쓴 글자'.normalize('NFD')}.\n\n- 주문 서비스\n- 결제 서비스`,
    columns: ['서비스', '요청 수'],
    labels: ['주문 서비스', '결제 서비스', '재고 관리', '사용자', '게이트웨이'],
  },
  {
    name: 'arabic',
    shows: 'Arabic: joined letters from right to left, numbers and Latin words inside',
    title: 'التقرير الشهري',
    text: 'السلام عليكم ورحمة الله. يلخص هذا التقرير عدد الطلبات (بالآلاف) لكل خدمة خلال شهر مايو 2026، وقد ارتفعت بنسبة 12.5% عن الشهر السابق. تعمل قاعدة البيانات PostgreSQL 18 دون أخطاء، **ولا توجد** تنبيهات.\n\nفارسی: گزارش ماهانه پایگاه داده. اردو: ماہانہ رپورٹ\n\n- الخوادم: ١٢٣\n- الأخطاء: ٤٥',
    columns: ['الخدمة', 'الطلبات'],
    labels: ['خدمة الطلبات', 'خدمة الدفع', 'المخزون', 'المستخدمون', 'البوابة'],
  },
  {
    name: 'hebrew',
    shows: 'Hebrew: right to left, with points, brackets and numbers',
    title: 'דוח חודשי',
    text: 'דוח זה מסכם את מספר הבקשות (באלפים) לכל שירות בחודש מאי 2026. השרת PostgreSQL 18 פעל ללא תקלות, **והעומס** עלה ב-12.5%.\n\nשָׁלוֹם עֲלֵיכֶם\n\n- בקשות: 123\n- שגיאות: 45',
    columns: ['שירות', 'בקשות'],
    labels: ['הזמנות', 'תשלומים', 'מלאי', 'משתמשים', 'שער'],
  },
  {
    name: 'indic-and-thai',
    shows: 'Devanagari with its conjuncts, Thai broken by its words',
    title: 'मासिक रिपोर्ट',
    text: 'यह रिपोर्ट मई 2026 में प्रत्येक सेवा के अनुरोधों की संख्या का सारांश देती है। **त्रुटि दर** में कमी आई है; क्षेत्र, विज्ञान, श्रृंखला।\n\nรายงานฉบับนี้สรุปจำนวนคำขอของแต่ละบริการในเดือนพฤษภาคม น้ำ กำลัง เปลี่ยนแปลงเพิ่มขึ้นร้อยละสิบสองจุดห้าเมื่อเทียบกับเดือนก่อนหน้าโดยไม่มีข้อผิดพลาด',
    columns: ['सेवा', 'अनुरोध'],
    labels: ['आदेश', 'भुगतान', 'สินค้าคงคลัง', 'ผู้ใช้', 'द्वार'],
  },
  {
    name: 'emoji',
    shows: 'Emoji in one colour: families, flags, skin tones and keycaps are whole',
    title: 'Status 🚦 of the week',
    text: 'Deploys 🚀 are green ✅, one alert ⚠️ was raised 🔔. Families 👨‍👩‍👧‍👦, flags 🇩🇪 🇨🇳 🏴󠁧󠁢󠁥󠁮󠁧󠁿, skin tones 👍🏽 🙋🏿‍♀️, keycaps 1️⃣ #️⃣, hearts ❤️ and ❤︎ as text.\n\n- 🟢 up\n- 🔴 down',
    columns: ['State', 'Count 🔢'],
    labels: ['🟢 up', '🟡 slow', '🔴 down', '👩‍💻 manual', '🛠️ repair'],
  },
  {
    name: 'mixed',
    shows: 'Lines of many scripts and both directions',
    title: 'Mixed: 数据 данные بيانات נתונים',
    text: 'The host «بيانات-01» (קבוצה 3) answered 数据库 in 12 ms; 東京リージョン と Αθήνα εντάξει.\n\nالخادم db-01.example.com (القاعدة «ordersdb») يعمل منذ 24/7 ← انظر https://example.com/path?a=1.\n\nשורה עם English באמצע, 中文 ו-(סוגריים [פנימיים]).\n\nhttps://example.com/a/very/long/address/without/blanks/that/goes/on/and/on/until/the/line/must/be/cut?because=it&is=too&wide=for&one=line&of=the&page=really',
    columns: ['Name الاسم', '数量 Count'],
    labels: ['web-الخادم', '数据库 db', 'очередь א', 'naïve ナイーブ', '(نعم) yes'],
  },
  {
    name: 'symbols',
    shows: 'Currency, phonetics, mathematics, arrows, box drawing',
    title: 'Symbols: € ₽ ₺ ₴ ₹ ₿ ¥ £',
    text: 'Phonetics: [ˈfəʊnɪks], [ʃtʁaːsə], ŋ ʒ ɸ ɬ. Mathematics: ∑ᵢ xᵢ² ≤ ∫₀^∞ e⁻ˣ dx, √2 ≈ 1.414, ∀x ∈ ℝ ∃y: x ⊂ y ⇒ ¬z, 𝔸 ∖ 𝔹, ½ ⅔ ‰.\n\nArrows ← ↑ → ↓ ⇄ ⟶; boxes ┌─┬─┐ ░▒▓█; signs © ® ™ § ¶ † ‡ • ◆ ★ ☐ ☑ ✓ ✗ ♠ ♥ ♪ № ℃ ℡ ① ② Ⅳ.\n\n- `a != b`\n- Δ = 5 µs ± 2 %',
    columns: ['Sign ₿', 'Σ'],
    labels: ['€ euro', '₽ rouble', '₺ lira', 'µ ± ∞', '→ next'],
  },
  {
    name: 'missing',
    shows: 'Characters that no font has: a mark on the page and a warning with their code points',
    title: 'Missing: \u{10330}',
    text: 'Gothic \u{10330}\u{10331}\u{10332} and cuneiform \u{12000}\u{12001} stand as marks, between words that are whole.',
    columns: ['Name \u{10333}', 'Count'],
    labels: ['plain', 'with \u{10334} inside', '\u{12002}', 'after', 'end\u{10335}'],
  },
];

export const scriptPages: readonly GalleryPage[] = SCRIPTS.map(scriptPage);
