import { method, globalFunction, type Overload } from '../overload.ts';
import { parseDuration, parseTimestamp, shiftToZone, splitTimestamp, toTimestamp } from '../time.ts';
import { Unknown, type Result, type Timestamp } from '../value.ts';

const NOT_TIME = new Unknown('the text is not an RFC 3339 time');
const NOT_DURATION = new Unknown('the text is not a duration such as 1h30m');
const NO_ZONE = new Unknown('the time zone is not known');
const DAY_MS = 86_400_000;

/** Fields of a moment: name, what it is, how it is read. Months and weekdays count from 0, as CEL has it. */
const FIELDS: readonly (readonly [name: string, doc: string, read: (date: Date, nanos: bigint) => number])[] = [
  ['getFullYear', 'year', (date) => date.getUTCFullYear()],
  ['getMonth', 'month, 0 is January', (date) => date.getUTCMonth()],
  ['getDate', 'day of the month from 1', (date) => date.getUTCDate()],
  ['getDayOfMonth', 'day of the month from 0', (date) => date.getUTCDate() - 1],
  ['getDayOfYear', 'day of the year from 0', dayOfYear],
  ['getDayOfWeek', 'weekday, 0 is Sunday', (date) => date.getUTCDay()],
  ['getHours', 'hour', (date) => date.getUTCHours()],
  ['getMinutes', 'minute', (date) => date.getUTCMinutes()],
  ['getSeconds', 'second', (date) => date.getUTCSeconds()],
  ['getMilliseconds', 'milliseconds of the second', (_, nanos) => Number(nanos / 1_000_000n)],
];

/** How durations are counted in whole units. */
const UNITS: readonly (readonly [name: string, doc: string, nanos: bigint])[] = [
  ['getHours', 'whole hours', 3_600_000_000_000n],
  ['getMinutes', 'whole minutes', 60_000_000_000n],
  ['getSeconds', 'whole seconds', 1_000_000_000n],
  ['getMilliseconds', 'whole milliseconds', 1_000_000n],
];

/** Timestamps and durations. There is no `now()`: an outcome depends on what was observed alone. */
export const timeFunctions: readonly Overload[] = [
  globalFunction(
    'timestamp',
    { params: ['string'], result: 'timestamp', doc: 'a time in RFC 3339' },
    (_, text) => parseTimestamp(text) ?? NOT_TIME,
  ),
  globalFunction(
    'timestamp',
    { params: ['int'], result: 'timestamp', doc: 'seconds since 1970' },
    (_, seconds) => toTimestamp(BigInt(seconds) * 1_000_000_000n) ?? NOT_TIME,
  ),
  globalFunction('timestamp', { params: ['timestamp'], result: 'timestamp', doc: 'itself' }, (_, value) => value),
  globalFunction(
    'duration',
    { params: ['string'], result: 'duration', doc: 'a duration such as `1h30m`' },
    (_, text) => parseDuration(text) ?? NOT_DURATION,
  ),
  globalFunction('duration', { params: ['duration'], result: 'duration', doc: 'itself' }, (_, value) => value),
  ...FIELDS.flatMap(([name, doc, read]) => [
    method('timestamp', name, { params: [], result: 'int', doc: `${doc}, in UTC` }, (_, value) => field(value, read)),
    method('timestamp', name, { params: ['string'], result: 'int', doc: `${doc}, in a time zone` }, (_, value, zone) =>
      field(value, read, zone),
    ),
  ]),
  ...UNITS.map(([name, doc, nanos]) =>
    method('duration', name, { params: [], result: 'int', doc }, (_, value) => Number(value.nanos / nanos)),
  ),
];

function field(value: Timestamp, read: (date: Date, nanos: bigint) => number, zone?: string): Result {
  const { date, nanos } = splitTimestamp(value);
  const shifted = zone === undefined ? date : shiftToZone(date, zone);
  return shifted ? read(shifted, nanos) : NO_ZONE;
}

function dayOfYear(date: Date): number {
  const start = new Date(date);
  start.setUTCMonth(0, 1);
  return Math.round((date.getTime() - start.getTime()) / DAY_MS);
}
