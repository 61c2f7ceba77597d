/**
 * Reading stored JSON that no schema ever held back: a wrong type becomes the default and a warning, an unknown key is
 * passed by, and nothing throws. Keys are tried in their snake_case name first, then in camelCase.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Collects what was found wrong, each as `path: what happened`; bounded, because a definition may hold anything. */
export interface Warnings {
  readonly list: readonly string[];
  add(path: string, message: string): void;
}

const MAX_WARNINGS = 50;

export function collectWarnings(): Warnings {
  const list: string[] = [];
  return {
    list,
    add: (path, message) => {
      if (list.length < MAX_WARNINGS) list.push(`${path}: ${message}`);
    },
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One object of the stored tree, with its path for warnings. */
export interface Branch {
  readonly path: string;
  readonly object: JsonObject;
  value(key: string): unknown;
  branch(key: string): Branch;
  text(key: string): string | null;
  flag(key: string, fallback: boolean): boolean;
  number(key: string): number | null;
  strings(key: string): readonly string[] | null;
  objects(key: string): readonly Branch[];
}

const camelCase = (key: string): string => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const TRUE_WORDS = new Set(['true', '1', 'yes', 'on']);
const FALSE_WORDS = new Set(['false', '0', 'no', 'off', '']);

function readFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A branch of `value`; anything but an object reads as an empty one. */
export function readBranch(value: unknown, path: string, warnings: Warnings): Branch {
  const object = isObject(value) ? value : {};
  if (value !== undefined && value !== null && !isObject(value)) warnings.add(path, 'not an object, ignored');
  const get = (key: string): unknown => (Object.hasOwn(object, key) ? object[key] : object[camelCase(key)]);
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const scalar = <T>(key: string, read: (value: unknown) => T | undefined, what: string): T | null => {
    const raw = get(key);
    if (raw === undefined || raw === null) return null;
    const result = read(raw);
    if (result === undefined) warnings.add(at(key), `not ${what}, ignored`);
    return result ?? null;
  };
  const list = (key: string): readonly unknown[] => {
    const raw = get(key);
    if (raw === undefined || raw === null) return [];
    if (Array.isArray(raw)) return raw;
    warnings.add(at(key), 'not a list, ignored');
    return [];
  };
  return {
    path,
    object,
    value: get,
    branch: (key) => readBranch(get(key), at(key), warnings),
    text: (key) =>
      scalar(
        key,
        (raw) => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : undefined),
        'a text',
      ),
    flag: (key, fallback) => scalar(key, readFlag, 'true or false') ?? fallback,
    number: (key) => scalar(key, readNumber, 'a number'),
    strings: (key) => {
      if (get(key) === undefined || get(key) === null) return null;
      return list(key)
        .filter((item) => typeof item === 'string' || typeof item === 'number')
        .map(String);
    },
    objects: (key) =>
      list(key).flatMap((item, index) => {
        if (isObject(item)) return [readBranch(item, `${at(key)}[${index}]`, warnings)];
        warnings.add(`${at(key)}[${index}]`, 'not an object, ignored');
        return [];
      }),
  };
}

/** The entry of `table` that a stored word names, whatever its case; null and a warning for a word it doesn't know. */
export function pick<T extends string>(branch: Branch, key: string, words: readonly T[], warnings: Warnings): T | null {
  const word = branch.text(key);
  if (word === null || word.trim() === '') return null;
  const found = words.find((candidate) => candidate === word.trim().toLowerCase());
  if (found === undefined) warnings.add(`${branch.path}.${key}`, `unknown word "${word.slice(0, 40)}", default used`);
  return found ?? null;
}
