const formats = new Map<string, Intl.DateTimeFormat>();

/** `+08:00` of a zone at an instant; `Z` where it is UTC, as Java writes it. */
function offsetOf(at: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const offset = name.slice('GMT'.length);
  return offset === '' || offset === '+00:00' ? 'Z' : offset;
}

/**
 * An instant as OCP writes most of them: local time with its offset, trailing zeros of the milliseconds dropped
 * (`2021-08-25T15:09:31.74+08:00`, `2021-08-25T15:09:31+08:00`).
 */
export function localTime(at: Date, timeZone: string): string {
  const offset = offsetOf(at, timeZone);
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  const shift = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const local = new Date(at.getTime() + shift).toISOString().slice(0, -1);
  return `${local.replace(/\.?0+$/, '')}${offset}`;
}

/** Without fractions of a second: OCP's `createTime`s. */
export const localSeconds = (at: Date, timeZone: string): string =>
  localTime(new Date(Math.floor(at.getTime() / 1000) * 1000), timeZone);

/** As OCP writes snapshots' times: UTC with milliseconds, `2023-01-12T06:01:00.026Z`. */
export const utcTime = (at: Date): string => at.toISOString();
