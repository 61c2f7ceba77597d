/** RFC 3339 in UTC with the family's six fraction digits: `2023-12-20T00:00:01.652000Z`. */
const wireTime = (at: Date): string => `${at.toISOString().slice(0, -1)}000Z`;

/** A model as JSON, its instants in the family's format. Only Dates change; stored JSON passes as it is. */
export function toWire(value: unknown): unknown {
  if (value instanceof Date) return wireTime(value);
  if (Array.isArray(value)) return value.map(toWire);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWire(item)]));
}
