import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { BroadsheetError } from '../../errors.ts';

interface Parameters {
  /** log2 of scrypt's N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** One of OWASP's equivalent choices of scrypt, the one of 32 MiB a check. */
const CURRENT: Parameters = { ln: 15, r: 8, p: 3 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const MOST_MEMORY = 256 * 1024 * 1024;
/** Checks at once: each takes memory and a thread of the pool that files and TLS need too. */
const AT_ONCE = 2;
/** Logins that may wait, some seconds of work; more are told to come again. Who was remembered does not wait. */
const MOST_WAITING = 40;
const RETRY_SECONDS = 5;

const STORED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/;
/** What a password is compared with where there is no user: takes as long, and matches nothing. */
const NOBODY = `$scrypt$ln=${CURRENT.ln},r=${CURRENT.r},p=${CURRENT.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** A password as it is stored: scrypt with its parameters and salt, `$scrypt$ln=15,r=8,p=3$salt$hash` (base64url). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, CURRENT);
  const { ln, r, p } = CURRENT;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

type Matches = (password: string, stored: string | null) => Promise<boolean>;

/** Checks passwords, few at once, and few that wait for it. */
export interface PasswordChecks {
  /**
   * Do what a try to log in takes. `matches` is constant-time, and as slow for `stored` null (no such user, or no
   * password) as for any other.
   * @throws BroadsheetError `unavailable` with `detail.retry_after`, at once, when too many wait already.
   */
  admitted<T>(work: (matches: Matches) => Promise<T>): Promise<T>;
}

export function createPasswordChecks(): PasswordChecks {
  let admitted = 0;
  let working = 0;
  const waiting: (() => void)[] = [];
  const matches: Matches = async (password, stored) => {
    if (working >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else working += 1;
    try {
      return await compare(password, stored ?? NOBODY);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else working -= 1;
    }
  };
  return {
    admitted: async (work) => {
      if (admitted >= AT_ONCE + MOST_WAITING) {
        const detail = { rule: 'logins_busy', retry_after: RETRY_SECONDS };
        throw new BroadsheetError('unavailable', 'too many logins at once', detail);
      }
      admitted += 1;
      try {
        return await work(matches);
      } finally {
        admitted -= 1;
      }
    },
  };
}

async function compare(password: string, stored: string): Promise<boolean> {
  const [, ln, r, p, salt = '', hash = ''] = STORED.exec(stored) ?? [];
  if (hash === '') return false;
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), { ln: Number(ln), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function derive(password: string, salt: Buffer, { ln, r, p }: Parameters): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = { N: 2 ** ln, r, p, maxmem: MOST_MEMORY };
  scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  return promise;
}
