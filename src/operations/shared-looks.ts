/** One look at a server, shared by all who ask for it meanwhile. `key` names what is looked at, and as whom. */
export type SharedLooks<T> = (key: string, look: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Who asks while the same look is under way gets what it finds: however many ask at once, the server has one connection of
 * theirs. No caller's leaving ends a look that others wait for: it ends by bounds of its own.
 */
export function createSharedLooks<T>(): SharedLooks<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, look) => {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const found = look(new AbortController().signal).finally(() => underWay.delete(key));
    underWay.set(key, found);
    return found;
  };
}
