import { messageOf } from '../errors.ts';
import type { Channel, HandOver, Letter, Outcome } from './channel.ts';
import { composeMessage, messageSize } from './compose.ts';
import { parseMailAddress } from './mail-address.ts';
import { createSlots } from './slots.ts';
import { dispatch } from './smtp-attempt.ts';
import { readRelay } from './smtp-url.ts';

/** Connections to the relay at once, per process: relays commonly admit ten to twenty from one host. */
const CONNECTIONS = 4;
/** The whole attempt, in waits for one answer: a relay that answers each command at the last moment is bounded too. */
const WAITS_PER_ATTEMPT = 5;

export interface EmailSettings {
  readonly smtpUrl: string;
  readonly sender: string;
  readonly timeoutMs: number;
}

/** E-mail through a relay. @throws BroadsheetError `bad_request` for a wrong SMTP_URL. */
export function openEmail(settings: EmailSettings): Channel {
  const relay = readRelay(settings.smtpUrl);
  const slots = createSlots(CONNECTIONS);
  const send = async (letter: Letter, signal: AbortSignal, handOver: HandOver): Promise<Outcome> => {
    const size = await messageSize(letter);
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs * WAITS_PER_ATTEMPT)]);
    const { timeoutMs, sender } = settings;
    const message = () => composeMessage(letter);
    return dispatch({ relay, timeoutMs, sender, recipient: letter.recipient, size, message, handOver }, bounded);
  };
  return {
    destination: relay.destination,
    send: async (letter, signal, handOver) => {
      if (!parseMailAddress(letter.recipient)) return { state: 'REFUSED', response: 'not a mail address' };
      let leave: (() => void) | null = null;
      try {
        leave = await slots.enter(signal);
        return await send(letter, signal, handOver);
      } catch (error) {
        return signal.aborted
          ? { state: 'RETRYING', response: 'stopped', stopped: true }
          : { state: 'RETRYING', response: messageOf(error) };
      } finally {
        leave?.();
      }
    },
  };
}
