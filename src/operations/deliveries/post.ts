import type { Channels } from '../../deliver/channel.ts';
import type { DeliveryState } from '../../store/schema/runs.ts';

/**
 * What delivering needs besides the context: made once by the composition root, handed as `post` beside `ctx`.
 */
export interface Post {
  readonly channels: Channels;
  /**
   * The bytes of a document. Behind `rememberDocuments`, so that a thousand recipients of one document cost one read.
   * @throws BroadsheetError `not_found` when the document is gone.
   */
  readonly readDocument: (documentId: string, signal: AbortSignal) => Promise<Buffer>;
}

/** What `deliverOne` found or did: the ledger's state after it. */
export interface DeliveryResult {
  readonly deliveryId: string;
  readonly recipient: string;
  /** Never `PENDING` or `SENDING`. Only `RETRYING` wants another call, not before `retryAfterMs`. */
  readonly state: Exclude<DeliveryState, 'PENDING' | 'SENDING'>;
  readonly response: string;
  readonly attempts: number;
  /** Milliseconds to wait before the next call; null unless the state is `RETRYING`. */
  readonly retryAfterMs: number | null;
}

/** Why a run is worth a mail to the task's owner and the admins. */
export type NoticeCause = 'FAILED' | 'HELD' | 'UNCERTAIN' | 'REFUSED';
