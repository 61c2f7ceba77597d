import type { Locale } from '../definition/definition.ts';
import type { Value } from '../rows/rows.ts';
import { plain } from './block.ts';
import type { WorkloadFacts } from './facts.ts';
import { figure, percent } from './figures.ts';
import { partOf } from './pieces.ts';
import type { Range } from './range.ts';

const WORDS = {
  en: {
    hours: 'The two ranges are of other hours of the day.',
    weekdays: 'The two ranges are of other weekdays.',
    version: (was: string, is: string) => `The server was upgraded in between, from ${was} to ${is}.`,
    settings: (names: string) => `Settings differ: ${names}.`,
    more: (count: string) => `${count} more`,
    size: (change: string) => `The databases' size changed by ${change}.`,
    events: 'In one of the ranges the server was restarted, crashed, failed over, or had counters reset or evicted.',
  },
  ru: {
    hours: 'Промежутки приходятся на разные часы суток.',
    weekdays: 'Промежутки приходятся на разные дни недели.',
    version: (was: string, is: string) => `Между ними сервер обновлён с ${was} до ${is}.`,
    settings: (names: string) => `Настройки различаются: ${names}.`,
    more: (count: string) => `ещё ${count}`,
    size: (change: string) => `Размер баз изменился на ${change}.`,
    events: 'В одном из промежутков был перезапуск, сбой, переключение, сброс или вытеснение счётчиков.',
  },
  zh: {
    hours: '两个时段处于一天中的不同时间。',
    weekdays: '两个时段处于不同的星期几。',
    version: (was: string, is: string) => `期间服务器由 ${was} 升级到 ${is}。`,
    settings: (names: string) => `设置有差异：${names}。`,
    more: (count: string) => `另有 ${count} 项`,
    size: (change: string) => `数据库大小变化 ${change}。`,
    events: '其中一个时段内有重启、崩溃、切换，或计数器被重置或淘汰。',
  },
} as const satisfies Record<Locale, unknown>;

const DAY_MS = 86_400_000;
/** Days within which two ranges count as of the same hour. */
const SAME_TIME_MS = 1_800_000;
const NOTABLE_GROWTH = 0.1;
const MOST_NAMES = 8;

/** Why the two ranges may not be alike, as sentences of Markdown. */
export function caveatsOf({ range, locale }: Pick<WorkloadFacts, 'range' | 'locale'>, baseline: Range): string[] {
  const words = WORDS[locale];
  const apart = range.start.identity.capturedAt - baseline.start.identity.capturedAt;
  const isOff = (period: number): boolean => {
    const rest = Math.abs(apart) % period;
    return Math.min(rest, period - rest) > SAME_TIME_MS;
  };
  const [was, is] = [baseline.end.identity.version, range.end.identity.version];
  const settings = changedSettings(baseline, range);
  const growth = growthOf(baseline, range);
  const events = [...baseline.events, ...range.events].filter(({ kind }) => kind !== 'snapshot failed');
  return [
    ...(isOff(DAY_MS) ? [words.hours] : isOff(7 * DAY_MS) ? [words.weekdays] : []),
    ...(was === is ? [] : [words.version(plain(was), plain(is))]),
    ...(settings.length === 0 ? [] : [words.settings(listed(settings, locale))]),
    ...(growth !== null && Math.abs(growth) >= NOTABLE_GROWTH ? [words.size(percent(growth, locale))] : []),
    ...(events.length === 0 ? [] : [words.events]),
  ];
}

function listed(names: readonly string[], locale: Locale): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).map(plain);
  return [...shown, ...(more > 0 ? [WORDS[locale].more(figure(more, locale))] : [])].join(', ');
}

function changedSettings(a: Range, b: Range): readonly string[] {
  const [was, is] = [settingsOf(a), settingsOf(b)];
  return [...is].flatMap(([name, value]) => (was.has(name) && was.get(name) !== value ? [name] : [])).sort();
}

function settingsOf({ end }: Range): ReadonlyMap<string, Value> {
  const part = partOf(end, 'settings');
  const [name, value] = ['name', 'setting'].map((key) => part?.columns.findIndex((one) => one.name === key) ?? -1);
  return new Map(part?.rows.map((row) => [String(row[name ?? -1]), row[value ?? -1] ?? null]));
}

function growthOf(a: Range, b: Range): number | null {
  const [was, is] = [a, b].map(({ end }) => {
    const part = partOf(end, 'database');
    const at = part?.columns.findIndex((one) => one.name === 'size_bytes') ?? -1;
    return part?.rows.reduce((sum, row) => sum + Number(row[at] ?? 0), 0) ?? 0;
  });
  return was && is ? is / was - 1 : null;
}
