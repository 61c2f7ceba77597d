/** A file that a letter carries. */
export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/**
 * One message to one recipient, composed and ready to go. Only strings and bytes: a channel knows no report, no run and
 * no database.
 */
export interface Letter {
  /** `<local@domain>`, stable per (run, recipient): a letter sent twice is recognised by it. */
  readonly messageId: string;
  /** Sender as configured, `Name <address>` or a bare address. */
  readonly from: string;
  /** The one address this copy goes to. */
  readonly recipient: string;
  /** Who is named in the headers; a hidden recipient is in neither. */
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: string | null;
  readonly date: Date;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly Attachment[];
  /** Shown inside the HTML part, which names it `cid:<cid>`. */
  readonly picture: (Attachment & { readonly cid: string }) | null;
  /** Further headers by name, e.g. `X-Broadsheet-Run`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What became of one attempt.
 * - `SENT`: the other side took responsibility for it.
 * - `REFUSED`: it said no for good; the same letter would be refused again.
 * - `RETRYING`: nothing was handed over, and a later attempt may succeed.
 * - `UNCERTAIN`: everything was sent and the answer never came: it may have arrived.
 */
export interface Outcome {
  readonly state: 'SENT' | 'REFUSED' | 'RETRYING' | 'UNCERTAIN';
  /** The other side's last answer, or what went wrong; one line, never a secret. */
  readonly response: string;
  /** When the other side (or we) named a pause before the next attempt. */
  readonly retryAfterMs?: number;
  /** The attempt was stopped by us (shutdown, cancel) and says nothing about the other side: it does not count. */
  readonly stopped?: boolean;
  /** It was refused for its size: a letter without its files may pass. */
  readonly tooLarge?: boolean;
}

/**
 * Asked once, and awaited, at the last moment before the letter itself leaves: connections, logins and refusals come
 * before it. Whoever asked has written down by then that the letter is on its way. `false`: somebody else has it, send
 * nothing. It may reject: nothing is sent then, either.
 */
export type HandOver = () => Promise<boolean>;

/** A way out of the house. Every kind has the same keys and stands in the one table that `openChannels` makes. */
export interface Channel {
  /** Where it goes, fit to be logged: no password. */
  readonly destination: string;
  /** Never throws: whatever happens is an outcome. Bounded in time; `signal` ends it early. */
  send(letter: Letter, signal: AbortSignal, handOver: HandOver): Promise<Outcome>;
}

/** The key of a channel, as the ledger keeps it. */
export type ChannelKind = 'email';

export type Channels = Readonly<Record<ChannelKind, Channel>>;
