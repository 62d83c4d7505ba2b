import type { View } from '../../graph/view.ts';
import { GUEST } from '../authenticator.ts';
import type { Principal } from '../principal.ts';
import type { PolicySet } from './policy-set.ts';
import { isPrincipalSubject, principalNamed } from './subject.ts';

/** Users of the catalog that are looked at. */
const MOST_USERS = 100_000;

/** Somebody who has a session or a token. */
export interface SeenPrincipal {
  /** Canonical ref. */
  readonly principal: string;
  /** Canonical refs of the groups that the sign-in provider named. */
  readonly groups?: readonly string[] | undefined;
}

/**
 * Everybody that a policy may speak of: users of the catalog, whoever is signed in or has a token, whoever a binding
 * names, and guests.
 *
 * @param everything a view that sees all
 */
export function knownPrincipals(
  everything: View,
  seen: Iterable<SeenPrincipal>,
  sets: readonly PolicySet[],
): readonly Principal[] {
  const principals = new Map<string, Principal>([[GUEST.ref, GUEST]]);
  const users = everything.list({ where: { op: 'field', key: 'kind', values: ['user'] }, limit: MOST_USERS });
  for (const id of users.ids) add(principals, everything.refOf(id));
  for (const { principal, groups } of seen) add(principals, principal, groups);
  for (const { bindingsBySubject } of sets) {
    for (const subject of bindingsBySubject.keys()) if (isPrincipalSubject(subject)) add(principals, subject);
  }
  return [...principals.values()];
}

function add(principals: Map<string, Principal>, ref: string, groups: readonly string[] = []): void {
  const known = principals.get(ref) ?? principalNamed(ref);
  principals.set(ref, groups.length === 0 ? known : { ...known, groups });
}
