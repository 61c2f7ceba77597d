import type { Value } from '../rows/rows.ts';
import { namesOf } from './facts.ts';
import { partOf } from './pieces.ts';
import type { Range } from './range.ts';

/** A server-wide setting at one end of a range. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly unit: string | null;
  /** Where it was set: `default`, `configuration file`, `override` … */
  readonly source: string;
  readonly built: string | null;
  readonly file: string | null;
  /** Changed in a file, but used from the next restart on. */
  readonly isPending: boolean;
}

export interface SettingChange {
  readonly name: string;
  /** Null = it was not there. */
  readonly before: Setting | null;
  readonly after: Setting | null;
}

/** All settings at an end of the range, by name. */
export function settingsAt(range: Range, end: 'start' | 'end'): ReadonlyMap<string, Setting> {
  const part = partOf(range[end], 'settings');
  if (part === null) return new Map();
  const index = new Map(part.columns.map(({ name }, at) => [name, at]));
  return new Map(
    part.rows.map((row) => {
      const of = (name: string): Value => row[index.get(name) ?? -1] ?? null;
      const text = (name: string): string | null => (of(name) === null ? null : String(of(name)));
      const setting: Setting = {
        name: text('name') ?? '',
        value: text('setting') ?? '',
        unit: text('unit'),
        source: text('source') ?? '',
        built: text('boot_val'),
        file: text('sourcefile'),
        isPending: of('pending_restart') === true,
      };
      return [setting.name, setting];
    }),
  );
}

/** Settings that differ between the ends of the range, or wait for a restart since it began. */
export function settingChanges(range: Range): readonly SettingChange[] {
  const [before, after] = [settingsAt(range, 'start'), settingsAt(range, 'end')];
  if (before.size === 0 || after.size === 0) return [];
  const isOurs = ownOfSession(range);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name) ?? null, after.get(name) ?? null];
    if (isOurs(was) || isOurs(is)) return [];
    const isChanged = was?.value !== is?.value || was?.isPending !== is?.isPending;
    return isChanged ? [{ name, before: was, after: is }] : [];
  });
}

/** What an administrator set for the whole server, and to another value than it was built with. */
export function settingsSet(range: Range): readonly Setting[] {
  const isOurs = ownOfSession(range);
  return [...settingsAt(range, 'end').values()]
    .filter(({ source, value, built }) => source !== 'default' && source !== 'override' && value !== built)
    .filter((setting) => !isOurs(setting))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What names our own session. */
const OURS: readonly string[] = ['application_name', 'client_encoding'];
const SERVER_SOURCES: readonly string[] = [
  'default',
  'override',
  'configuration file',
  'command line',
  'environment variable',
];

/**
 * Whether the value is that of the session which captured it, by its role or database, and not the server's: those are
 * listed among the settings of roles and databases.
 */
function ownOfSession(range: Range): (setting: Setting | null) => boolean {
  const own = new Set(ownSettings(range).map(({ setting }) => setting.split('=')[0]));
  return (setting) =>
    setting !== null &&
    (OURS.includes(setting.name) || (own.has(setting.name) && !SERVER_SOURCES.includes(setting.source)));
}

/** A setting of a role, a database, or a role in a database. */
export interface OwnSetting {
  readonly role: string | null;
  readonly database: string | null;
  readonly setting: string;
  readonly change: 'new' | 'gone' | null;
}

export function ownSettings(range: Range): readonly OwnSetting[] {
  const table = range.table('role_settings');
  const [role, database] = [namesOf(range, 'role'), namesOf(range, 'database')];
  const nameOf = (names: (id: Value) => string, id: Value): string | null => (Number(id) === 0 ? null : names(id));
  return table.rows.map((row) => ({
    role: nameOf(role, table.last(row, 'userid')),
    database: nameOf(database, table.last(row, 'datid')),
    setting: String(table.last(row, 'setting')),
    change: row.isAtEnd ? (row.isAtStart ? null : 'new') : 'gone',
  }));
}

type Steps = readonly (readonly [string, number])[];
const MEMORY: Steps = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
  ['B', 1],
];
const TIME: Steps = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];
/** Units of pg_settings: what one of them is in the smallest step. */
const UNITS: Readonly<Record<string, readonly [Steps, number]>> = {
  B: [MEMORY, 1],
  kB: [MEMORY, 1024],
  MB: [MEMORY, 1024 ** 2],
  '8kB': [MEMORY, 8192],
  '16MB': [MEMORY, 16 * 1024 ** 2],
  ms: [TIME, 1],
  s: [TIME, 1000],
  min: [TIME, 60_000],
};

/** A setting's value as one writes it in postgresql.conf: memory (powers of 1024) and times in their largest whole unit. */
export function settingText({ value, unit }: Pick<Setting, 'value' | 'unit'>): string {
  if (value === '') return "''";
  const number = Number(value);
  const [steps, factor] = UNITS[unit ?? ''] ?? [[], 1];
  if (!Number.isFinite(number) || number <= 0) return value;
  const step = steps.find(([, size]) => (number * factor) % size === 0);
  return step === undefined ? value : `${(number * factor) / step[1]} ${step[0]}`;
}
