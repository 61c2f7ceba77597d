/**
 * Where instants come from. The service reads the database's clock, so that replicas whose own clocks differ still
 * agree; tests inject a clock of their own. No SQL statement of ours calls `now()`: it gets the instant as a parameter.
 */
export interface Clock {
  /** The current instant, millisecond precision, UTC. */
  now(): Promise<Date>;
}

/** The machine's clock: for one-shot commands that have no store. */
export const systemClock: Clock = { now: async () => new Date() };

/** A clock that stands where it is set: for tests and for reports printed "as of" an instant. */
export function fixedClock(at: Date): Clock & { set(next: Date): void; advance(milliseconds: number): void } {
  let instant = at.getTime();
  return {
    now: async () => new Date(instant),
    set: (next) => {
      instant = next.getTime();
    },
    advance: (milliseconds) => {
      instant += milliseconds;
    },
  };
}
