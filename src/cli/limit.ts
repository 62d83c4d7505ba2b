import { commandFailure } from './errors.ts';

/** Most items that a command prints. */
const MOST_ITEMS = 100_000;

/** Reads a `--limit`. @throws ARGUMENT_INVALID where it is no whole number up to 100,000 */
export function readLimit(limit: string): number {
  if (/^\d{1,6}$/.test(limit) && Number(limit) <= MOST_ITEMS) return Number(limit);
  const reason = `a whole number from 0 to ${MOST_ITEMS} is expected`;
  throw commandFailure('ARGUMENT_INVALID', { argument: '--limit', reason });
}
