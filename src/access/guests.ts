import { accessError } from './errors.ts';
import { isLoopback } from './request-origin.ts';

/** Where people who are not signed in are let in, and whether anybody else can be. */
export interface GuestRules {
  /** Address that the server listens on. */
  readonly host: string;
  readonly guests: 'loopback' | 'everywhere' | 'never';
  /** True where a way to sign in, a policy, or somebody who may do all is configured. */
  readonly isAccessConfigured: boolean;
}

/**
 * Whether people who are not signed in are let in, as guests.
 * @throws GUESTS_EXPOSED where nobody but guests could come, all of whom may do everything, and they were to be let in on
 * loopback alone
 */
export function admitsGuests({ host, guests, isAccessConfigured }: GuestRules): boolean {
  if (guests !== 'loopback') return guests === 'everywhere';
  if (isLoopback(host)) return true;
  if (!isAccessConfigured) throw accessError('GUESTS_EXPOSED', { host });
  return false;
}
