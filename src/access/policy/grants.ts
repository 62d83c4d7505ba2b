import type { PrincipalContext } from '../../model/predicate.ts';
import type { Principal } from '../principal.ts';
import type { PolicySet } from './policy-set.ts';
import type { Grant } from './rule.ts';
import { subjectsOf } from './subject.ts';

/** Every rule that a principal has, by whatever binding and subject; one that it has twice is there twice. */
export function grantsOf(principal: Principal, context: PrincipalContext, set: PolicySet): readonly Grant[] {
  const grants: Grant[] = [];
  for (const subject of subjectsOf(principal, context)) {
    for (const binding of set.bindingsBySubject.get(subject) ?? []) {
      const role = set.roles.get(binding.role);
      for (const rule of role?.rules ?? []) if (role) grants.push({ rule, role, binding, subject });
    }
  }
  return grants;
}
