/** One thing the service needs, and how it is. */
export interface Finding {
  readonly name: string;
  /** `warn`: it works, but not as well or as safely as it could. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it; never set when all is well. */
  readonly wayOut?: string;
}

export const ok = (name: string, message: string): Finding => ({ name, state: 'ok', message });

export const warn = (name: string, message: string, wayOut: string): Finding => ({
  name,
  state: 'warn',
  message,
  wayOut,
});

export const fail = (name: string, message: string, wayOut: string): Finding => ({
  name,
  state: 'fail',
  message,
  wayOut,
});
