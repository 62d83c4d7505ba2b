import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import type { PrincipalContext } from '../../model/predicate.ts';
import { GUEST } from '../authenticator.ts';
import type { Principal } from '../principal.ts';

/** Whoever is signed in, people and services. */
export const EVERYONE = 'everyone';

/** Whoever is not signed in, where guests are let in. */
export const GUESTS = 'guests';

/**
 * The canonical form of a subject as it is written: `everyone`, `guests`, `external:<subject>`, or the full ref of a
 * user, group or service.
 * @returns undefined where it is none of these
 */
export function canonicalSubject(written: string): string | undefined {
  const text = written.trim();
  if (text === EVERYONE || text === GUESTS) return text;
  if (/^external:\S+$/.test(text)) return text;
  const parts = /^(user|group|service):/i.test(text) ? parseEntityRef(text) : undefined;
  return parts && formatEntityRef(parts);
}

/** True for a subject that is one principal, and no group of them. */
export function isPrincipalSubject(subject: string): boolean {
  return /^(user|service|external):/.test(subject);
}

/** All subjects that a principal counts as: itself, its groups, and whoever is signed in or a guest. */
export function subjectsOf(principal: Principal, { claims }: PrincipalContext): ReadonlySet<string> {
  if (principal.kind === 'anonymous') return new Set();
  return new Set(claims).add(principal.ref).add(principal.kind === 'guest' ? GUESTS : EVERYONE);
}

/** The principal that a canonical ref names, as far as a policy asks: without a token's limits, or its provider's groups. */
export function principalNamed(ref: string): Principal {
  if (ref === GUEST.ref) return GUEST;
  return { kind: /^(service|external):/.test(ref) ? 'service' : 'user', ref };
}
