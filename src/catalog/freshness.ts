import type { Lease } from '../model/fact.ts';

/**
 * How long what a source said counts as fresh. A watched source is fresh while it is watched; the lease is only for
 * when nobody looks any more, so it is long and seldom renewed: a healthy quiet hour writes nothing.
 */
export const LEASE_MS = 6 * 3_600_000;

/** The lease after a successful look, or `undefined` while the present one still does. */
export function renewedLease(
  key: { readonly collector: string; readonly source: string },
  present: Lease | undefined,
  now: number,
): Lease | undefined {
  const isGood = present !== undefined && present.error === undefined && present.expiresAt - now > LEASE_MS / 2;
  return isGood ? undefined : { ...key, lastSuccessAt: now, expiresAt: now + LEASE_MS };
}

/** The lease after a failed look, or `undefined` where the present one says the same. */
export function failedLease(
  key: { readonly collector: string; readonly source: string },
  present: Lease | undefined,
  now: number,
  error: string,
): Lease | undefined {
  if (present?.error === error) return undefined;
  return { ...key, lastSuccessAt: present?.lastSuccessAt ?? 0, expiresAt: present?.expiresAt ?? now, error };
}
