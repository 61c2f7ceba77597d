const SECRET_STATEMENT =
  /^\s*(?:create|alter)\s+(?:role|user|group|server|subscription|foreign)\b|^\s*set\s+.*password|dblink|\bpassword\b/i;
const STRING = /'(?:[^']|'')*'|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/g;

/**
 * A statement without what may be a secret: in statements that make logins, servers or subscriptions, or speak of a
 * password, all string literals are hidden. pg_stat_statements replaces constants of ordinary statements itself.
 */
export const withoutSecrets = (text: string): string =>
  SECRET_STATEMENT.test(text) ? text.replaceAll(STRING, "'***'").replaceAll(/'(?:[^']|'')*$/g, "'***") : text;
