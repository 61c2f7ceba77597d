/** A bound on how many at once: `enter` waits for a free slot and answers the function that gives it back. */
export interface Slots {
  /** @throws the signal's reason when it is aborted before a slot is free. */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** First come, first served. */
export function createSlots(size: number): Slots {
  let free = size;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const take = (): void => {
          signal.removeEventListener('abort', giveUp);
          let left = false;
          resolve(() => {
            if (!left) leave();
            left = true;
          });
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(take), 1);
          reject(signal.reason as Error);
        };
        if (free > 0) {
          free -= 1;
          take();
          return;
        }
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.push(take);
      }),
  };
}
