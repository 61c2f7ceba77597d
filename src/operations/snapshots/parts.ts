/** Kinds of tasks and steps of this noun, as they stand in the tables. */
export const SNAPSHOT_TASK = 'snapshot';
export const CAPTURE_SNAPSHOT = 'capture-snapshot';

/** Longest one capture may take. */
export const CAPTURE_TIMEOUT_SECONDS = 180;
