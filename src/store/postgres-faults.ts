import { DatabaseError } from 'pg';
import { CallboardError, errorMessage } from '../base/errors.ts';
import { storeError } from './errors.ts';

/** Deadlock and serialization failure: the transaction was rolled back and may be run again. */
const LOST_RACE_CODES: ReadonlySet<string> = new Set(['40P01', '40001']);

/**
 * Classes of errors that pass when the server recovers: connection (08), resources (53), intervention by an
 * administrator or a timeout (57), a lock not granted in time (55P03), an idle transaction ended (25P03), and a primary
 * that became read-only (25006).
 */
const PASSING = /^(08|53|57|55P03|25P03|25006)/;

/** True when another transaction won and this one may be run again. */
export function isLostRace(error: unknown): boolean {
  return error instanceof DatabaseError && error.code !== undefined && LOST_RACE_CODES.has(error.code);
}

/** True when the connection must not be used again: the fault is not the server's answer to a statement. */
export function isBroken(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.severity === 'FATAL' || error.severity === 'PANIC';
  // A timeout on our side leaves a statement running whose answer would be taken for that of the next one.
  return error instanceof Error && /timeout|terminated|ECONN|EPIPE|connection/i.test(error.message);
}

/** What `pg` threw, as a coded error. Messages of the server hold no password. */
export function postgresFault(error: unknown): CallboardError {
  if (error instanceof CallboardError) return error;
  const reason = reasonOf(error);
  const passing = error instanceof DatabaseError ? PASSING.test(error.code ?? '') : isNetworkFault(error);
  return storeError(passing ? 'STORE_UNAVAILABLE' : 'STORE_FAILED', { reason }, error);
}

function isNetworkFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return isBroken(error) || ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code));
}

/** An AggregateError (several addresses tried) has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorMessage).join('; ');
  return errorMessage(error);
}
