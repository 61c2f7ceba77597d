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
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name) ?? null, after.get(name) ?? null];
    const isChanged = was?.value !== is?.value || was?.isPending !== is?.isPending;
    return isChanged ? [{ name, before: was, after: is }] : [];
  });
}

/** What an administrator set, and to another value than the server was built with. */
export const settingsSet = (range: Range): readonly Setting[] =>
  [...settingsAt(range, 'end').values()]
    .filter(({ source, value, built }) => source !== 'default' && source !== 'override' && value !== built)
    .sort((a, b) => (a.name < b.name ? -1 : 1));

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

const MEMORY_STEPS: readonly (readonly [string, number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
  ['B', 1],
];
const MEMORY_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  '8kB': 8192,
  '16MB': 16 * 1024 ** 2,
};

/** A setting's value as one writes it in postgresql.conf: memory in its largest whole unit, powers of 1024. */
export function settingText({ value, unit }: Pick<Setting, 'value' | 'unit'>): string {
  const factor = MEMORY_UNITS[unit ?? ''];
  const number = Number(value);
  if (value === '') return '""';
  if (unit === null || !Number.isFinite(number) || number < 0) return value;
  if (factor === undefined) return `${value} ${unit}`;
  if (number === 0) return '0';
  const bytes = number * factor;
  const step = MEMORY_STEPS.find(([, size]) => bytes % size === 0) ?? (['B', 1] as const);
  return `${bytes / step[1]} ${step[0]}`;
}
