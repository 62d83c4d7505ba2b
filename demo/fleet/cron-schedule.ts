import { wholeSeconds } from './object-store.ts';

const MINUTE_MS = 60_000;
/** As far back is looked for a run that is due, minutes. */
const LONGEST_LOOK = 7 * 24 * 60;

/**
 * The last moment up to now at which a schedule is due.
 * @param schedule five fields of `*`, `*` with a step, numbers, ranges and lists of these, in UTC
 * @param since moments up to it do not count
 * @returns undefined where it was not due since then
 */
export function lastDue(schedule: string, since: Date, now: Date): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  const from = Math.floor(now.getTime() / MINUTE_MS);
  const end = Math.max(Math.floor(since.getTime() / MINUTE_MS), from - LONGEST_LOOK);
  for (let minute = from; minute > end; minute -= 1) {
    const time = new Date(minute * MINUTE_MS);
    const values = [
      time.getUTCMinutes(),
      time.getUTCHours(),
      time.getUTCDate(),
      time.getUTCMonth() + 1,
      time.getUTCDay(),
    ];
    if (values.every((value, at) => isMet(fields[at] ?? '*', value))) return wholeSeconds(time);
  }
  return undefined;
}

function isMet(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '*', step = '1'] = part.split('/');
    if (range === '*') return value % Number(step) === 0;
    const [first = '', last = first] = range.split('-');
    return value >= Number(first) && value <= Number(last) && (value - Number(first)) % Number(step) === 0;
  });
}
