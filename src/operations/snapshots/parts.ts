/** Kinds of tasks and steps of this noun, as they stand in the tables. */
export const SNAPSHOT_TASK = 'snapshot';
export const CAPTURE_SNAPSHOT = 'capture-snapshot';

/** Longest one capture may take. */
export const CAPTURE_TIMEOUT_SECONDS = 180;

const DAY_MS = 24 * 3_600_000;
/**
 * OCP's rule: a report that is ordered is of a day at most. Captures are not taken to the second, so that a day of hourly
 * snapshots may be a little longer than one: five minutes are forgiven.
 */
export const LONGEST_RANGE_MS = DAY_MS + 5 * 60_000;
/** OCP's rule: it begins within the last 30 days. */
export const OLDEST_START_MS = 30 * DAY_MS;
