/** Statements whose constants pg_stat_statements replaces itself, and definitions of indexes, whose predicates matter. */
const ORDINARY =
  /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:(?:select|insert|update|delete|with|merge|values|table)\b|create\s+(?:unique\s+)?index\b)/i;
const SUSPICIOUS = /dblink|\bpassword\b|\bpasswd\b|\bsecret\b/i;
/** Comments and quoted names are matched so that an apostrophe in them begins no string; a string may be cut at the end. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:""|[^"])*"|\be'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|\$((?:[A-Za-z_]\w*)?)\$[\s\S]*?(?:\$\1\$|$)/gi;

/**
 * A statement without what may be a secret: all string literals of statements other than queries are hidden (those that
 * make logins, servers and subscriptions, SET, COPY, DO …), and those of queries that speak of passwords.
 */
export const withoutSecrets = (text: string): string =>
  ORDINARY.test(text) && !SUSPICIOUS.test(text)
    ? text
    : text.replaceAll(TOKEN, (token) => (/^(?:--|\/\*|")/.test(token) ? token : "'***'"));
