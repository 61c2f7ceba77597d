/** What a caller is told of its limit. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the window ends. */
  readonly resetSeconds: number;
}

export interface RateLimit {
  /** Count one request of a user. Null where there is no limit. */
  take(userId: string, at: Date): Allowance | null;
}

const WINDOW_MS = 60_000;
/** Users who are counted at once; of more, those whose window began first are forgotten. */
const MOST_USERS = 10_000;

/**
 * Requests of each user in a fixed window of a minute. Counted in this process's memory: with several replicas a user may
 * send that many to each.
 * @param limit requests a minute; 0 = no limit
 */
export function createRateLimit(limit: number): RateLimit {
  const windows = new Map<string, { readonly endsAt: number; used: number }>();
  return {
    take: (userId, at) => {
      if (limit === 0) return null;
      const now = at.getTime();
      let window = windows.get(userId);
      if (window === undefined || window.endsAt <= now) {
        windows.delete(userId);
        window = { endsAt: now + WINDOW_MS, used: 0 };
        windows.set(userId, window);
        const [oldest] = windows.keys();
        if (windows.size > MOST_USERS && oldest !== undefined) windows.delete(oldest);
      }
      const allowed = window.used < limit;
      if (allowed) window.used += 1;
      const resetSeconds = Math.ceil((window.endsAt - now) / 1000);
      return { allowed, limit, remaining: limit - window.used, resetSeconds };
    },
  };
}
