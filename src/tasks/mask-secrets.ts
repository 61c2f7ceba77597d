/** What stands for a secret in logs. */
const MASK = '***';
/** Lines of a log are for people: what is longer is cut. */
const LONGEST_TEXT = 10_000;
const DEEPEST = 10;

/** Names of things that are secret, as OCP masks them: password, secret, token, credentials, key. */
const SECRET_NAME = /passw(?:or)?d|passphrase|secret|token|credential|(?:^|[^a-z])key$|[a-z]Key$|^(?:api|access)_?key/i;

const SECRET_WORD = [
  String.raw`[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|credentials?|authorization)[\w.-]{0,40}`,
  String.raw`(?:access|api|private|encryption)[_-]?key[\w.-]{0,40}`,
  String.raw`(?<![a-z0-9])(?:[\w.-]{0,40}[_.-])?key`,
].join('|');
const VALUE = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:(?:Basic|Bearer|OCP-ACCESS-KEY-HMACSHA1)\s+)?[^\s,;&"')}\]]+`;
/** `name=value`, `name: value`, `"name":"value"`. */
const ASSIGNMENT = new RegExp(String.raw`((?:${SECRET_WORD})["']?\s{0,5}[=:]\s{0,5})(?:${VALUE})`, 'gi');
/** `password 'x'`, `identified by 'x'`. */
const IN_SQL = /\b(password|identified\s{1,5}by)(\s{1,5})'(?:[^']|'')*'/gi;
/** A password may hold slashes and at-signs that nobody has encoded: everything up to the last at-sign counts. */
const IN_URL = /(:\/\/[^\s/:@]{0,200}):[^\s"']{1,500}@/g;

/** A text without what looks like a secret in it: values of secret names, passwords in URLs and statements. */
export const maskText = (text: string): string =>
  text
    .slice(0, LONGEST_TEXT)
    .replaceAll(IN_URL, `$1:${MASK}@`)
    .replaceAll(IN_SQL, `$1$2'${MASK}'`)
    .replaceAll(ASSIGNMENT, `$1${MASK}`);

/** The same for a plain value: texts, lists and objects, whose values of secret names are masked whatever they are. */
export function maskValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= DEEPEST) return MASK;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) && item !== null ? MASK : maskValue(item, depth + 1),
    ]),
  );
}
