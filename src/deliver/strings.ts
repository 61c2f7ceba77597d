/** The languages of mails; the same words as the definition's `Locale`, which this room may not import. */
export type MailLocale = 'en' | 'ru' | 'zh';

const en = {
  partial: 'partial',
  period: 'Period',
  timeZone: 'Time zone',
  scheduledFor: 'Scheduled for',
  document: 'Document',
  pages: 'Pages',
  size: 'Size',
  attached: 'The report is attached.',
  openLink: 'Open the report',
  linkExpires: 'The link is good until',
  linked: 'The report is too large to be attached. Open it by this link:',
  kept: 'The report is too large to be attached. It is kept in the archive as document',
  incomplete: 'This report is incomplete: not every part of it could be read.',
  notes: 'Notes on parts of the report',
  failed: 'failed',
  'timed out': 'timed out',
  truncated: 'truncated',
  sentBy: 'Sent automatically by Broadsheet.',
  report: 'Report',
  run: 'Run',
  reason: 'Reason',
  FAILED: {
    subject: 'report failed',
    text: 'A run of this report task failed: the report was not made or not delivered.',
  },
  HELD: {
    subject: 'report held back',
    text: 'The report is incomplete and was held back, as its task asks: nobody else has received it.',
  },
  UNCERTAIN: {
    subject: 'delivery uncertain',
    text: 'The connection to the mail relay was lost after the message was sent: the report may or may not have arrived. It is not sent again by itself.',
  },
  REFUSED: { subject: 'recipient refused', text: 'The mail relay refused at least one recipient of the report.' },
  once: 'This notice is sent once a day for each task and cause. You receive it as the owner of the task or as an administrator.',
};

export type MailStrings = typeof en;

const ru: MailStrings = {
  partial: 'неполный',
  period: 'Период',
  timeZone: 'Часовой пояс',
  scheduledFor: 'По расписанию',
  document: 'Документ',
  pages: 'Страниц',
  size: 'Размер',
  attached: 'Отчёт приложен к письму.',
  openLink: 'Открыть отчёт',
  linkExpires: 'Ссылка действительна до',
  linked: 'Отчёт слишком велик для вложения. Откройте его по ссылке:',
  kept: 'Отчёт слишком велик для вложения. Он хранится в архиве, документ',
  incomplete: 'Отчёт неполный: часть данных не удалось прочитать.',
  notes: 'Замечания к частям отчёта',
  failed: 'ошибка',
  'timed out': 'превышено время ожидания',
  truncated: 'показано не всё',
  sentBy: 'Отправлено автоматически, Broadsheet.',
  report: 'Отчёт',
  run: 'Запуск',
  reason: 'Причина',
  FAILED: {
    subject: 'отчёт не выполнен',
    text: 'Запуск этого отчёта завершился ошибкой: отчёт не построен или не доставлен.',
  },
  HELD: {
    subject: 'отчёт задержан',
    text: 'Отчёт неполный и задержан, как указано в его задаче: больше его никто не получил.',
  },
  UNCERTAIN: {
    subject: 'доставка под вопросом',
    text: 'Связь с почтовым сервером прервалась после передачи письма: отчёт мог дойти, а мог и не дойти. Сам собой он повторно не отправляется.',
  },
  REFUSED: {
    subject: 'получатель отклонён',
    text: 'Почтовый сервер отказал по меньшей мере одному получателю отчёта.',
  },
  once: 'Это уведомление отправляется раз в день для каждой задачи и причины. Вы получаете его как владелец задачи или администратор.',
};

const zh: MailStrings = {
  partial: '不完整',
  period: '统计周期',
  timeZone: '时区',
  scheduledFor: '计划时间',
  document: '文档',
  pages: '页数',
  size: '大小',
  attached: '报告见附件。',
  openLink: '打开报告',
  linkExpires: '链接有效期至',
  linked: '报告过大，无法作为附件发送。请通过此链接打开：',
  kept: '报告过大，无法作为附件发送。报告已存档，文档编号',
  incomplete: '本报告不完整：部分数据未能读取。',
  notes: '报告各部分说明',
  failed: '失败',
  'timed out': '超时',
  truncated: '已截断',
  sentBy: '由 Broadsheet 自动发送。',
  report: '报告',
  run: '运行',
  reason: '原因',
  FAILED: { subject: '报告失败', text: '该报告任务的一次运行失败：报告未生成或未送达。' },
  HELD: { subject: '报告已暂扣', text: '报告不完整，已按任务设置暂扣：其他人均未收到。' },
  UNCERTAIN: {
    subject: '送达情况不明',
    text: '邮件发出后与邮件服务器的连接中断：报告可能已送达，也可能未送达。系统不会自动重发。',
  },
  REFUSED: { subject: '收件人被拒绝', text: '邮件服务器拒绝了至少一位报告收件人。' },
  once: '同一任务、同一原因每天只发送一次本通知。您是任务所有者或管理员，因此收到本通知。',
};

/** Broadsheet's own words in mails, in one place. */
export const mailStrings: Readonly<Record<MailLocale, MailStrings>> = { en, ru, zh };
