import type { Locale } from '../definition/definition.ts';

/** A count with its noun in the form that the count asks for. */
export const plural =
  (locale: Locale, forms: Partial<Record<Intl.LDMLPluralRule, string>>) =>
  (count: number): string => {
    const rule = new Intl.PluralRules(locale).select(count);
    return `${new Intl.NumberFormat(locale).format(count)} ${forms[rule] ?? forms.other ?? ''}`;
  };
