import type { Locale } from '../definition/definition.ts';

/** A count with its noun in the form that the count asks for. */
export function plural(locale: Locale, forms: Partial<Record<Intl.LDMLPluralRule, string>>): (count: number) => string {
  // Made once: they take longer than a chart's whole description.
  let [rules, numbers]: [Intl.PluralRules?, Intl.NumberFormat?] = [];
  return (count) => {
    rules ??= new Intl.PluralRules(locale);
    numbers ??= new Intl.NumberFormat(locale);
    return `${numbers.format(count)} ${forms[rules.select(count)] ?? forms.other ?? ''}`;
  };
}
