import { readFileSync } from 'node:fs';
import mustache from 'mustache';
import { messageOf } from '../errors.ts';

/** What a task's own subject and message may name. All are plain text: no lists, no markup, nothing to call. */
export const TEMPLATE_VARIABLES = [
  'report',
  'period',
  'period_from',
  'period_to',
  'time_zone',
  'scheduled_for',
  'document',
  'pages',
  'size',
  'partial',
  'link',
] as const;

export type TemplateVariables = Readonly<Record<(typeof TEMPLATE_VARIABLES)[number], string>>;

const asIs = (value: unknown): string => String(value);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** All that text and quoted attributes need; mustache's own also spells out slashes, which links read badly with. */
const inHtml = (value: unknown): string => String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Longest template: the whole text is worked through for every recipient. */
const TEMPLATE_LENGTH = 20_000;
const NAME = /^[A-Za-z_]\w*$/;

/** A token of mustache's parser: kind, name or text, start, end, and the tokens of a section. */
type Token = readonly [kind: string, name: string, start: number, end: number, inner?: unknown];

/** With a cache of its own that goes with it: the library's would keep every text a user ever wrote. */
const newWriter = (): InstanceType<typeof mustache.Writer> => new mustache.Writer();

/**
 * Why a text is no template of ours, or null when it is one: for whoever stores it.
 * Templates are mustache: `{{report}}`, and `{{#partial}}…{{/partial}}` for what is said only then.
 */
export function templateProblem(template: string): string | null {
  try {
    const known: readonly string[] = TEMPLATE_VARIABLES;
    const unknown = namesIn(template).find((name) => !known.includes(name));
    return unknown === undefined ? null : `unknown variable ${unknown}; there are ${known.join(', ')}`;
  } catch (error) {
    return messageOf(error).slice(0, 200);
  }
}

/**
 * Fill a user's template with the variables, as plain text: whoever puts it into HTML escapes it there. A name that is
 * not a variable is empty.
 * @throws Error when it is no template.
 */
export function fillText(template: string, variables: TemplateVariables): string {
  namesIn(template);
  const view: Record<string, string> = Object.assign(Object.create(null) as Record<string, string>, variables);
  return newWriter().render(template, view, undefined, { escape: asIs });
}

/**
 * All names in a template. Only plain names pass: dotted ones would reach into JavaScript's own properties, which
 * mustache would even call.
 */
function namesIn(template: string): string[] {
  if (template.length > TEMPLATE_LENGTH) throw new Error(`longer than ${TEMPLATE_LENGTH} characters`);
  const names: string[] = [];
  const walk = (tokens: readonly Token[]): void => {
    for (const [kind, name, , , inner] of tokens) {
      if (kind === 'text') continue;
      if (kind === '>') throw new Error('partials are not supported');
      if (name !== '.' && !NAME.test(name)) throw new Error(`not a variable: ${name.slice(0, 50)}`);
      if (name !== '.') names.push(name);
      if (Array.isArray(inner)) walk(inner as readonly Token[]);
    }
  };
  walk(newWriter().parse(template) as unknown as readonly Token[]);
  return names;
}

const read = (name: string): string =>
  readFileSync(new URL(`../../templates/email/${name}.mustache`, import.meta.url), 'utf8');

/** Fill both parts of one of our own mails, `templates/email/<name>.{text,html}.mustache`. HTML is escaped, text is not. */
export function fillMail(name: 'report' | 'notice', view: object): { text: string; html: string } {
  const text = mustache.render(read(`${name}.text`), view, undefined, { escape: asIs });
  return {
    text: text.replace(/\n{3,}/g, '\n\n').trimEnd(),
    html: mustache.render(read(`${name}.html`), view, undefined, { escape: inHtml }),
  };
}
