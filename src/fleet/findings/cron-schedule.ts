/** A schedule is looked back on for this long at most, days: rarer ones are never said to be missed. */
const MOST_DAYS = 400;
const MINUTE = 60_000;
const DAY = 86_400_000;

const named: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Where both are limited, one of them is enough: as cron has always had it. */
  readonly isEitherDay: boolean;
}

/** When schedules were last due: thousands of CronJobs of a fleet share some hundred, and a minute. */
export class DueTimes {
  #minute = -1;
  readonly #known = new Map<string, number | undefined>();

  /** As `lastDue`. */
  of(text: string, now: number): number | undefined {
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.#minute) this.#known.clear();
    this.#minute = minute;
    if (this.#known.has(text)) return this.#known.get(text);
    const due = lastDue(text, now);
    this.#known.set(text, due);
    return due;
  }
}

/**
 * When a schedule of a CronJob was last due.
 * @param text five fields, or `@hourly` and the like, with a time zone behind them where it has one
 * @param now ms since 1970
 * @returns ms since 1970; undefined: never within a year, or it cannot be read (as `@every`, which depends on when it began)
 */
export function lastDue(text: string, now: number): number | undefined {
  const words = text.trim().split(/\s+/);
  const fields = words[0]?.startsWith('@') ? (named[words[0]]?.split(' ') ?? []) : words.slice(0, 5);
  const zone = words[0]?.startsWith('@') ? words[1] : words[5];
  const schedule = parse(fields);
  const offset = offsetOf(zone, now);
  if (schedule === undefined || offset === undefined) return undefined;
  const local = now + offset;
  for (let back = 0; back < MOST_DAYS; back += 1) {
    const start = Math.floor(local / DAY) * DAY - back * DAY;
    if (!isDay(schedule, new Date(start))) continue;
    const due = lastOfDay(schedule, back === 0 ? Math.floor((local - start) / MINUTE) : 24 * 60 - 1);
    if (due !== undefined) return start + due * MINUTE - offset;
  }
  return undefined;
}

function isDay(schedule: Schedule, date: Date): boolean {
  if (!schedule.months.has(date.getUTCMonth() + 1)) return false;
  const isOfMonth = schedule.days.has(date.getUTCDate());
  const isOfWeek = schedule.weekdays.has(date.getUTCDay());
  return schedule.isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}

/** The last minute of a day that is due, up to one. */
function lastOfDay({ hours, minutes }: Schedule, upTo: number): number | undefined {
  for (let hour = Math.floor(upTo / 60); hour >= 0; hour -= 1) {
    if (!hours.has(hour)) continue;
    const most = hour === Math.floor(upTo / 60) ? upTo % 60 : 59;
    for (let minute = most; minute >= 0; minute -= 1) if (minutes.has(minute)) return hour * 60 + minute;
  }
  return undefined;
}

function parse(fields: readonly string[]): Schedule | undefined {
  const [minute, hour, day, month, weekday] = fields;
  if (weekday === undefined || fields.length !== 5) return undefined;
  const weekly = parseField(weekday, 0, 7, weekdays);
  const sets = {
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, ['', ...months]),
  };
  const { minutes, hours, days } = sets;
  if (!minutes || !hours || !days || !sets.months || !weekly) return undefined;
  if (weekly.has(7)) weekly.add(0);
  const isEitherDay = !isAny(day) && !isAny(weekday);
  return { minutes, hours, days, months: sets.months, weekdays: weekly, isEitherDay };
}

const isAny = (field: string | undefined): boolean => field?.startsWith('*') === true || field === '?';

function parseField(
  field: string | undefined,
  least: number,
  most: number,
  names: readonly string[] = [],
): Set<number> | undefined {
  const numberOf = (word: string): number => {
    const at = names.indexOf(word.toLowerCase());
    return at >= 0 && word !== '' ? at : /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  };
  const found = new Set<number>();
  for (const part of field?.split(',') ?? []) {
    const [range = '', every] = part.split('/');
    const [from = '', to] = range.split('-');
    const step = every === undefined ? 1 : Number(every);
    const first = isAny(range) ? least : numberOf(from);
    const last = isAny(range) ? most : to !== undefined ? numberOf(to) : every === undefined ? first : most;
    if (!(first >= least && last <= most && first <= last && Number.isInteger(step) && step > 0)) return undefined;
    for (let value = first; value <= last; value += step) found.add(value);
  }
  return found.size === 0 ? undefined : found;
}

/** What a time zone is ahead of UTC, ms; undefined for one that nobody knows. A change of summer time within the look back is not seen. */
function offsetOf(zone: string | undefined, now: number): number | undefined {
  if (zone === undefined || zone === 'UTC' || zone === 'Etc/UTC') return 0;
  try {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(now);
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const found = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text);
    if (found === null) return undefined;
    const size = (Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0)) * MINUTE;
    return found[1] === '-' ? -size : size;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
