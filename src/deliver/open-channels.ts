import { join } from 'node:path';
import type { Config } from '../config.ts';
import { BroadsheetError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Channels } from './channel.ts';
import { openEmail } from './email.ts';
import { openEmlFiles } from './eml-file.ts';
import { parseMailAddress } from './mail-address.ts';

/**
 * The table of channels that this configuration gives. Opens no connection yet.
 * @throws BroadsheetError `bad_request` when MAIL_FROM or SMTP_URL cannot be used.
 */
export function openChannels(
  config: Pick<Config, 'SMTP_URL' | 'MAIL_FROM' | 'MAIL_TIMEOUT_MS' | 'DATA_DIR'>,
  log: Log,
): Channels {
  const sender = parseMailAddress(config.MAIL_FROM);
  if (!sender) throw new BroadsheetError('bad_request', 'MAIL_FROM: an address, or Name <address>, expected');
  if (config.SMTP_URL === undefined) {
    const files = openEmlFiles(join(config.DATA_DIR, 'mail'));
    log.warn({ folder: files.destination }, 'no SMTP_URL: mails are not sent but written as .eml files');
    return { email: files };
  }
  const email = openEmail({ smtpUrl: config.SMTP_URL, sender: sender.address, timeoutMs: config.MAIL_TIMEOUT_MS });
  log.info({ relay: email.destination }, 'mails go to the relay');
  return { email };
}
