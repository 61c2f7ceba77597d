import type { Lane } from './postgres-lane.ts';

/** Why a read was stopped by us. */
export type StopReason = 'aborted' | 'timeout' | 'bytes';

/** Watches over one read: stops it on abort, after its time, and when the server sends more than was allowed. */
export interface Watch {
  reason(): StopReason | null;
  /** Milliseconds left; at least 1. */
  remainingMs(): number;
  /** From now on at most this many further bytes may arrive. */
  allowBytes(count: number): void;
  end(): void;
}

/** How long a canceled statement may take to stop before the connection is cut. */
const CANCEL_GRACE_MS = 1000;
/** A request that reaches the server between two statements stops neither, so it is made again until the read ends. */
const CANCEL_AGAIN_MS = 200;
const POLL_MS = 10;

/**
 * Nothing here relies on the server's good will: the server is asked to cancel (so that it stops working for nobody),
 * and a second later the connection is cut. Too many bytes cut it at once: asking would let more of them arrive. Bytes are
 * counted as the socket received them, which also bounds a single huge row before it is assembled.
 */
export function watchRead(lane: Lane, timeoutMs: number, signal: AbortSignal): Watch {
  const deadline = performance.now() + timeoutMs;
  let reason: StopReason | null = null;
  let grace: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let limit = Number.POSITIVE_INFINITY;

  const stop = (why: StopReason): void => {
    if (reason !== null) return;
    reason = why;
    if (why === 'bytes') {
      lane.destroy();
      return;
    }
    grace = setTimeout(() => lane.destroy(), CANCEL_GRACE_MS);
    asking = setInterval(() => void lane.cancel(), CANCEL_AGAIN_MS);
    void lane.cancel();
  };
  const onAbort = (): void => stop('aborted');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  const poll = setInterval(() => {
    if (lane.received() > limit) stop('bytes');
  }, POLL_MS);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    reason: () => reason,
    remainingMs: () => Math.max(1, Math.ceil(deadline - performance.now())),
    allowBytes: (count) => {
      limit = lane.received() + count;
    },
    end: () => {
      clearTimeout(timer);
      clearTimeout(grace);
      clearInterval(asking);
      clearInterval(poll);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
