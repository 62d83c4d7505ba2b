import { KIND, type Duration, type Timestamp } from './value.ts';

const SECOND = 1_000_000_000n;
const UNIT_NANOS: Readonly<Record<string, bigint>> = {
  h: 3600n * SECOND,
  m: 60n * SECOND,
  s: SECOND,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
};
/** The range of CEL's timestamps: the years 1 to 9999. */
const MIN_TIMESTAMP = BigInt(Date.parse('0001-01-01T00:00:00Z')) * 1_000_000n;
const MAX_TIMESTAMP = (BigInt(Date.parse('9999-12-31T23:59:59Z')) / 1000n + 1n) * SECOND - 1n;
/** The range of CEL's durations: about 10,000 years. */
const MAX_DURATION = 315_576_000_000n * SECOND;

/** A moment, undefined outside the years 1 to 9999. */
export function toTimestamp(nanos: bigint): Timestamp | undefined {
  return nanos < MIN_TIMESTAMP || nanos > MAX_TIMESTAMP ? undefined : { [KIND]: 'timestamp', nanos };
}

/** A length of time, undefined beyond 10,000 years. */
export function toDuration(nanos: bigint): Duration | undefined {
  return nanos < -MAX_DURATION || nanos > MAX_DURATION ? undefined : { [KIND]: 'duration', nanos };
}

/** Parses RFC 3339 with up to nine digits of a second. A date alone is none. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(
    text,
  );
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const asWritten = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!asWritten || minute > 59 || second > 59) return undefined;
  const offset = (match[8] === '-' ? -1n : 1n) * (BigInt(match[9] ?? 0) * 60n + BigInt(match[10] ?? 0)) * 60n;
  const seconds = BigInt(date.getTime()) / 1000n - offset;
  return toTimestamp(seconds * SECOND + BigInt((match[7] ?? '').padEnd(9, '0')));
}

/** Parses Go's durations, e.g. `1h30m`, `-1.5s`, `100ms`, `0`. */
export function parseDuration(text: string): Duration | undefined {
  if (text.length > 64 || !/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|ns))+)$/.test(text)) return undefined;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/(\d*)\.?(\d*)(h|ms|m|s|us|µs|ns)/g)) {
    const size = UNIT_NANOS[unit] ?? 0n;
    nanos += BigInt(whole) * size + (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return toDuration(text.startsWith('-') ? -nanos : nanos);
}

/** RFC 3339 in UTC with as many digits of a second as there are. */
export function timestampText(value: Timestamp): string {
  const { date, nanos } = splitTimestamp(value);
  const fraction = nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${date.toISOString().slice(0, 19)}${fraction}Z`;
}

/** Seconds with a fraction, e.g. `5400s`, `-0.5s`. */
export function durationText(value: Duration): string {
  const size = value.nanos < 0n ? -value.nanos : value.nanos;
  const rest = size % SECOND;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${value.nanos < 0n ? '-' : ''}${size / SECOND}${fraction}s`;
}

/** A moment as a date of whole seconds and the nanoseconds after it. */
export function splitTimestamp(value: Timestamp): { readonly date: Date; readonly nanos: bigint } {
  const nanos = ((value.nanos % SECOND) + SECOND) % SECOND;
  return { date: new Date(Number((value.nanos - nanos) / 1_000_000n)), nanos };
}

/**
 * The same moment as a date whose UTC fields read as the clock of a time zone does.
 *
 * @param zone an IANA name or an offset such as `+02:00` or `02:00`
 * @returns undefined for a zone that is not known
 */
export function shiftToZone(date: Date, zone: string): Date | undefined {
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(date.getTime() + (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  const format = zoneFormat(zone);
  if (!format) return undefined;
  const fields = new Map(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => fields.get(type));
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** Making a format takes about 50 µs. The zones of the world are some hundreds, so this is bounded. */
const zoneFormats = new Map<string, Intl.DateTimeFormat>();
const MAX_ZONE_FORMATS = 32;

function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  const known = zoneFormats.get(zone);
  if (known) return known;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone) || !isZone(zone)) return undefined;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (zoneFormats.size >= MAX_ZONE_FORMATS) zoneFormats.clear();
  zoneFormats.set(zone, made);
  return made;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
