import { canceled } from './postgres-errors.ts';
import type { Lane } from './postgres-lane.ts';

const IDLE_MS = 30_000;
/** Also bounds how long a login may use rights that were taken back: they are looked at when a lane opens. */
const LONGEST_LIFE_MS = 600_000;

/** A lane, and whether it has begun a statement since it was handed out. */
export interface Loan {
  readonly lane: Lane;
  /** Set by the borrower once a failure may have come from its statement. */
  started: boolean;
  /** Set by the borrower when the session is as good as new. */
  clean: boolean;
}

interface Resting {
  readonly lane: Lane;
  readonly bornAt: number;
  readonly timer: NodeJS.Timeout;
}

/** At most `size` lanes at once. Those that come back clean are kept for a while, all others are cut. */
export interface LanePool {
  /** Waits for a free place, first come first served, until `signal` aborts. */
  use<T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T>;
  /** Idle lanes are cut now, lent ones when they come back: from now on no lane is kept. */
  close(): void;
}

export function createLanePool(size: number, open: (signal: AbortSignal) => Promise<Lane>): LanePool {
  const resting: Resting[] = [];
  const waiting: (() => void)[] = [];
  let lent = 0;
  let closed = false;

  const rest = (lane: Lane, bornAt: number): void => {
    const entry: Resting = { lane, bornAt, timer: setTimeout(() => cut(entry), IDLE_MS).unref() };
    resting.push(entry);
  };
  const cut = (entry: Resting): void => {
    clearTimeout(entry.timer);
    const index = resting.indexOf(entry);
    if (index >= 0) resting.splice(index, 1);
    entry.lane.destroy();
  };
  /** The lane used last, if it is still good. */
  const takeRested = (): Resting | null => {
    for (let entry = resting.pop(); entry !== undefined; entry = resting.pop()) {
      clearTimeout(entry.timer);
      if (entry.lane.isOpen() && performance.now() - entry.bornAt < LONGEST_LIFE_MS) return entry;
      entry.lane.destroy();
    }
    return null;
  };

  const lend = async <T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T> => {
    for (;;) {
      const rested = takeRested();
      const bornAt = rested?.bornAt ?? performance.now();
      const loan: Loan = { lane: rested?.lane ?? (await open(signal)), started: false, clean: false };
      try {
        return await work(loan);
      } catch (error) {
        // A kept connection may have died while it rested: that is no news about the source, so a new one is tried.
        if (rested === null || loan.started || loan.lane.isOpen() || signal.aborted) throw error;
      } finally {
        if (loan.clean && !closed) rest(loan.lane, bornAt);
        else loan.lane.destroy();
      }
    }
  };

  return {
    use: async (signal, work) => {
      if (signal.aborted) throw canceled();
      if (lent >= size) await waitForTurn(waiting, signal);
      else lent += 1;
      try {
        return await lend(signal, work);
      } finally {
        const next = waiting.shift();
        if (next === undefined) lent -= 1;
        else next();
      }
    },
    close: () => {
      closed = true;
      for (const entry of [...resting]) cut(entry);
    },
  };
}

/** Resolves when a place was handed over, which then counts as taken. */
function waitForTurn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      signal.removeEventListener('abort', give);
      resolve();
    };
    const give = (): void => {
      const index = waiting.indexOf(turn);
      if (index >= 0) waiting.splice(index, 1);
      reject(canceled());
    };
    waiting.push(turn);
    signal.addEventListener('abort', give, { once: true });
  });
}
