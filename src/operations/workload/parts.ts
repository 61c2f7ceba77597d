import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { Draw } from '../runs/draw-in-threads.ts';

/** What making workload reports needs besides the context: made once by the composition root. */
export interface WorkloadParts {
  readonly blobs: BlobStore;
  readonly draw: Draw;
}

/** Kinds of tasks and steps of this noun, as they stand in the tables. */
export const WORKLOAD_TASK = 'workload-report';
export const GENERATE_WORKLOAD = 'generate-workload-report';
export const STORE_WORKLOAD = 'store-workload-report';

/** The kind of widget that is a cluster's workload report. */
export const WORKLOAD_KIND = 'workload';
