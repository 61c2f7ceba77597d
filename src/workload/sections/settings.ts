import { type Block, plain, textBlock } from '../block.ts';
import type { WorkloadFacts } from '../facts.ts';
import { listBlock, textColumn } from '../list.ts';
import type { Section } from '../section.ts';
import {
  type OwnSetting,
  ownSettings,
  type Setting,
  type SettingChange,
  settingChanges,
  settingsAt,
  settingsSet,
  settingText,
} from '../settings-changes.ts';
import { type Wording, wordsIn } from '../wording.ts';

const WORDS = {
  absent: ['Settings were not read.', 'Параметры не были прочитаны.', '未读取到设置。'],
  noChange: ['No setting changed in this range.', 'За период параметры не менялись.', '区间内没有设置变更。'],
  set: ['Settings that differ from the default', 'Параметры, отличные от исходных', '非默认设置'],
  noSet: ['Every setting has its default.', 'Все параметры исходные.', '所有设置均为默认值。'],
  own: ['Settings of roles and databases', 'Параметры ролей и баз данных', '角色与数据库级设置'],
  noOwn: [
    'No role or database has settings of its own.',
    'У ролей и баз данных своих параметров нет.',
    '没有角色或数据库级设置。',
  ],
  extensions: ['Extensions', 'Расширения', '扩展'],
  noExtensions: ['No extension was found.', 'Расширений нет.', '没有扩展。'],
  name: ['Setting', 'Параметр', '设置'],
  before: ['Before', 'Было', '变更前'],
  after: ['After', 'Стало', '变更后'],
  value: ['Value', 'Значение', '值'],
  built: ['Default', 'Исходное', '默认值'],
  source: ['Source', 'Источник', '来源'],
  pending: [
    'changed in a file, used from the next restart',
    'изменён в файле, действует после перезапуска',
    '已在文件中修改，重启后生效',
  ],
  role: ['Role', 'Роль', '角色'],
  all: ['all', 'все', '全部'],
  database: ['Database', 'База данных', '数据库'],
  change: ['Change', 'Изменение', '变更'],
  new: ['new', 'новый', '新增'],
  gone: ['gone', 'удалён', '已删除'],
  extension: ['Extension', 'Расширение', '扩展'],
  version: ['Version', 'Версия', '版本'],
  databases: ['Databases', 'Базы данных', '数据库'],
} as const satisfies Record<string, Wording>;

type Words = Record<keyof typeof WORDS, string>;

/** What was changed in the range, then what differs from the defaults. */
export const settings: Section = {
  id: 'settings',
  chapter: 'system',
  title: { en: 'Settings', ru: 'Параметры', zh: '设置' },
  blocks: (facts) => {
    const words = wordsIn(WORDS, facts.locale);
    const heading = settings.title[facts.locale];
    if (settingsAt(facts.range, 'end').size === 0)
      return [textBlock({ id: settings.id, heading }, plain(words.absent))];
    const own = ownSettings(facts.range);
    const ownBlocks = own.length === 0 ? [] : [ownList(facts, words, own)];
    return [
      changeList(facts, words),
      setList(facts, words, own.length === 0 ? words.noOwn : null),
      ...ownBlocks,
      extensionList(facts, words, own.length === 0 ? 12 : 6),
    ];
  },
};

const printed = (setting: Setting | null): string => (setting === null ? '–' : settingText(setting));

const changeList = (facts: WorkloadFacts, words: Words): Block =>
  listBlock<SettingChange>({
    id: settings.id,
    heading: settings.title[facts.locale],
    locale: facts.locale,
    items: settingChanges(facts.range),
    none: words.noChange,
    limit: 40,
    note: ({ after }) => (after?.isPending ? words.pending : null),
    columns: [
      textColumn('name', words.name, ({ name }) => name),
      textColumn('before', words.before, ({ before }) => printed(before)),
      textColumn('after', words.after, ({ after }) => printed(after)),
      textColumn('source', words.source, ({ before, after }) => (after ?? before)?.source ?? null),
    ],
  });

/** @param remark what else is to be said of settings. */
const setList = (facts: WorkloadFacts, words: Words, remark: string | null): Block =>
  listBlock<Setting>({
    id: 'settings-set',
    heading: words.set,
    description: remark,
    locale: facts.locale,
    items: settingsSet(facts.range),
    none: [words.noSet, remark ?? ''].join(' ').trim(),
    limit: 60,
    note: ({ isPending }) => (isPending ? words.pending : null),
    columns: [
      textColumn('name', words.name, ({ name }) => name),
      textColumn('value', words.value, (setting) => settingText(setting).slice(0, 120)),
      textColumn('built', words.built, ({ built, unit }) =>
        built === null ? null : settingText({ value: built, unit }).slice(0, 120),
      ),
      textColumn('source', words.source, ({ source }) => (source === 'session' ? null : source)),
    ],
  });

function ownList(facts: WorkloadFacts, words: Words, items: readonly OwnSetting[]): Block {
  const hasChanges = items.some(({ change }) => change !== null);
  return listBlock<OwnSetting>({
    id: 'settings-own',
    heading: words.own,
    locale: facts.locale,
    items,
    none: words.noOwn,
    limit: 40,
    width: 6,
    columns: [
      textColumn('role', words.role, ({ role }) => role ?? words.all),
      textColumn('database', words.database, ({ database }) => database ?? words.all),
      textColumn('setting', words.name, ({ setting }) => setting),
      ...(hasChanges
        ? [textColumn<OwnSetting>('change', words.change, ({ change }) => (change === null ? '' : words[change]))]
        : []),
    ],
  });
}

interface Extension {
  readonly name: string;
  readonly version: string;
  readonly databases: readonly string[];
}

/** One line for an extension of one version: most are the same in all databases. */
function extensionList({ range, locale }: WorkloadFacts, words: Words, width: number): Block {
  const table = range.table('extensions');
  const rows = table.rows.filter(({ isAtEnd }) => isAtEnd);
  const groups = Map.groupBy(rows, (row) =>
    JSON.stringify([table.last(row, 'extname'), table.last(row, 'extversion')]),
  );
  const items = [...groups.values()].flatMap((group): Extension[] => {
    const [first] = group;
    if (first === undefined) return [];
    const [name, version] = [String(table.last(first, 'extname')), String(table.last(first, 'extversion'))];
    return [{ name, version, databases: group.map(({ scope }) => scope).sort() }];
  });
  return listBlock<Extension>({
    id: 'settings-extensions',
    heading: words.extensions,
    locale,
    items: items.sort((a, b) => (a.name < b.name ? -1 : 1)),
    none: words.noExtensions,
    limit: 40,
    width,
    columns: [
      textColumn('name', words.extension, ({ name }) => name),
      textColumn('version', words.version, ({ version }) => version),
      textColumn('databases', words.databases, ({ databases }) => databases.join(', ')),
    ],
  });
}
