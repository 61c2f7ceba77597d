import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { BroadsheetError } from './errors.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals what is stored (AES-256-GCM) and signs what is handed out (HMAC-SHA256), both from one master key. */
export interface Secrets {
  /** Encrypt for storage. `context` (e.g. `source:<id>`) is bound in: a sealed value moved elsewhere does not open. */
  seal(plain: string, context: string): Buffer;
  /** @throws BroadsheetError `unavailable` when the key or the context is not the one it was sealed with. */
  open(sealed: Buffer, context: string): string;
  /** A URL-safe signature of `text`. */
  sign(text: string): string;
  /** Constant-time check of `signature`. */
  verify(text: string, signature: string): boolean;
}

/** @param masterKey 32 random bytes, from the environment or the key file. */
export function createSecrets(masterKey: Buffer): Secrets {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', masterKey, '', `broadsheet/${purpose}`, 32));
  const sealingKey = derive('seal');
  const signingKey = derive('sign');
  const sign = (text: string): string => createHmac('sha256', signingKey).update(text).digest('base64url');
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, context) => openSealed(sealingKey, sealed, context),
    sign,
    verify: (text, signature) => {
      const expected = Buffer.from(sign(text));
      const given = Buffer.from(signature);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}

function openSealed(key: Buffer, sealed: Buffer, context: string): string {
  try {
    if (sealed[0] !== VERSION) throw new Error('unknown version');
    const tagStart = 1 + NONCE_BYTES;
    const bodyStart = tagStart + TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, tagStart)).setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(tagStart, bodyStart));
    return Buffer.concat([decipher.update(sealed.subarray(bodyStart)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new BroadsheetError(
      'unavailable',
      'a stored secret cannot be opened: the secret key is not the one it was sealed with',
      undefined,
      { cause: error },
    );
  }
}
