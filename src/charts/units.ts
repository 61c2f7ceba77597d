/** What a number counts: decides how it is shortened and where axis ticks stand. */
export type Unit = 'bytes' | 'percent' | 'ratio' | 'ms' | 's' | 'per-second' | { readonly suffix: string };
