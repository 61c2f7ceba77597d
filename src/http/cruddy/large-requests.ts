/** Few requests with large bodies are worked at a time, in the order of their coming. */
export interface LargeRequests {
  /** The place of one request in the line. */
  place(): Place;
}

export interface Place {
  /** Wait for one's turn; what is not read yet of the body waits on the wire meanwhile, not in memory. */
  take(): Promise<void>;
  /** To be called when the request is answered, whether a turn was taken or not. */
  leave(): void;
}

/** Parsed, checked, stored and answered, a body takes about ten times its size. */
const AT_ONCE = 2;

export function createLargeRequests(): LargeRequests {
  let working = 0;
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    if (working < AT_ONCE) {
      working += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    await promise;
  };
  /** Who is next takes over the place that is left. */
  const handOn = (): void => {
    const next = waiting.shift();
    if (next) next();
    else working -= 1;
  };
  return {
    place: () => {
      let taken = false;
      return {
        take: async () => {
          await turn();
          taken = true;
        },
        leave: () => {
          if (taken) handOn();
          taken = false;
        },
      };
    },
  };
}
